"""Every network that Refrain speaks to, by the slug that channels are stored with."""

from posts.networks.base import Connector
from posts.networks.bluesky import Bluesky
from posts.networks.discord import Discord
from posts.networks.facebook import Facebook
from posts.networks.google_chat import GoogleChat
from posts.networks.instagram import Instagram
from posts.networks.linkedin import LinkedIn, LinkedInPage
from posts.networks.mastodon import Mastodon
from posts.networks.nostr import Nostr
from posts.networks.sandbox import Sandbox, SandboxReading, SandboxSilent
from posts.networks.slack import Slack
from posts.networks.telegram import Telegram
from posts.networks.threads import Threads
from posts.networks.webhook import Webhook
from posts.networks.x import X

NETWORKS: dict[str, Connector] = {
    Sandbox.slug: Sandbox(),
    SandboxReading.slug: SandboxReading(),
    SandboxSilent.slug: SandboxSilent(),
    Bluesky.slug: Bluesky(),
    Mastodon.slug: Mastodon(),
    Telegram.slug: Telegram(),
    X.slug: X(),
    LinkedIn.slug: LinkedIn(),
    LinkedInPage.slug: LinkedInPage(),
    Facebook.slug: Facebook(),
    Instagram.slug: Instagram(),
    Threads.slug: Threads(),
    Discord.slug: Discord(),
    Slack.slug: Slack(),
    Nostr.slug: Nostr(),
    Webhook.slug: Webhook(),
    GoogleChat.slug: GoogleChat(),
}

# Built in, so that they need no account anywhere and their posts can be shown inside.
SANDBOXES: dict[str, Sandbox] = {slug: one for slug, one in NETWORKS.items() if isinstance(one, Sandbox)}
