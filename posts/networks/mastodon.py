"""Mastodon, and every other server that speaks its API: what was posted can only be read back, not asked for by key.

After https://docs.joinmastodon.org, seen in excerpts on 21 November 2026. Each server has limits of its own and tells
them; the parts of a thread rest on nothing but our judgement.
"""

import html
import re
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote

from notices.sentences import say
from posts.links.find import links
from posts.networks import client
from posts.networks.access import Told
from posts.networks.base import (
    Absent,
    Account,
    Connector,
    Found,
    KeyExpired,
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
from posts.networks.counting import graphemes
from posts.networks.mastodon_access import NAME, MastodonAccess
from posts.networks.parcel import Attachment
from posts.networks.takes import must_take
from posts.networks.thread import find_parts, joined, parts_of, send_parts

LINK_LENGTH = 23
PAGE, PAGES = 40, 10
EARLIER = timedelta(seconds=60)  # two clocks are never quite the same
ALIKE = 0.85  # from here on, two texts may be one that the server has changed
WORKING = 0.5  # seconds between two looks at a file that the server is still working on
_MENTION = re.compile(r"(?<![=/\w])@([\w.-]+)@[\w.-]*\w")
_TAGS = re.compile(r"<[^>]*>")


class Mastodon(MastodonAccess, Connector):
    """The key that we send along helps for an hour, at Mastodon itself; others take no notice of it."""

    slug = "mastodon"
    name = NAME
    icon = "mastodon"
    limits = Limits(
        max_length=500,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=2,
        source="https://docs.joinmastodon.org/methods/statuses/ and each server's own /api/v2/instance",
        checked=date(2026, 11, 21),
        parts=10,
        media=MediaLimits(
            images=4,
            image_types=("image/jpeg", "image/png", "image/webp"),
            image_bytes=16_000_000,
            longest_side=4000,
            alt_length=1500,
            gifs=4,
            gif_bytes=16_000_000,
            videos=1,
            video_bytes=99_000_000,
            video_seconds=600.0,
        ),
    )
    proof = Proof.BY_READING
    settle_after = 60.0  # until then a busy server may still apply what it was sent
    resend_with_key = False
    reposts = True
    compares = True
    measures = frozenset({"likes", "reposts", "replies"})

    def length(self, text: str) -> int:
        """A link counts 23 however long it is, and of a mention only the name before the server."""
        counted, last = [], 0
        for link in links(text):
            if text[link.start : link.start + 4].lower() == "http":
                counted.append(text[last : link.start] + "x" * LINK_LENGTH)
                last = link.end
        return graphemes(_MENTION.sub(r"@\1", "".join([*counted, text[last:]])))

    def publish(self, account: Account, message: Message) -> Receipt:
        caller = Caller.of(account)
        if message.repost_of:
            return _share(caller, message)
        self._must_take(message)

        def send(place: int, text: str, done: Sequence[Receipt]) -> Receipt:
            body: dict[str, Any] = {"status": text, "language": message.language.partition("-")[0]}
            if place == 0 and message.media:
                body["media_ids"] = [_file(caller, message, number, one) for number, one in enumerate(message.media)]
            if done:
                body["in_reply_to_id"] = done[-1].remote_id
            headers = {"Idempotency-Key": f"{message.key}-{place}" if place else message.key}
            answer = caller.call("POST", "/api/v1/statuses", body=body, headers=headers)
            if done and answer.status == 404:
                raise Refused(say("The post before it is gone, so the thread cannot go on."))
            return _receipt(caller, accepted(answer).json())

        return joined(send_parts(message, send))

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        """Of a thread: whether all of it is out. What is, is kept, so that it goes on from there."""
        try:
            said = _since(Caller.of(account), message.since)
            others = [one for one in said if str(one["id"]) not in message.known]
            if message.repost_of:
                return _shared_since(others, message.repost_of)
            return find_parts(message, lambda place, text, done: _found(others, text, done))
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        found = {}
        for remote_id in remote_ids:
            answer = Caller.of(account).ask(f"/api/v1/statuses/{_quoted(parts_of(remote_id)[0])}")
            if answer.status not in (404, 410):
                found[remote_id] = _reactions(accepted(answer).json())
        return found

    def delete(self, account: Account, remote_id: str) -> None:
        """Of a thread all parts, the last first."""
        caller = Caller.of(account)
        for one in reversed(parts_of(remote_id)):
            answer = caller.call("DELETE", f"/api/v1/statuses/{_quoted(one)}")
            if answer.status not in (404, 410):
                accepted(answer)

    def _must_take(self, message: Message) -> None:
        """Raises Refused before anything leaves. How long a post may be is the server's own to say."""
        if any("\ud800" <= sign <= "\udfff" for text in (message.text, *message.rest) for sign in text):
            raise Refused(say("This text holds half a character, which no network can show."))
        must_take(NAME, self.limits, message)

    def told(self, account: Account) -> Told:
        caller = Caller.of(account)
        answer = caller.ask("/api/v2/instance")
        if answer.status in (404, 405):  # older servers, and some of other makes
            answer = caller.ask("/api/v1/instance")
        return _limits(accepted(answer).json())


@dataclass(frozen=True)
class Caller:
    """One account's calls, which share the time that one publication may take."""

    account: Account
    ends: float  # on the monotonic clock

    @classmethod
    def of(cls, account: Account) -> "Caller":
        return cls(account, time.monotonic() + account.deadline)

    @property
    def left(self) -> float:
        return max(self.ends - time.monotonic(), 0.001)

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> client.Answer:
        """A question without an answer changed nothing, so it is NotSent."""
        try:
            return self.call("GET", path, params=params)
        except Unconfirmed as error:
            raise NotSent(say("{network} could not be asked.", network=NAME)) from error

    def do(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
        return accepted(self.call("POST", path, body=body, headers=headers)).json()

    def call(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> client.Answer:
        account = self.account
        said = {**(headers or {}), **client.bearer(account.credentials.get("access_token", ""))}
        url = account.base_url.rstrip("/") + path
        return client.request(NAME, method, url, deadline=self.left, until=account.until, headers=said, **more)


def accepted(answer: client.Answer) -> client.Answer:
    if answer.status in (403, 409, 422) and b"duplicate" in answer.body.lower():
        raise Refused(
            say("{network} has had these words before and will not take them again.", network=NAME), duplicate=True
        )
    if answer.status == 401:
        raise KeyExpired(say("{network} does not accept this channel's key any more.", network=NAME))
    return client.accepted(answer)


def _file(caller: Caller, message: Message, number: int, one: Attachment) -> str:
    """The id of an uploaded file, once the server is done with it. A file alone is no post: a failure sent nothing."""
    step = f"file {number + 1}"
    kept = message.steps.kept(step)
    if kept and caller.ask(f"/api/v1/media/{_quoted(kept)}").status in (200, 206):
        return _worked_on(caller, kept)
    try:
        form = {"description": one.alt} if one.alt else {}
        files = {"file": (one.name, one.read(), one.mime)}
        answer = caller.call("POST", "/api/v2/media", form=form, files=files)
        if answer.status in (404, 405):
            answer = caller.call("POST", "/api/v1/media", form=form, files=files)
    except Unconfirmed as error:
        raise NotSent(say("{network} did not take a file. Nothing was posted.", network=NAME)) from error
    match accepted(answer).json():
        case {"id": str() as media, **more}:
            message.steps.keep(step, media)
            return media if answer.status != 202 and more.get("url") else _worked_on(caller, media)
    raise NotSent(say("{network} did not take a file. Nothing was posted.", network=NAME))


def _worked_on(caller: Caller, media: str) -> str:
    while caller.left > WORKING:
        answer = caller.ask(f"/api/v1/media/{_quoted(media)}")
        if answer.status == 200:
            return media
        if answer.status != 206:
            accepted(answer)
        time.sleep(WORKING)
    raise NotSent(say("{network} is still working on a file. Nothing was posted.", network=NAME), retry_after=60)


def _share(caller: Caller, message: Message) -> Receipt:
    """Sharing again what is still shared shows nothing new, so that is taken back first."""
    path = f"/api/v1/statuses/{_quoted(parts_of(message.repost_of)[0])}"
    original = caller.ask(path)
    if original.status in (404, 410):
        raise Refused(say("The earlier post is gone, so it cannot be shared again."))
    told = accepted(original).json()
    if isinstance(told, dict) and told.get("reblogged"):
        caller.do(f"{path}/unreblog", {})
    return _of_sharing(caller.do(f"{path}/reblog", {}))


def _of_sharing(told: Any) -> Receipt:
    match told:
        case {"id": str() as remote_id, "reblog": {"id": str()} as original} if remote_id:
            return Receipt(remote_id, str(original.get("url") or ""))
    raise client.unclear(NAME)


def _receipt(caller: Caller, told: Any) -> Receipt:
    """An answer about somebody else's post is none."""
    match told:
        case {"id": str() as remote_id} if remote_id:
            owner = told["account"].get("id") if isinstance(told.get("account"), dict) else None
            if owner is None or str(owner) == caller.account.remote_id:
                return _of(told)
    raise client.unclear(NAME)


def _of(post: Mapping[str, Any]) -> Receipt:
    return Receipt(str(post["id"]), str(post.get("url") or post.get("uri") or ""))


def _since(caller: Caller, since: datetime) -> list[Mapping[str, Any]]:
    """The account's posts from a minute before `since` on, newest first, by the server's own clock."""
    path = f"/api/v1/accounts/{_quoted(caller.account.remote_id)}/statuses"
    params, found = {"limit": str(PAGE)}, list[Mapping[str, Any]]()
    for _ in range(PAGES):
        answer = accepted(caller.ask(path, params))
        page = answer.json()
        if not isinstance(page, list) or not all(isinstance(post, dict) and "id" in post for post in page):
            raise NotSent(say("{network} gave an answer that cannot be read.", network=NAME))
        begins = since + (answer.now - datetime.now(UTC)) - EARLIER
        fresh = [post for post in page if _moment(post) >= begins]
        found += fresh
        # Posts that are pinned, or were moved here from elsewhere, may stand out of their order: a page decides.
        if not page or not fresh:
            return found
        params["max_id"] = str(page[-1]["id"])
    raise NotSent(say("The timeline is too long to be read back."))


def _found(said: Sequence[Mapping[str, Any]], text: str, done: Sequence[Receipt]) -> Receipt | None:
    """The post with these words behind those before it. Raises NotSent where two have them, or one resembles it."""
    parent = done[-1].remote_id if done else None
    candidates = [one for one in said if not one.get("reblog") and _parent(one) == parent]
    same = [one for one in candidates if _bare(_plain(one)) == _bare(text)]
    if len(same) > 1:
        raise NotSent(say("There are two posts with these words. Which one is ours cannot be told."))
    if not same and any(_alike(_bare(_plain(one)), _bare(text)) for one in candidates):
        raise NotSent(say("There is a post that resembles this one. Please look and decide."))
    return _of(same[0]) if same else None


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > ALIKE


def _shared_since(said: Sequence[Mapping[str, Any]], original: str) -> Found | Absent:
    wanted = parts_of(original)[0]
    for one in said:
        if isinstance(one.get("reblog"), dict) and str(one["reblog"].get("id")) == wanted:
            return Found(_of_sharing(one))
    return Absent()


def _parent(post: Mapping[str, Any]) -> str | None:
    return str(post["in_reply_to_id"]) if post.get("in_reply_to_id") else None


def _plain(post: Mapping[str, Any]) -> str:
    """The words of a post without its HTML; some servers hand out the words themselves, too."""
    broken = re.sub(r"<br\s*/?>|</p>", "\n", str(post.get("content") or ""))
    return html.unescape(_TAGS.sub("", broken))


def _bare(text: str) -> str:
    """What a server leaves of a text whatever it does to it: no spaces, no case, mentions without their server."""
    folded = unicodedata.normalize("NFKC", _MENTION.sub(r"@\1", text)).casefold()
    return "".join(folded.split())


def _moment(post: Mapping[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(post["created_at"])
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        raise NotSent(say("{network} gave an answer that cannot be read.", network=NAME)) from None


def _reactions(told: Any) -> Reactions:
    numbers = {"likes": "favourites_count", "reposts": "reblogs_count", "replies": "replies_count"}
    counts = {ours: told.get(theirs) for ours, theirs in numbers.items()} if isinstance(told, dict) else {}
    return Reactions(**{name: count for name, count in counts.items() if type(count) is int})


def _limits(told: Any) -> Told:
    """From both versions of the document, and from what other makes write beside it."""
    whole = told if isinstance(told, dict) else {}
    configuration = _part(whole, "configuration")
    posts, files = _part(configuration, "statuses"), _part(configuration, "media_attachments")
    return Told(
        max_length=_number(posts, "max_characters") or _number(whole, "max_toot_chars"),
        images=_number(posts, "max_media_attachments") or _number(whole, "max_media_attachments"),
        image_bytes=_number(files, "image_size_limit") or _number(whole, "upload_limit"),
        video_bytes=_number(files, "video_size_limit") or _number(whole, "upload_limit"),
        alt_length=_number(files, "description_limit") or _number(whole, "description_limit"),
    )


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name)
    return part if isinstance(part, dict) else {}


def _number(told: Mapping[str, Any], name: str) -> int | None:
    number = told.get(name)
    return number if type(number) is int and number > 0 else None


def _quoted(remote_id: str) -> str:
    return quote(remote_id, safe="")
