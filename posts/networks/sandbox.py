"""The sandbox network, which is built in, in the three tempers that real networks have.

One keeps our key, one can only be read back, one proves nothing. All speak to the same server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

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
    Unconfirmed,
    Unknown,
)
from posts.networks.counting import code_points
from posts.networks.parcel import Attachment, Card

NAME = "Sandbox"
PAGE, PAGES = 100, 10
EARLIER = timedelta(seconds=60)  # two clocks are never quite the same


@dataclass(frozen=True)
class SaidFile:
    """A file as it stands there."""

    id: str
    mime: str
    alt: str


@dataclass(frozen=True)
class Said:
    """A post as it stands on the sandbox's timeline."""

    remote_id: str
    handle: str
    text: str
    language: str
    reference: str
    at: datetime
    reactions: Reactions
    media: tuple[SaidFile, ...] = ()
    rest: tuple[str, ...] = ()
    card: Card | None = None


class Sandbox(Connector):
    """Keeps our key for ever: the same key gives the same post, however often it is sent."""

    slug = "sandbox"
    name = "Sandbox"
    icon = "sandbox"
    limits = Limits(
        max_length=500,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=1,
        media=MediaLimits(
            images=4,
            image_types=("image/jpeg", "image/png", "image/webp"),
            image_bytes=1_000_000,
            longest_side=2048,
            widest=4.0,
            tallest=0.25,
            alt_length=1500,
            gifs=1,
            gif_bytes=1_000_000,
            videos=1,
            video_bytes=20_000_000,
            video_seconds=600.0,
        ),
        parts=10,
        source="posts/sandbox/routes.py",
        checked=date(2026, 11, 21),
    )
    proof = Proof.BY_KEY
    settle_after = 5.0
    resend_with_key = True
    reposts = True

    def length(self, text: str) -> int:
        return code_points(text)

    def publish(self, account: Account, message: Message) -> Receipt:
        told = _publish(account, message, {"Idempotency-Key": message.key})
        if told.get("key") != message.key:
            raise client.unclear(NAME)
        return _receipt(told)

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        try:
            answer = _ask(account, "/api/posts", {"channel": account.handle, "key": message.key})
            posts = _posts(answer)
            return Found(_receipt(posts[0])) if posts else Absent()
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        told = _ask(account, "/api/reactions", {"ids": ",".join(remote_ids)}).json()
        if not isinstance(told, dict):
            raise client.unclear(NAME)
        return {remote_id: _reactions(counts) for remote_id, counts in told.items()}

    def delete(self, account: Account, remote_id: str) -> None:
        answer = _call(account, "DELETE", f"/api/posts/{quote(remote_id, safe='')}")
        if answer.status != 404:
            _accepted(answer)

    def timeline(self, account: Account, most: int) -> list[Said]:
        """What the channel's followers see, newest first, at most 100 posts. Raises a SendError."""
        params = {"channel": account.handle, "limit": str(most)}
        return [_said(post) for post in _posts(_ask(account, "/api/posts", params))]

    def read(self, account: Account, remote_id: str) -> Said:
        """One post. Raises a SendError, also when it is gone."""
        return _said(_ask(account, f"/api/posts/{quote(remote_id, safe='')}", {}).json())

    def file(self, account: Account, name: str) -> bytes:
        """The bytes of a file, at most a megabyte of it. Raises a SendError."""
        return _accepted(_call(account, "GET", f"/media/{quote(name, safe='')}")).body

    def like(self, account: Account, remote_id: str) -> Said:
        """Like a post as a follower would. Raises a SendError."""
        return _said(_accepted(_call(account, "POST", f"/api/posts/{quote(remote_id, safe='')}/like")).json())


class SandboxReading(Sandbox):
    """Takes no key. What became of a post is learnt by reading the channel's timeline back."""

    slug = "sandbox_reading"
    name = "Sandbox without keys"
    proof = Proof.BY_READING
    settle_after = 20.0  # without a key, asking too early doubles: a busy server may apply late
    resend_with_key = False

    def publish(self, account: Account, message: Message) -> Receipt:
        told = _publish(account, message, {})
        if told.get("text") != message.text:
            raise client.unclear(NAME)
        return _receipt(told)

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        try:
            same = [post for post in _since(account, message.since) if post.get("text") == message.text]
            if len(same) > 1:
                return Unknown(say("There are two posts with these words. Which one is ours cannot be told."))
            return Found(_receipt(same[0])) if same else Absent()
        except SendError as error:
            return Unknown(error.sentence)


class SandboxSilent(SandboxReading):
    """Takes no key and tells nothing: only a person who looks can say what became of a post."""

    slug = "sandbox_silent"
    name = "Sandbox that tells nothing"
    proof = Proof.NOTHING

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        return Unknown(say("This network cannot be asked whether a post is out. Please look and decide."))


