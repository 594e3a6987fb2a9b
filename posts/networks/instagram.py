"""Instagram, for professional accounts: pictures, reels and carousels by containers.

By Instagram's own login ("Business Login for Instagram"): it is the one that needs no Facebook page, and what Meta's
pages for content publishing describe first in 2026. It can do all that is needed here but one: take a post down.

After https://developers.facebook.com/docs/instagram-platform/content-publishing,
/docs/instagram-platform/instagram-api-with-instagram-login/business-login, …/get-started (`user_id` is the
professional account, `id` only the app's name for it) and
/documentation/instagram-platform/instagram-graph-api/reference/ig-user/media, seen in excerpts on 21 November 2026.
30 hashtags and 20 mentions stand there too, says a reader of October 2026 (dev.to/dominic_frei_73028ac46c47); a tool
(Ayrshare) stops at five and three. That the same words are taken again after a week rests on nothing but our
judgement.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
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
    Unknown,
)
from posts.networks.containers import Containers
from posts.networks.counting import utf16_units
from posts.networks.figures import listed, whole_list
from posts.networks.in_steps import done
from posts.networks.parcel import Attachment, Kind
from posts.networks.takes import must_take
from posts.networks.thread import same_words

NAME = "Instagram"
EARLIER = timedelta(seconds=60)  # two clocks are never quite the same
HASHTAGS, MENTIONS = 30, 20
STEP = "container"
CONTAINERS = Containers(NAME, meta.VERSION, "status_code", "status")
METRICS = "views,likes,comments,shares"
_HASHTAG = re.compile(r"(?<![\w&/#])[#＃]\w*[^\W\d_]\w*")
_MENTION = re.compile(r"(?<![\w@/])@[A-Za-z0-9_.]+")


class Instagram(Connector, SignsIn):
    """Every post has a picture or a film, which Instagram fetches from a public address."""

    slug = "instagram"
    name = NAME
    icon = "instagram"
    address = "https://graph.instagram.com"
    pages = "https://www.instagram.com"
    tokens = "https://api.instagram.com"
    limits = Limits(
        max_length=2200,
        counted_in=say("characters").text,
        needs_media=True,
        min_gap_days=7,
        per_24h=50,  # Meta's pages name 25, 50 and 100; `told` asks for the account's own
        same_words_after=7,
        media=MediaLimits(
            images=10,
            image_types=("image/jpeg",),
            image_bytes=8_000_000,
            longest_side=8192,
            widest=1.91,
            tallest=0.8,
            alt_length=1000,
            videos=10,
            video_types=("video/mp4", "video/quicktime"),
            video_bytes=300_000_000,
            video_seconds=900.0,
            mixed=True,
            fetched=True,
        ),
        source="https://developers.facebook.com/docs/instagram-platform/content-publishing, "
        "/documentation/instagram-platform/instagram-graph-api/reference/ig-user/media",
        checked=date(2026, 11, 21),
    )
    proof = Proof.BY_READING
    settle_after = 60.0
    resend_with_key = False
    deletes = False
    measures = frozenset({"likes", "reposts", "replies", "views"})

    console = "https://developers.facebook.com/apps"
    scopes = ("instagram_business_basic", "instagram_business_content_publish", "instagram_business_manage_insights")
    steps = (
        say("Create an app of the type “Business” at developers.facebook.com/apps.").text,
        say("Add the product “Instagram”, and there open “API setup with Instagram login”.").text,
        say("Under “Set up Instagram business login”, enter the callback address that is shown here.").text,
        say("Ask for advanced access to the permissions that are listed here, unless all accounts are your own.").text,
        say("Copy the Instagram app id and the Instagram app secret from that page, and enter both here.").text,
        say("Each account has to be a professional one: “Business” or “Creator” in Instagram’s settings.").text,
    )

    def length(self, text: str) -> int:
        return utf16_units(text)

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        _must_hold_few(message.text)
        if len(message.media) > self.limits.media.images:
            raise Refused(say("{network} takes {most} files in one post.", network=NAME, most=self.limits.media.images))
        container = _prepared(account, message)
        if not CONTAINERS.must_be_ready(account, message, STEP, container):
            return _published(account, message) or Receipt(f"container:{container}", "")
        remote_id = CONTAINERS.publish(account, message, STEP, f"{_home(account)}/media_publish", container)
        return Receipt(remote_id, meta.permalink(NAME, account, f"/{meta.VERSION}/{remote_id}"))

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        outcome = CONTAINERS.outcome(account, message, STEP, lambda: _published(account, message))
        return Found(outcome) if isinstance(outcome, Receipt) else outcome

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        found = {one: _figures(account, one) for one in remote_ids if not one.startswith("container:")}
        return {remote_id: reactions for remote_id, reactions in found.items() if reactions is not None}

    def delete(self, account: Account, remote_id: str) -> None:
        raise Refused(say("Instagram lets no app take a post down. Please delete it in Instagram."))

    def told(self, account: Account) -> Told:
        told = meta.ask(NAME, account, f"{_home(account)}/content_publishing_limit", {"fields": "quota_usage,config"})
        return quota(told)

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        place = f"{oauth.beside(app, self.address, self.pages)}/oauth/authorize"
        scopes = [meta.commas(self.scopes)]
        return oauth.sign_in_address(place, app, state=state, redirect=redirect, scopes=scopes)

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        """The code may come with “#_” behind it, which is no part of it."""
        place = f"{oauth.beside(app, self.address, self.tokens)}/oauth/access_token"
        short = meta.short_lived(NAME, place, app, code.removesuffix("#_"), redirect)
        server = app.server or self.address
        fields = {"grant_type": "ig_exchange_token", "client_secret": app.secret, "access_token": short.access}
        token = meta.long_lived(NAME, f"{server}/access_token", fields)
        told = meta.read_of(NAME, f"{server}/{meta.VERSION}/me", token, {"fields": "user_id,username,name"})
        match told:
            case {"user_id": (str() | int()) as remote_id, "username": str() as handle}:
                name, url = told.get("name") or handle, f"https://www.instagram.com/{handle}/"
                return [Grant(str(remote_id), f"@{handle}", name, token.credentials, app.server, token.expires_at, url)]
        raise client.unclear(NAME)

    def refresh(self, app: App, grant: Grant) -> Grant:
        """Any time from a day after the last one; after 60 days it is too late."""
        fields = {"grant_type": "ig_refresh_token", "access_token": grant.credentials.get(oauth.ACCESS, "")}
        server = grant.server or app.server or self.address
        return oauth.renewed(grant, meta.long_lived(NAME, f"{server}/refresh_access_token", fields))


