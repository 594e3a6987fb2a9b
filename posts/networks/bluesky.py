"""Bluesky, and every other server of the AT Protocol: records under keys of our own, so that none is written twice.

Tried against Bluesky's own server (tests/real_networks), which holds to 300 graphemes, 3,000 bytes and the size of a
picture. That a film's description is shorter stands in the lexicons of github.com/bluesky-social/atproto
(embed/video.json in an older version, which took 50 MB). The day's posts are
https://docs.bsky.app/docs/advanced-guides/rate-limits, seen in excerpts on 21 November 2026; 2,000 characters of a
description and the parts of a thread rest on nothing but our judgement.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from notices.sentences import say
from posts.networks import client
from posts.networks.base import (
    Absent,
    Account,
    Connector,
    Found,
    Limits,
    MediaLimits,
    Message,
    NotSent,
    Proof,
    Reactions,
    Receipt,
    Refused,
    SendError,
    Unknown,
)
from posts.networks.bluesky_access import BlueskyAccess
from posts.networks.counting import graphemes
from posts.networks.facets import facets
from posts.networks.parcel import Attachment, Kind
from posts.networks.takes import must_take
from posts.networks.thread import find_parts, joined, parts_of, send_parts
from posts.networks.xrpc import NAME, Caller, accepted, error_name

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
LENGTH, BYTES = 300, 3000  # of app.bsky.feed.post#text
FILM_ALT = 1000  # graphemes, app.bsky.embed.video#main; of a picture it names no limit
AT_ONCE = 25  # posts of one question, app.bsky.feed.getPosts
_TID_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"


class Bluesky(BlueskyAccess, Connector):
    """A record is put under a key that follows from the publication's own, and only where nothing stands yet.

    So the same publication can be sent again at any time: what is there already is taken for what it is.
    """

    slug = "bluesky"
    name = NAME
    icon = "bluesky"
    address = "https://bsky.social"
    limits = Limits(
        max_length=LENGTH,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=2,
        source="https://docs.bsky.app/docs/advanced-guides/rate-limits and the lexicons of app.bsky",
        checked=date(2026, 11, 21),
        per_24h=11_666,
        parts=10,
        media=MediaLimits(
            images=4,
            image_types=("image/jpeg", "image/png", "image/webp"),
            image_bytes=1_000_000,  # newer servers take twice as much
            longest_side=4000,
            alt_length=2000,
            videos=1,
            video_bytes=100_000_000,
            video_seconds=180.0,
        ),
    )
    proof = Proof.BY_KEY
    settle_after = 5.0
    resend_with_key = True
    reposts = True
    measures = frozenset({"likes", "reposts", "replies"})

    def length(self, text: str) -> int:
        """Graphemes, or a tenth of the bytes where that is more: it takes 300 of the one and 3,000 of the other."""
        return max(graphemes(text), -(-len(text.encode("utf-8", "surrogatepass")) // (BYTES // LENGTH)))

    def publish(self, account: Account, message: Message) -> Receipt:
        caller = Caller.of(account)
        if message.repost_of:
            return _share(caller, message)
        self._must_take(message)

        def send(place: int, text: str, done: Sequence[Receipt]) -> Receipt:
            record = _record(caller, message, text) | _reply(caller, done)
            if place == 0 and (embed := _embed(caller, message)):
                record["embed"] = embed
            return _receipt(_put(caller, POST, rkey(message, place), record))

        return joined(send_parts(message, send))

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        """Of a thread: whether all of it is out. What is, is kept, so that it goes on from there."""
        caller = Caller.of(account)
        collection = REPOST if message.repost_of else POST

        def look(place: int, text: str, done: Sequence[Receipt]) -> Receipt | None:
            there = _there(caller, collection, rkey(message, place))
            return _receipt(there, message.repost_of) if there else None

        try:
            return find_parts(message, look)
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        ids = {parts_of(remote_id)[0]: remote_id for remote_id in remote_ids}
        found = {}
        for start in range(0, len(ids), AT_ONCE):
            query = "&".join(f"uris={uri}" for uri in list(ids)[start : start + AT_ONCE])
            told = accepted(Caller.of(account).ask(f"app.bsky.feed.getPosts?{query}")).json()
            for post in _list(told, "posts"):
                if (uri := str(post.get("uri"))) in ids:
                    found[ids[uri]] = _reactions(post)
        return found

    def delete(self, account: Account, remote_id: str) -> None:
        """Of a thread all parts, the last first."""
        caller = Caller.of(account)
        for uri in reversed(parts_of(remote_id)):
            accepted(_delete(caller, *_place(uri)))

    def _must_take(self, message: Message) -> None:
        """Raises Refused for what would be turned away; nothing has left yet."""
        texts = (message.text, *message.rest)
        if any(self.length(text) > LENGTH for text in texts):
            raise Refused(say("{network} takes {most} characters in one post.", network=NAME, most=LENGTH))
        if any("\ud800" <= sign <= "\udfff" for text in texts for sign in text):
            raise Refused(say("This text holds half a character, which no network can show."))
        must_take(NAME, self.limits, message)
        for file in message.media:
            if file.kind is Kind.VIDEO and (length := graphemes(file.alt)) > FILM_ALT:
                raise Refused(
                    say(
                        "The description of “{name}” has {length} characters; {network} takes {most}.",
                        name=file.name, length=length, network=NAME, most=FILM_ALT,
                    )
                )  # fmt: skip


def rkey(message: Message, place: int = 0) -> str:
    """A record key that is the same for every attempt at this part, in every copy of our database.

    It has to be a TID: 53 bits of microseconds and 10 more, in base 32. The minute is the one that the publication was
    due in, so that keys stand in the order of time; where in that minute, and the ten bits, follow from our key.
    """
    minute = int((message.due or message.since).timestamp()) // 60
    digest = int.from_bytes(hashlib.sha256(message.key.encode()).digest()[:8], "big")
    number = (minute * 60_000_000 + digest % 59_000_000 + place) << 10 | digest >> 54
    return "".join(_TID_SIGNS[number >> 5 * sign & 31] for sign in range(12, -1, -1))


def _record(caller: Caller, message: Message, text: str) -> dict[str, Any]:
    record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": _moment(message.since)}
    if message.language:
        record["langs"] = [message.language]
    if found := facets(text, lambda handle: _did_of(caller, handle)):
        record["facets"] = found
    return record


def _did_of(caller: Caller, handle: str) -> str | None:
    answer = caller.ask("com.atproto.identity.resolveHandle", {"handle": handle})
    if answer.status in (400, 404) and error_name(answer) in ("InvalidRequest", "HandleNotFound", "NotFound"):
        return None  # nobody is called that
    match accepted(answer).json():
        case {"did": str() as did} if did.startswith("did:"):
            return did
    return None


def _embed(caller: Caller, message: Message) -> dict[str, Any] | None:
    """Pictures, or a video, or the card of a link: a post has room for one of them, and files come first."""
    if message.media and message.media[0].kind is Kind.VIDEO:
        (video,) = message.media
        blob = caller.upload(video.read(), video.mime)
        return {"$type": "app.bsky.embed.video", "video": blob, "alt": video.alt, **_shape(video)}
    if message.media:
        images = [
            {"image": caller.upload(one.read(), one.mime), "alt": one.alt, **_shape(one)} for one in message.media
        ]
        return {"$type": "app.bsky.embed.images", "images": images}
    if message.card:
        card = message.card
        external = {"uri": card.url, "title": card.title, "description": card.description}
        if card.image:
            external["thumb"] = caller.upload(card.image.read(), card.image.mime)  # type: ignore[assignment]
        return {"$type": "app.bsky.embed.external", "external": external}
    return None


def _shape(one: Attachment) -> dict[str, Any]:
    known = one.width > 0 and one.height > 0
    return {"aspectRatio": {"width": one.width, "height": one.height}} if known else {}


def _reply(caller: Caller, done: Sequence[Receipt]) -> dict[str, Any]:
    """The first and the last of what is out already; their hashes are read back."""
    if not done:
        return {}
    ends = [_there(caller, *_place(one.remote_id)) for one in (done[0], done[-1])]
    if None in ends:
        raise Refused(say("The post before it is gone, so the thread cannot go on."))
    return {"reply": {"root": ends[0], "parent": ends[1]}}


def _share(caller: Caller, message: Message) -> Receipt:
    """Sharing again what was shared before shows nothing new, so what is left of that is taken back first."""
    collection, key = _place(parts_of(message.repost_of)[0])
    subject = _there(caller, collection, key)
    if subject is None:
        raise Refused(say("The earlier post is gone, so it cannot be shared again."))
    mine = rkey(message)
    listed = caller.ask(
        "com.atproto.repo.listRecords", {"repo": caller.account.remote_id, "collection": REPOST, "limit": "100"}
    )
    for one in _list(accepted(listed).json(), "records"):
        place = str(one.get("uri")).rpartition("/")[2]
        if one.get("value", {}).get("subject", {}).get("uri") == subject["uri"] and place != mine:
            accepted(_delete(caller, REPOST, place))
    record = {"$type": REPOST, "subject": subject, "createdAt": _moment(message.since)}
    return _receipt(_put(caller, REPOST, mine, record), message.repost_of)


def _put(caller: Caller, collection: str, key: str, record: Mapping[str, Any]) -> dict[str, str]:
    """Write the record where nothing stands yet; what stands there already is this very publication."""
    body = {**_at(caller, collection, key), "record": record, "swapRecord": None}
    answer = caller.do("com.atproto.repo.putRecord", body)
    if answer.status == 400 and error_name(answer) == "InvalidSwap":
        try:
            there = _there(caller, collection, key)
        except SendError:
            there = None
        if there is None:
            raise client.unclear(NAME)
        return there
    return _strong(caller, collection, key, accepted(answer).json())


def _there(caller: Caller, collection: str, key: str) -> dict[str, str] | None:
    """The record of this key; None: there is none. Raises a SendError when the server does not say."""
    answer = caller.ask("com.atproto.repo.getRecord", _at(caller, collection, key))
    if answer.status in (400, 404) and error_name(answer) == "RecordNotFound":
        return None
    return _strong(caller, collection, key, accepted(answer).json())


def _delete(caller: Caller, collection: str, key: str) -> client.Answer:
    return caller.do("com.atproto.repo.deleteRecord", _at(caller, collection, key))


def _at(caller: Caller, collection: str, key: str) -> dict[str, str]:
    return {"repo": caller.account.remote_id, "collection": collection, "rkey": key}


def _strong(caller: Caller, collection: str, key: str, told: Any) -> dict[str, str]:
    """The record's address and hash; an answer about another record proves nothing."""
    match told:
        case {"uri": str() as uri, "cid": str() as cid} if cid:
            if uri == f"at://{caller.account.remote_id}/{collection}/{key}":
                return {"uri": uri, "cid": cid}
    raise client.unclear(NAME)


def _place(uri: str) -> tuple[str, str]:
    """Collection and key of at://DID/COLLECTION/KEY."""
    parts = uri.split("/")
    if not uri.startswith("at://") or len(parts) != 5:
        raise NotSent(say("This is not the address of a post on {network}.", network=NAME))
    return parts[3], parts[4]


def _receipt(record: Mapping[str, str], shared: str = "") -> Receipt:
    """A person is shown the post, or the one that was shared."""
    did, _, key = (parts_of(shared)[0] if shared else record["uri"]).removeprefix("at://").split("/")
    return Receipt(record["uri"], f"https://bsky.app/profile/{did}/post/{key}")


def _reactions(post: Mapping[str, Any]) -> Reactions:
    numbers = {"likes": "likeCount", "reposts": "repostCount", "replies": "replyCount"}
    told = {ours: post.get(theirs) for ours, theirs in numbers.items()}
    return Reactions(**{name: count for name, count in told.items() if type(count) is int})


def _list(told: Any, name: str) -> list[Mapping[str, Any]]:
    match told.get(name) if isinstance(told, dict) else None:
        case [*rows] if all(isinstance(row, dict) for row in rows):
            return rows
    raise NotSent(say("{network} gave an answer that cannot be read.", network=NAME))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
