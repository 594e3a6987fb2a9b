"""Nostr: a signed event is told to several relays. The moment of the first attempt makes its id: it is one post.

After https://github.com/nostr-protocol/nips: 11.md seen whole on 21 November 2026 (8,196 is the `max_content_length`
of its example), 01, 10, 18 and 92 in excerpts. Ten files and 1,000 characters of a description rest on nothing but
our judgement.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from notices.sentences import Sentence, say
from posts.networks import bech32, client
from posts.networks.access import Field, Grant, TakesKeys, Told
from posts.networks.base import (
    Absent,
    Account,
    Connector,
    Found,
    Limits,
    MediaLimits,
    Message,
    Proof,
    Reactions,
    Receipt,
    Refused,
    SendError,
    Unknown,
)
from posts.networks.nostr_event import (
    CLIENT,
    DELETION,
    NOTE,
    PROFILE,
    REACTION,
    REPOST,
    Key,
    content_of,
    key_of,
    tags_of,
)
from posts.networks.nostr_relays import NAME, Event, collected, spread
from posts.networks.takes import must_take
from posts.networks.thread import find_parts, send_parts

FILES, PARTS, MOST_EVENTS = 10, 25, 500
CONNECTING = 20.0
SHOWN_AT = "https://njump.me/"
CREATED = "created_at"


class Nostr(Connector, TakesKeys):
    """Published when one relay has taken it. Sent again, it is the same event: a relay says `duplicate`."""

    slug = "nostr"
    name = NAME
    icon = "nostr"
    limits = Limits(
        max_length=8196,  # the example of NIP-11; each relay has its own and tells it
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=1,
        source="https://github.com/nostr-protocol/nips (01, 10, 11, 18, 92)",
        checked=date(2026, 11, 21),
        media=MediaLimits(
            images=FILES,
            image_types=("image/jpeg", "image/png", "image/webp"),
            alt_length=1000,
            gifs=FILES,
            videos=FILES,
            mixed=True,
            fetched=True,
        ),
        parts=PARTS,
    )
    proof = Proof.BY_KEY
    settle_after = 5.0
    resend_with_key = True
    reposts = True
    measures = frozenset({"likes", "reposts", "replies"})

    fields = (
        Field("key", say("Secret key").text, say("It begins with nsec1.").text, secret=True, placeholder="nsec1…"),
        Field(
            "relays",
            say("Relays").text,
            say("Addresses with spaces between them. A post is out when one of them has taken it.").text,
            placeholder="wss://relay.damus.io wss://nos.lol",
        ),
    )
    steps = (
        say("In your Nostr app, open Keys, and copy the secret key. Whoever has it can post as you.").text,
        say("Choose relays that your followers read, for example the ones in your app's settings.").text,
    )
    console = "https://nostr.com"

    def length(self, text: str) -> int:
        return len(text)  # NIP-11: max_content_length counts Unicode characters

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        key = key_of(typed.get("key", "").strip())
        relays = re.split(r"[\s,]+", (typed.get("relays") or typed.get("server") or "").strip())
        kept = {"key": key.secret.hex(), "relays": " ".join(relays)}
        account = Account(relays[0], key.npub, key.public, kept, CONNECTING)
        profiles = collected(account, {"kinds": [PROFILE], "authors": [key.public], "limit": 1})
        name = _name_in(profiles) or f"{key.npub[:12]}…"
        return [Grant(key.public, key.npub, name, kept, relays[0], url=SHOWN_AT + key.npub)]

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        key, created = _key(account), _fixed(message)
        if message.repost_of:
            return _sent(account, _repost(account, key, message.repost_of, created))

        def send(place: int, text: str, before: Sequence[Receipt]) -> Receipt:
            return _sent(account, _note(account, key, message, place, text, before, created))

        return send_parts(message, send)[0]

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        created = int(message.steps.kept(CREATED) or message.since.timestamp())
        harmless = message.steps.kept(CREATED) is not None  # to send again: it will have the same id

        def look(place: int, text: str, before: Sequence[Receipt]) -> Receipt | None:
            wanted = _note(account, _key(account), message, place, text, before, created)
            found = collected(account, {"ids": [wanted["id"]]}, all_of_them=not harmless)
            return _receipt(wanted) if wanted["id"] in found else None

        try:
            if message.repost_of:
                wanted = _repost(account, _key(account), message.repost_of, created)
                found = collected(account, {"ids": [wanted["id"]]}, all_of_them=not harmless)
                return Found(_receipt(wanted)) if wanted["id"] in found else Absent()
            outcome = find_parts(message, look)
            return Found(Receipt(*_first(outcome.receipt))) if isinstance(outcome, Found) else outcome
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        wanted = list(remote_ids)
        if not wanted:
            return {}
        about = {"#e": wanted, "kinds": [NOTE, REPOST, REACTION], "limit": MOST_EVENTS}
        events = collected(account, {"ids": wanted}, about)
        own = _key(account).public
        return {one: _reactions(one, own, events.values()) for one in wanted if one in events}

    def delete(self, account: Account, remote_id: str) -> None:
        key = _key(account)
        answers = {"#e": [remote_id], "authors": [key.public], "kinds": [NOTE]}
        parts = [one for one, event in collected(account, answers).items() if CLIENT in event["tags"]]
        tags = [*(["e", one] for one in (remote_id, *parts)), ["k", str(NOTE)]]
        spread(account, key.event(DELETION, "", tags, int(datetime.now(UTC).timestamp())))

    def told(self, account: Account) -> Told:
        """What the first relay says of itself (NIP-11)."""
        address = "http" + account.base_url.removeprefix("ws")
        headers = {"Accept": "application/nostr+json"}
        answer = client.request(NAME, "GET", address, deadline=account.deadline, until=account.until, headers=headers)
        match client.accepted(answer).json():
            case {"limitation": {"max_content_length": int() as most}} if most > 0:
                return Told(max_length=most)
        return Told()


def _key(account: Account) -> Key:
    return key_of(account.credentials.get("key", ""))


def _fixed(message: Message) -> int:
    """The moment of the first attempt, kept before anything leaves: every further attempt makes the same event."""
    if kept := message.steps.kept(CREATED):
        return int(kept)
    created = int(message.since.timestamp())
    message.steps.keep(CREATED, str(created))
    return created


def _note(
    account: Account, key: Key, message: Message, place: int, text: str, before: Sequence[Receipt], created: int
) -> Event:
    """The posts of a thread answer one another (NIP-10), and each is a second younger than the one before."""
    media = message.media if place == 0 else ()
    thread = []
    if before:
        relay = account.base_url
        marked = [["e", before[0].remote_id, relay, "root"], ["e", before[-1].remote_id, relay, "reply"]]
        thread = [*marked[: min(len(before), 2)], ["p", key.public]]
    return key.event(NOTE, content_of(text, media), [*thread, *tags_of(text, media)], created + place)


def _repost(account: Account, key: Key, remote_id: str, created: int) -> Event:
    """NIP-18: with the whole event inside, for those whose relays do not have it."""
    original = collected(account, {"ids": [remote_id]}).get(remote_id)
    if original is None:
        raise Refused(say("The earlier post is gone, so it cannot be shared again."))
    tags = [["e", remote_id, account.base_url], ["p", original["pubkey"]]]
    return key.event(REPOST, json.dumps(original, ensure_ascii=False, sort_keys=True), tags, created)


def _reactions(remote_id: str, own: str, events: Iterable[Event]) -> Reactions:
    """A minus is the opposite of a like (NIP-25); our own further posts are no replies."""
    about = [event for event in events if any(tag[:2] == ["e", remote_id] for tag in event["tags"])]
    return Reactions(
        likes=sum(event["kind"] == REACTION and event.get("content") != "-" for event in about),
        reposts=sum(event["kind"] == REPOST for event in about),
        replies=sum(event["kind"] == NOTE and event["pubkey"] != own for event in about),
    )


def _name_in(profiles: Mapping[str, Event]) -> str:
    for event in profiles.values():
        try:
            told = json.loads(event.get("content", ""))
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(told, dict) and (name := told.get("display_name") or told.get("name")):
            return str(name)[:100]
    return ""


def _sent(account: Account, event: Event) -> Receipt:
    return _receipt(event, spread(account, event))


def _first(receipt: Receipt) -> tuple[str, str]:
    return receipt.remote_id.partition(",")[0], receipt.url


def _receipt(event: Event, note: Sentence | None = None) -> Receipt:
    return Receipt(event["id"], SHOWN_AT + bech32.encode("note", bytes.fromhex(event["id"])), note)
