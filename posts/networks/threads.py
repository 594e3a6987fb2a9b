"""Threads: posts and chains of posts by containers, with files, reposts and figures.

After https://developers.facebook.com/documentation/threads/posts (April 2026), /threads/overview,
/threads/posts/reposts, /threads/create-posts/text-attachments (no more than five links), /threads/insights,
/threads/posts/delete-posts and /threads/reference/publishing (April 2026: an emoji counts as many as it has bytes),
seen in excerpts on 21 November 2026. When the same words are taken again rests on nothing but our judgement.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from typing import Any

from notices.sentences import say
from posts.networks import client, meta, oauth
from posts.networks.access import App, Grant, SignsIn, Told
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
    Unconfirmed,
    Unknown,
)
from posts.networks.containers import Containers
from posts.networks.counting import emoji_as_bytes
from posts.networks.figures import total, whole_list
from posts.networks.in_steps import done, text_of
from posts.networks.instagram import made, quota
from posts.networks.parcel import Attachment, Kind
from posts.networks.takes import must_take
from posts.networks.thread import find_parts, joined, parts_of, same_words, send_parts

NAME = "Threads"
VERSION = "v1.0"
EARLIER = timedelta(seconds=60)  # two clocks are never quite the same
LINKS = 5
CONTAINERS = Containers(NAME, VERSION, "status", "error_message")
METRICS = "views,likes,replies,reposts,quotes"
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


class Threads(Connector, SignsIn):
    """Files are fetched from a public address; further posts of a chain are replies to the one before."""

    slug = "threads"
    name = NAME
    icon = "threads"
    address = "https://graph.threads.net"
    pages = "https://threads.net"
    limits = Limits(
        max_length=500,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=3,
        per_24h=250,
        same_words_after=2,
        parts=25,  # Threads names no limit; so many ids find room in one receipt
        media=MediaLimits(
            images=20,
            image_types=("image/jpeg", "image/png"),
            image_bytes=8_000_000,
            longest_side=1440,
            widest=10.0,
            tallest=0.1,
            alt_length=1000,
            videos=20,
            video_types=("video/mp4", "video/quicktime"),
            video_bytes=1_000_000_000,
            video_seconds=300.0,
            mixed=True,
            fetched=True,
        ),
        source="https://developers.facebook.com/documentation/threads/posts, /documentation/threads/overview",
        checked=date(2026, 11, 21),
    )
    proof = Proof.BY_READING
    settle_after = 60.0
    resend_with_key = False
    reposts = True
    measures = frozenset({"likes", "reposts", "replies", "views"})

    console = "https://developers.facebook.com/apps"
    scopes = (
        "threads_basic", "threads_content_publish", "threads_manage_replies", "threads_read_replies",
        "threads_manage_insights", "threads_delete",
    )  # fmt: skip
    steps = (
        say("Create an app at developers.facebook.com/apps and choose “Access the Threads API” as its use.").text,
        say("Add all the permissions that are listed here to that use.").text,
        say(
            "In its settings, enter the callback address that is shown here, and it again where two more are asked for."
        ).text,
        say("Until Meta has looked at the app, add each account under “App roles” as a Threads tester.").text,
        say("Copy the Threads app id and the Threads app secret from the settings, and enter both here.").text,
    )

    def length(self, text: str) -> int:
        return emoji_as_bytes(text)

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        if len(message.media) > self.limits.media.images:
            raise Refused(say("{network} takes {most} files in one post.", network=NAME, most=self.limits.media.images))
        for text in (message.text, *message.rest):
            if len(set(_LINK.findall(text))) > LINKS:
                raise Refused(say("Threads takes {most} links in one post.", most=LINKS))
        if message.repost_of:
            return _repost(account, parts_of(message.repost_of)[0])
        return joined(send_parts(message, lambda place, text, before: _part(account, message, place, text, before)))

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        try:
            if message.repost_of:
                return _find_repost(account, message)
            return find_parts(message, lambda place, text, before: _look(account, message, place, text))
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        """Of a chain, what its first post earned."""
        found = {one: _figures(account, parts_of(one)[0]) for one in remote_ids if one and "container:" not in one}
        return {remote_id: reactions for remote_id, reactions in found.items() if reactions is not None}

    def delete(self, account: Account, remote_id: str) -> None:
        """A chain from its end, so that nothing of it ever hangs in the air. A hundred posts a day."""
        if "container:" in remote_id:
            raise Refused(say("Threads did not say which post this is. Please delete it in Threads."))
        for part in reversed(parts_of(remote_id)):
            meta.delete(NAME, account, f"/{VERSION}/{part}")

    def told(self, account: Account) -> Told:
        told = meta.ask(NAME, account, f"{_home(account)}/threads_publishing_limit", {"fields": "quota_usage,config"})
        return quota(told)

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        place = f"{oauth.beside(app, self.address, self.pages)}/oauth/authorize"
        scopes = [meta.commas(self.scopes)]
        return oauth.sign_in_address(place, app, state=state, redirect=redirect, scopes=scopes)

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        server = app.server or self.address
        short = meta.short_lived(NAME, f"{server}/oauth/access_token", app, code.removesuffix("#_"), redirect)
        fields = {"grant_type": "th_exchange_token", "client_secret": app.secret, "access_token": short.access}
        token = meta.long_lived(NAME, f"{server}/access_token", fields)
        told = meta.read_of(NAME, f"{server}/{VERSION}/me", token, {"fields": "id,username,name"})
        match told:
            case {"id": str() as remote_id, "username": str() as handle}:
                name, url = told.get("name") or handle, f"https://www.threads.com/@{handle}"
                return [Grant(remote_id, f"@{handle}", name, token.credentials, app.server, token.expires_at, url)]
        raise client.unclear(NAME)

    def refresh(self, app: App, grant: Grant) -> Grant:
        """Any time from a day after the last one; after 60 days it is too late."""
        fields = {"grant_type": "th_refresh_token", "access_token": grant.credentials.get(oauth.ACCESS, "")}
        server = grant.server or app.server or self.address
        return oauth.renewed(grant, meta.long_lived(NAME, f"{server}/refresh_access_token", fields))


def _home(account: Account) -> str:
    return f"/{VERSION}/{account.remote_id}"


def _step(place: int) -> str:
    return f"container {place}"


def _part(account: Account, message: Message, place: int, text: str, before: Sequence[Receipt]) -> Receipt:
    container = _prepared(account, message, place, text, before)
    if not CONTAINERS.must_be_ready(account, message, _step(place), container):
        return _known(_published(account, message, place, text), message, container)
    remote_id = CONTAINERS.publish(account, message, _step(place), f"{_home(account)}/threads_publish", container)
    return Receipt(remote_id, "" if place else meta.permalink(NAME, account, f"/{VERSION}/{remote_id}"))


def _look(account: Account, message: Message, place: int, text: str) -> Receipt | None:
    """This part, if its container is published. Raises a SendError where that cannot be told."""
    outcome = CONTAINERS.outcome(account, message, _step(place), lambda: _published(account, message, place, text))
    if isinstance(outcome, Unknown):
        raise Unconfirmed(outcome.sentence)
    if isinstance(outcome, Absent):
        return None
    return _known(None if outcome.remote_id.startswith("container:") else outcome, message, outcome.remote_id)


def _known(receipt: Receipt | None, message: Message, container: str) -> Receipt:
    """A chain can only go on behind a post whose id is known."""
    if receipt is not None:
        return receipt
    if message.rest:
        raise Unconfirmed(say("Threads has published a part of this chain, and does not say which post it is."))
    return Receipt(f"container:{container.removeprefix('container:')}", "")


def _prepared(account: Account, message: Message, place: int, text: str, before: Sequence[Receipt]) -> str:
    """The container of a part. Files go with the first; of several, theirs come first and have to be ready."""
    if (kept := done(message, _step(place))) is not None:
        return kept
    media = () if place else message.media
    fields = {"text": text} if text else {}
    if before:
        fields["reply_to_id"] = before[-1].remote_id
    if not media and not place and message.card:
        fields["link_attachment"] = message.card.url
    if len(media) > 1:
        fields |= {"media_type": "CAROUSEL", "children": meta.commas(_items(account, message))}
    else:
        fields |= _of_file(media[0]) if media else {"media_type": "TEXT"}
    return CONTAINERS.make(account, message, _step(place), f"{_home(account)}/threads", fields)


def _items(account: Account, message: Message) -> list[str]:
    items = []
    for number, file in enumerate(message.media):
        fields = {**_of_file(file), "is_carousel_item": "true"}
        items.append(CONTAINERS.make(account, message, f"item {number}", f"{_home(account)}/threads", fields))
    for number, item in enumerate(items):
        CONTAINERS.must_be_ready(account, message, f"item {number}", item)
    return items


def _of_file(file: Attachment) -> dict[str, str]:
    alt = {"alt_text": file.alt} if file.alt else {}
    if file.kind is Kind.IMAGE:
        return {"media_type": "IMAGE", "image_url": file.url, **alt}
    return {"media_type": "VIDEO", "video_url": file.url, **alt}


def _published(account: Account, message: Message, place: int, text: str) -> Receipt | None:
    """The post among those that are out, by its words; None where it cannot be told."""
    same = [one for one in _recent(account, message, "replies" if place else "threads") if _says(one, text)]
    return Receipt(same[0]["id"], same[0].get("permalink", "")) if len(same) == 1 else None


def _recent(account: Account, message: Message, what: str) -> list[Mapping[str, Any]]:
    since = message.since.astimezone(UTC) - EARLIER
    fields = {
        "fields": "id,text,permalink,timestamp,media_type,reposted_post",
        "since": str(int(since.timestamp())),
        "limit": "50",
    }
    posts = whole_list(NAME, meta.ask(NAME, account, f"{_home(account)}/{what}", fields))
    return [one for one in posts if made(one) >= since]


def _says(post: Mapping[str, Any], text: str) -> bool:
    return post.get("media_type") != "REPOST_FACADE" and same_words(post.get("text", ""), text)


def _repost(account: Account, remote_id: str) -> Receipt:
    answer = meta.call(NAME, account, "POST", f"/{VERSION}/{remote_id}/repost")
    return Receipt(text_of(answer, "id"), meta.permalink(NAME, account, f"/{VERSION}/{remote_id}"))


def _find_repost(account: Account, message: Message) -> Found | Absent | Unknown:
    shared = parts_of(message.repost_of)[0]
    same = [one for one in _recent(account, message, "threads") if _shares(one, shared)]
    if len(same) > 1:
        return Unknown(say("It was shared twice. Which one is ours cannot be told."))
    return Found(Receipt(same[0]["id"], same[0].get("permalink", ""))) if same else Absent()


def _shares(post: Mapping[str, Any], remote_id: str) -> bool:
    match post.get("reposted_post"):
        case {"id": str() as shared}:
            return shared == remote_id
    return False


def _figures(account: Account, remote_id: str) -> Reactions | None:
    """None for a post that is gone."""
    try:
        told = meta.ask(NAME, account, f"/{VERSION}/{remote_id}/insights", {"metric": METRICS})
    except Refused:
        return None
    counts = meta.numbers(told)
    return Reactions(
        likes=counts.get("likes"),
        reposts=total(counts.get("reposts"), counts.get("quotes")),
        replies=counts.get("replies"),
        views=counts.get("views"),
    )
