"""An account on every network that the common faults are played to: what a Grant would have kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posts.networks.base import Account

SECRET = "Zm9yLXRlc3RzLW9ubHk"  # part of every key here: it may stand in no log, and in no sentence


@dataclass(frozen=True)
class Kept:
    remote_id: str
    credentials: Mapping[str, str]
    handle: str = "atelier"
    scheme: str = "http"
    # Whether the first request already publishes: then an answer that got lost leaves doubt.
    at_once: bool = True
    # What a yes without any words is worth: to a webhook, all.
    takes_a_bare_yes: bool = False

    def account(self, url: str, deadline: float) -> Account:
        address = url.replace("http", self.scheme, 1)
        return Account(address, self.handle, self.remote_id, self.credentials, deadline=deadline)


ACCOUNTS = {
    "bluesky": Kept("did:plc:abcdefghijklmnopqrstuvwx", {"access_token": SECRET}),
    "mastodon": Kept("1", {"access_token": SECRET}),
    "telegram": Kept("-1001234567890", {"token": f"110201543:{SECRET}"}),
    "discord": Kept("199737254929760257", {"token": f"MTk4.{SECRET}", "channel": "199737254929760257"}),
    "slack": Kept("C0NEWS", {"access_token": f"xoxb-{SECRET}"}),
    "webhook": Kept("1", {"secret": f"whsec_{SECRET}AAAAAAAAAAAAAAAAA", "path": "/take"}, takes_a_bare_yes=True),
    "x": Kept("2244994945", {"access_token": SECRET}),
    "linkedin": Kept("urn:li:person:abc-1", {"access_token": SECRET}),
    "linkedin_page": Kept("urn:li:organization:5583111", {"access_token": SECRET}),
    "facebook": Kept("104", {"access_token": SECRET, "user_token": SECRET}),
    "threads": Kept("31415926535", {"access_token": SECRET}, at_once=False),
    "google_chat": Kept("spaces/AAQA", {"key": f"AIza{SECRET}", "token": SECRET}),
    "nostr": Kept(
        "", {"key": "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"}, scheme="ws", at_once=False
    ),
}