def _publish(account: Account, message: Message, key: Mapping[str, str]) -> Mapping[str, Any]:
    body = {
        "channel": account.handle,
        "text": message.text,
        "language": message.language,
        "reference": message.reference,
        "rest": list(message.rest),
        "media": [{"id": _upload(account, one), "alt": one.alt} for one in message.media],
        "card": _card(message.card),
        "repost_of": message.repost_of,
    }
    told = _accepted(_call(account, "POST", "/api/posts", headers=key, body=body)).json()
    # An answer that was meant for another request is no receipt for this one.
    if not isinstance(told, dict) or told.get("channel") != account.handle:
        raise client.unclear(NAME)
    return told


def _upload(account: Account, one: Attachment) -> str:
    """Its id there, which is made of its bytes: sent twice, it is there once."""
    try:
        headers = {"Content-Type": one.mime}
        told = _accepted(_call(account, "POST", "/api/media", headers=headers, content=one.read())).json()
    except Unconfirmed as error:  # a file alone is no post
        raise NotSent(say("{network} did not take a file, so nothing was sent.", network=NAME)) from error
    if not isinstance(told, dict) or not isinstance(told.get("id"), str):
        raise NotSent(say("{network} did not take a file, so nothing was sent.", network=NAME))
    return str(told["id"])


def _card(card: Card | None) -> dict[str, str] | None:
    return {"url": card.url, "title": card.title, "description": card.description} if card else None


def _since(account: Account, since: datetime) -> Iterator[Mapping[str, Any]]:
    """The channel's posts from a minute before `since`, newest first, by the server's own clock."""
    params = {"channel": account.handle, "limit": str(PAGE)}
    for _ in range(PAGES):
        answer = _ask(account, "/api/posts", params)
        skew = answer.now - datetime.now(UTC)
        page = _posts(answer)
        for post in page:
            if _moment(post) < since + skew - EARLIER:
                return
            yield post
        if len(page) < PAGE:
            return
        params = {**params, "before": _receipt(page[-1]).remote_id}
    raise NotSent(say("The timeline is too long to be read back."))


def _receipt(told: Mapping[str, Any]) -> Receipt:
    match told:
        case {"id": str() as remote_id, "url": str() as url} if remote_id:
            return Receipt(remote_id, url)
    raise client.unclear(NAME)


def _posts(answer: client.Answer) -> list[Mapping[str, Any]]:
    match answer.json():
        case {"posts": [*posts]} if all(isinstance(post, dict) for post in posts):
            return posts
    raise client.unclear(NAME)


def _said(post: Any) -> Said:
    match post:
        case {"channel": str() as handle, "text": str() as text, "language": str() as language}:
            reference = str(post.get("reference", ""))
            said = (_receipt(post).remote_id, handle, text, language, reference, _moment(post), _reactions(post))
            return Said(*said, *_along(post))
    raise client.unclear(NAME)


def _along(post: Mapping[str, Any]) -> tuple[tuple[SaidFile, ...], tuple[str, ...], Card | None]:
    files = tuple(SaidFile(one["id"], one["mime"], one["alt"]) for one in post.get("media", ()))
    card = post.get("card")
    return files, tuple(post.get("rest", ())), Card(card["url"], card["title"], card["description"]) if card else None


def _moment(post: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(post["accepted_at"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise client.unclear(NAME) from None


def _reactions(counts: Any) -> Reactions:
    told = counts if isinstance(counts, dict) else {}
    numbers = {name: told.get(name) for name in ("likes", "reposts", "replies")}
    return Reactions(**{name: count for name, count in numbers.items() if type(count) is int})


def _ask(account: Account, path: str, params: Mapping[str, str]) -> client.Answer:
    """Read something. A question without an answer changed nothing, so it is NotSent."""
    try:
        return _accepted(_call(account, "GET", path, params=params))
    except Unconfirmed as error:
        raise NotSent(say("{network} could not be asked.", network=NAME)) from error


def _accepted(answer: client.Answer) -> client.Answer:
    if answer.status in (403, 409, 422) and b"duplicate" in answer.body.lower():
        raise Refused(
            say("{network} has had these words before and will not take them again.", network=NAME), duplicate=True
        )
    return client.accepted(answer)


def _call(
    account: Account,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: object = None,
    content: bytes | None = None,
) -> client.Answer:
    return client.request(
        NAME,
        method,
        account.base_url.rstrip("/") + path,
        deadline=account.deadline,
        until=account.until,
        headers={**(headers or {}), **_bearer(account)},
        params=params,
        body=body,
        content=content,
    )


def _bearer(account: Account) -> dict[str, str]:
    return client.bearer(account.credentials["token"]) if "token" in account.credentials else {}