def quota(told: Any) -> Told:
    """Instagram's and Threads' publishing limit: {"data": [{"quota_usage": 4, "config": {"quota_total": 50}}]}."""
    match listed(told):
        case [{"quota_usage": int() as used, "config": {"quota_total": int() as most}}, *_]:
            return Told(per_24h=most, left_24h=max(most - used, 0))
    return Told()


def _home(account: Account) -> str:
    return f"/{meta.VERSION}/{account.remote_id}"


def _must_hold_few(text: str) -> None:
    if len(_HASHTAG.findall(text)) > HASHTAGS:
        raise Refused(say("Instagram takes {most} hashtags in one post.", most=HASHTAGS))
    if len(_MENTION.findall(text)) > MENTIONS:
        raise Refused(say("Instagram takes {most} mentions in one post.", most=MENTIONS))


def _prepared(account: Account, message: Message) -> str:
    """The container of the post; of several files, those of the files come first, and have to be ready."""
    if (kept := done(message, STEP)) is not None:
        return kept
    caption = {"caption": message.text} if message.text else {}
    place = f"{_home(account)}/media"
    if len(message.media) == 1:
        return CONTAINERS.make(account, message, STEP, place, {**_of_file(message.media[0], "REELS"), **caption})
    items = []
    for number, file in enumerate(message.media):
        step, fields = f"item {number}", {**_of_file(file, "VIDEO"), "is_carousel_item": "true"}
        items.append(CONTAINERS.make(account, message, step, place, fields))
    for number, item in enumerate(items):
        CONTAINERS.must_be_ready(account, message, f"item {number}", item)
    fields = {"media_type": "CAROUSEL", "children": meta.commas(items), **caption}
    return CONTAINERS.make(account, message, STEP, place, fields)


def _of_file(file: Attachment, film: str) -> dict[str, str]:
    if file.kind is Kind.IMAGE:
        return {"image_url": file.url} | ({"alt_text": file.alt} if file.alt else {})
    return {"media_type": film, "video_url": file.url}


def _published(account: Account, message: Message) -> Receipt | None:
    """The post among those that are out, by its words; None where it cannot be told."""
    fields = {"fields": "id,caption,permalink,timestamp", "limit": "50"}
    posts = whole_list(NAME, meta.ask(NAME, account, f"{_home(account)}/media", fields))
    since = message.since.astimezone(UTC) - EARLIER
    same = [one for one in posts if made(one) >= since and same_words(one.get("caption", ""), message.text)]
    return Receipt(same[0]["id"], same[0].get("permalink", "")) if len(same) == 1 else None


def made(post: Mapping[str, Any]) -> datetime:
    """When Meta says that a post came out; long ago where it does not."""
    try:
        return datetime.fromisoformat(str(post.get("timestamp", "")))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _figures(account: Account, remote_id: str) -> Reactions | None:
    """None for a post that is gone."""
    try:
        told = meta.ask(NAME, account, f"/{meta.VERSION}/{remote_id}/insights", {"metric": METRICS})
    except Refused:
        return None
    counts = meta.numbers(told)
    return Reactions(
        likes=counts.get("likes"),
        reposts=counts.get("shares"),
        replies=counts.get("comments"),
        views=counts.get("views"),
    )
