"""Every network that Refrain speaks to, by the slug that channels are stored with."""

from posts.networks.base import Connector
from posts.networks.discord import Discord
from posts.networks.nostr import Nostr
from posts.networks.sandbox import Sandbox, SandboxReading, SandboxSilent
from posts.networks.slack import Slack
from posts.networks.telegram import Telegram
from posts.networks.webhook import Webhook

NETWORKS: dict[str, Connector] = {
    Sandbox.slug: Sandbox(),
    SandboxReading.slug: SandboxReading(),
    SandboxSilent.slug: SandboxSilent(),
    Telegram.slug: Telegram(),
    Discord.slug: Discord(),
    Slack.slug: Slack(),
    Nostr.slug: Nostr(),
    Webhook.slug: Webhook(),
}

# Built in, so that they need no account anywhere and their posts can be shown inside.
SANDBOXES: dict[str, Sandbox] = {slug: one for slug, one in NETWORKS.items() if isinstance(one, Sandbox)}
