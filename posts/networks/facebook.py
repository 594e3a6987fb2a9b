"""Facebook, for pages: posts, pictures, one film, and the page's feed read back.

After https://developers.facebook.com/docs/pages-api/posts, /docs/graph-api/reference/page/photos (4 MB a picture),
/docs/facebook-login/guides/access-tokens/get-long-lived and /documentation/pages-api/platforminsights/page/
deprecated-metrics, seen in excerpts on 21 November 2026. Meta publishes no cap on posts, pictures or words: 25 posts
a day are Upload-Post's, ten pictures and 63,206 characters what tools agree on
(https://postproxy.dev/reference/platforms/); 1,000 characters of a description and the week between the same words
rest on nothing but our judgement.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from notices.sentences import say
from posts.networks import client, facebook_files, meta, oauth, signed
from posts.networks.access import App, Grant, SignsIn
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
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
from posts.networks.counting import utf16_units
from posts.networks.facebook_files import NAME
from posts.networks.figures import figure, listed, whole_list
from posts.networks.in_steps import text_of
from posts.networks.takes import must_take
from posts.networks.thread import same_words

EARLIER = timedelta(seconds=60)  # two clocks are never quite the same
PAGE = 100
AT_ONCE = 50  # ids in one request
USER = "user_token"  # of the credentials: the person's own, from which a page's token can be had anew
COUNTS = "reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0),shares"
INSIGHTS = "insights.metric(post_media_view,post_clicks).period(lifetime){name,values}"


class Facebook(Connector, SignsIn):
    """A page. It keeps no key of ours, and its feed can be read."""

    slug = "facebook"
    name = NAME
    icon = "facebook"
    address = "https://graph.facebook.com"
    pages = "https://www.facebook.com"
    limits = Limits(
        max_length=63_206,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=7,
        per_24h=25,
        same_words_after=7,
        media=MediaLimits(
            images=10,
            image_types=("image/jpeg", "image/png"),
            image_bytes=4_000_000,
            longest_side=8192,
            alt_length=1000,
            gifs=1,
            gif_bytes=100_000_000,
            videos=1,
            video_types=("video/mp4", "video/quicktime"),
            video_bytes=1_000_000_000,
            video_seconds=14_400.0,
        ),
        source="https://developers.facebook.com/docs/graph-api/reference/page/photos, /docs/video-api, "
        "https://docs.upload-post.com (25 posts a day)",
        checked=date(2026, 11, 21),
    )
    proof = Proof.BY_READING
    settle_after = 60.0
    resend_with_key = False
    measures = frozenset({"likes", "reposts", "replies", "views", "clicks"})

    console = "https://developers.facebook.com/apps"
    scopes = ("pages_show_list", "pages_manage_posts", "pages_read_engagement", "read_insights", "business_management")
    steps = (
        say("Create an app of the type “Business” at developers.facebook.com/apps.").text,
        say("Add the product “Facebook Login for Business”.").text,
        say("In its settings, enter the callback address that is shown here under “Valid OAuth Redirect URIs”.").text,
        say("Ask for advanced access to the permissions that are listed here, unless all pages are your own.").text,
        say("Under “App settings”, “Basic”, copy the app id and the app secret, and enter both here.").text,
    )

    def length(self, text: str) -> int:
        return utf16_units(text)

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        if message.repost_of:
            raise Refused(say("Facebook lets no app share a page’s own post again."))
        if any(facebook_files.is_film(file) for file in message.media):
            return facebook_files.publish_film(account, message)
        form = {"message": message.text} if message.text else {}
        for number, photo in enumerate(facebook_files.photos(account, message)):
            form[f"attached_media[{number}]"] = f'{{"media_fbid":"{photo}"}}'
        if message.card and not message.media:
            form["link"] = message.card.url
        return _receipt(text_of(meta.call(NAME, account, "POST", f"{_page(account)}/feed", form=form), "id"))

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        try:
            if any(facebook_files.is_film(file) for file in message.media):
                return facebook_files.find_film(account, message)
            return _in_the_feed(account, message)
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        wanted, found = list(remote_ids), dict[str, Reactions]()
        for start in range(0, len(wanted), AT_ONCE):
            found |= _figures(account, wanted[start : start + AT_ONCE])
        return found

    def delete(self, account: Account, remote_id: str) -> None:
        meta.delete(NAME, account, f"/{meta.VERSION}/{remote_id}")

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        """Without the challenge: Facebook checks it for apps on a device only."""
        place = f"{oauth.beside(app, self.address, self.pages)}/{meta.VERSION}/dialog/oauth"
        scopes = [meta.commas(self.scopes)]
        return oauth.sign_in_address(place, app, state=state, redirect=redirect, scopes=scopes)

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        """A page's token that comes of a long-lived one ends with the person's rights, at no set time."""
        place = f"{app.server or self.address}/{meta.VERSION}"
        short = meta.short_lived(NAME, f"{place}/oauth/access_token", app, code, redirect)
        fields = {
            "grant_type": "fb_exchange_token",
            "client_id": app.id,
            "client_secret": app.secret,
            "fb_exchange_token": short.access,
        }
        token = meta.long_lived(NAME, f"{place}/oauth/access_token", fields)
        fields = {"fields": "id,name,username,link,access_token,tasks", "limit": str(PAGE)}
        told = meta.read_of(NAME, f"{place}/me/accounts", token, fields)
        grants = [_grant(app, token, page) for page in listed(told) if "CREATE_CONTENT" in page.get("tasks", ())]
        if not grants:
            raise ChannelRefused(say("You chose no page that you may post for, so there is nothing to connect."))
        return grants

    def refresh(self, app: App, grant: Grant) -> Grant:
        """The page's token once more, by the person's own."""
        if not (kept := grant.credentials.get(USER)):
            raise oauth.refusal(NAME, "invalid_grant")
        place = f"{grant.server or app.server or self.address}/{meta.VERSION}/{grant.remote_id}"
        told = meta.read_of(NAME, place, oauth.Token(kept), {"fields": "access_token"})
        match told:
            case {"access_token": str() as access} if access:
                return oauth.renewed(grant, oauth.Token(access))
        raise client.unclear(NAME)


def _page(account: Account) -> str:
    return f"/{meta.VERSION}/{account.remote_id}"


def _receipt(remote_id: str, url: str = "") -> Receipt:
    return Receipt(remote_id, url or f"https://www.facebook.com/{remote_id}")


def _grant(app: App, token: oauth.Token, page: Mapping[str, Any]) -> Grant:
    credentials = {oauth.ACCESS: page["access_token"], USER: token.access}
    handle, name = page.get("username") or page["name"], page["name"]
    return Grant(page["id"], handle, name, credentials, app.server, None, page.get("link", ""))


def _in_the_feed(account: Account, message: Message) -> Found | Absent | Unknown:
    since = message.since.astimezone(UTC) - EARLIER
    fields = {
        "fields": "id,message,created_time,permalink_url",
        "since": str(int(since.timestamp())),
        "limit": str(PAGE),
    }
    told = meta.ask(NAME, account, f"{_page(account)}/feed", fields)
    posts = whole_list(NAME, told)
    if "next" in (told.get("paging") or {}):
        raise NotSent(say("The timeline is too long to be read back."))
    recent = [post for post in posts if _made(post) >= since]
    same = [post for post in recent if same_words(post.get("message", ""), message.text)]
    if len(same) > 1:
        return Unknown(say("There are two posts with these words. Which one is ours cannot be told."))
    return Found(_receipt(same[0]["id"], same[0].get("permalink_url", ""))) if same else Absent()


def _made(post: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(post["created_time"])
    except (KeyError, TypeError, ValueError):
        raise client.unclear(NAME) from None


def _figures(account: Account, remote_ids: Sequence[str]) -> dict[str, Reactions]:
    """All at once; one by one where one of them is gone, since Facebook then tells of none."""
    told = _told(account, remote_ids, f"{COUNTS},{INSIGHTS}")
    if told is None and len(remote_ids) > 1:
        return {name: count for one in remote_ids for name, count in _figures(account, [one]).items()}
    posts = told or {}
    return {remote_id: _reactions(posts[remote_id]) for remote_id in remote_ids if remote_id in posts}


def _told(account: Account, remote_ids: Sequence[str], fields: str) -> Mapping[str, Any] | None:
    """None where one is gone. Without views and clicks where the person did not allow them, or Meta renamed them."""
    params = {"ids": meta.commas(remote_ids), "fields": fields}
    try:
        answer = signed.call(NAME, account, "GET", f"/{meta.VERSION}/", params=params)
        if meta.is_gone(answer):
            return None
        told = meta.accepted(answer).json()
    except Unconfirmed as error:
        raise signed.could_not_ask(NAME, error) from error
    except (Refused, ChannelRefused):
        if fields == COUNTS:
            raise
        return _told(account, remote_ids, COUNTS)
    return told if isinstance(told, dict) else {}


def _reactions(post: object) -> Reactions:
    insights = meta.numbers(post.get("insights")) if isinstance(post, dict) else {}
    return Reactions(
        likes=figure(post, "reactions", "summary", "total_count"),
        reposts=figure(post, "shares", "count") or 0,  # Facebook leaves out what is zero
        replies=figure(post, "comments", "summary", "total_count"),
        views=insights.get("post_media_view"),
        clicks=insights.get("post_clicks"),
    )
