"""Every network that a real server, or somebody else's, stands in for: how it is started.

To add one: its package in package.json or requirements.in and their locks renewed (`npm install
--package-lock-only` here, `python3 dev.py lock`), one file beside this with a `Server`, one line below. A test in
tests/real_networks asks the fixture `network` for its address; it starts when the first test asks.
"""

from tests.servers.networks.mastodon import MASTODON
from tests.servers.networks.nostr import NOSTR
from tests.servers.networks.pds import PDS
from tests.servers.networks.slack import SLACK

SERVERS = {"bluesky": PDS, "mastodon": MASTODON, "nostr": NOSTR, "slack": SLACK}
