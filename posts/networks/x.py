"""X: posts and threads by its API v2, with files, reposts and figures, and its timeline read back.

After docs.x.com, as it stands in github.com/xdevplatform/docs (x-api/media/quickstart/best-practices.mdx and
x-api/fundamentals/rate-limits.mdx whole, the rest in excerpts), seen on 21 November 2026. The prices stand in an
excerpt of https://docs.x.com/x-api/getting-started/pricing; that page as it is in the repository names none. The day's
50 and 2,400 posts are https://help.x.com/en/rules-and-policies/x-limits, as newspapers quoted it in May 2026
(lokmattimes.com, ddindia.co.in). That the same words are taken again after two days, the parts of a thread and the
longest side of a picture rest on nothing but our judgement.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from notices.sentences import say
from posts.networks import client, oauth, signed, x_files, x_timeline
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
    SendError,
    Unconfirmed,
    Unknown,
)
from posts.networks.figures import figure, listed, total
from posts.networks.in_steps import text_of
from posts.networks.takes import must_take
from posts.networks.thread import find_parts, joined, parts_of, send_parts
from posts.networks.weighted import weighted_length
from posts.networks.x_answers import NAME, accepted, says
from posts.networks.x_files import MOST_PIECES, PIECE

PAGE = 100  # posts of which the figures can be asked for at once
REPOST = "repost:"  # before the id of the post that was shared, and ours: a repost on X has no id that can be used
USED_UP = frozenset({"invalid_request"})  # X's word for a refresh token that was used before or taken back
PREMIUM = frozenset({"Basic", "Premium", "PremiumPlus"})
VERIFIED = PREMIUM - {"Basic"}  # with a check mark


class X(Connector, SignsIn):
    """Keeps no key of ours. An answer "duplicate" proves nothing: the words may be those of an earlier repeat."""

    slug = "x"
    name = NAME
    icon = "x"
    address = "https://api.x.com"
    pages = "https://x.com"
    limits = Limits(
        max_length=280,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=7,
        per_24h=50,  # of an account that is not verified; `told` asks which it is
        same_words_after=2,
        parts=25,  # X names no limit; so many ids find room in one receipt
        costs=say(
            "X charges 0.015 US dollars for each post, and 0.20 for one with a link (docs.x.com, 2026-11-21)."
        ).text,
        media=MediaLimits(
            images=4,
            image_types=("image/jpeg", "image/png", "image/webp"),
            image_bytes=5_000_000,
            longest_side=8192,
            alt_length=1000,
            gifs=1,
            gif_bytes=15_000_000,
            videos=1,
            video_types=("video/mp4", "video/quicktime"),
            video_bytes=MOST_PIECES * PIECE,  # X takes 8 GB, and no more pieces
            video_seconds=20 * 60.0,
        ),
        source="https://docs.x.com/x-api/media/quickstart/best-practices, "
        "https://docs.x.com/x-api/getting-started/pricing, https://help.x.com/en/rules-and-policies/x-limits",
        checked=date(2026, 11, 21),
    )
    proof = Proof.BY_READING
    settle_after = 30.0
    resend_with_key = False
    reposts = True
    measures = frozenset({"likes", "reposts", "replies", "views", "clicks"})

    console = "https://console.x.com"
    scopes = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
    steps = (
        say("Sign in at console.x.com, create a project with an app, and buy credits: X charges for each post.").text,
        say("Open the app’s “User authentication settings” and choose “Read and write”.").text,
        say("As type of app choose “Web App, Automated App or Bot”.").text,
        say("As callback address enter the one that is shown here, letter by letter.").text,
        say("Under “Keys and tokens” copy the OAuth 2.0 client id and client secret, and enter both here.").text,
    )

    def length(self, text: str) -> int:
        return weighted_length(text)

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        if message.repost_of:
            return _repost(account, message)
        media = x_files.uploaded(account, message)
        return joined(
            send_parts(message, lambda place, text, done: _post(account, text, _last(done), () if place else media))
        )

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        try:
            shown = x_timeline.since(account, message.since)
            if not message.repost_of:
                return find_parts(message, lambda _, text, done: _shown(account, shown, text, _last(done)))
        except SendError as error:
            return Unknown(error.sentence)
        shared = any(post.shares == parts_of(message.repost_of)[0] for post in shown)
        return Found(_reposted(account, message)) if shared else Absent()

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        """Of a thread, what its first post earned."""
        wanted = {parts_of(one)[0]: one for one in remote_ids if one and not one.startswith(REPOST)}
        found: dict[str, Reactions] = {}
        for start in range(0, len(wanted), PAGE):
            found |= _figures(account, list(wanted)[start : start + PAGE])
        return {wanted[first]: reactions for first, reactions in found.items()}

    def delete(self, account: Account, remote_id: str) -> None:
        """A thread from its end, so that nothing of it ever hangs in the air."""
        if remote_id.startswith(REPOST):
            shared = remote_id.split(":")[1]
            _delete(account, f"/2/users/{account.remote_id}/retweets/{shared}")
            return
        for part in reversed(parts_of(remote_id)):
            _delete(account, f"/2/tweets/{part}")

    def told(self, account: Account) -> Told:
        """Who pays for X Premium may write 25,000 characters, and who is verified 2,400 posts a day."""
        try:
            answer = signed.call(NAME, account, "GET", "/2/users/me", params={"user.fields": "subscription_type"})
            told = accepted(answer).json()
        except Unconfirmed as error:
            raise signed.could_not_ask(NAME, error) from error
        match told:
            case {"data": {"subscription_type": str() as plan}}:
                return Told(max_length=25_000 if plan in PREMIUM else 280, per_24h=2400 if plan in VERIFIED else 50)
        return Told()

    def authorize(self, app: App, *, state: str, challenge: str, redirect: str, hint: str = "") -> str:
        place = f"{oauth.beside(app, self.address, self.pages)}/i/oauth2/authorize"
        return oauth.sign_in_address(
            place, app, state=state, redirect=redirect, scopes=self.scopes, challenge=challenge
        )

    def exchange(self, app: App, *, code: str, verifier: str, redirect: str) -> Sequence[Grant]:
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect}
        token = oauth.must_allow(NAME, self._token(app, form), ("tweet.read", "tweet.write", "users.read"))
        told = oauth.asked(NAME, f"{app.server or self.address}/2/users/me", token=token.access)
        match told:
            case {"data": {"id": str() as remote_id, "username": str() as handle, "name": str() as name}}:
                url = f"https://x.com/{handle}"
                return [Grant(remote_id, f"@{handle}", name, token.credentials, app.server, token.expires_at, url)]
        raise client.unclear(NAME)

    def refresh(self, app: App, grant: Grant) -> Grant:
        """X gives a new refresh token each time, and the old one is worth nothing from then on."""
        form = {"grant_type": "refresh_token", "refresh_token": grant.credentials.get(oauth.REFRESH, "")}
        return oauth.renewed(grant, self._token(app, form, oauth.FINAL | USED_UP))

    def _token(self, app: App, form: Mapping[str, str], final: frozenset[str] = oauth.FINAL) -> oauth.Token:
        place = f"{app.server or self.address}/2/oauth2/token"
        return oauth.ask_token(NAME, place, form, app=app, basic=bool(app.secret), final=final)


def _post(account: Account, text: str, before: str, media: Sequence[str]) -> Receipt:
    body: dict[str, Any] = {"text": text} if text else {}
    if before:
        body["reply"] = {"in_reply_to_tweet_id": before}
    if media:
        body["media"] = {"media_ids": list(media)}
    answer = accepted(signed.call(NAME, account, "POST", "/2/tweets", body=body))
    return _receipt(account, text_of(answer, "data", "id"))


def _repost(account: Account, message: Message) -> Receipt:
    """Only one repost stands at a time: an earlier one is taken back, so that it goes to the top again."""
    place, remote_id = f"/2/users/{account.remote_id}/retweets", parts_of(message.repost_of)[0]
    answer = signed.call(NAME, account, "POST", place, body={"tweet_id": remote_id})
    if answer.status in (400, 403) and "already" in says(answer).lower():
        accepted(signed.call(NAME, account, "DELETE", f"{place}/{remote_id}"))
        answer = signed.call(NAME, account, "POST", place, body={"tweet_id": remote_id})
    match accepted(answer).json():
        case {"data": {"retweeted": True}}:
            return _reposted(account, message)
    raise client.unclear(NAME)


def _shown(account: Account, shown: Sequence[x_timeline.Shown], text: str, before: str) -> Receipt | None:
    """The post with these words behind that one. Raises Unconfirmed where it cannot be told which one."""
    same = [post for post in shown if post.answers == before and x_timeline.same_words(post.text, text)]
    if len(same) > 1:
        raise Unconfirmed(say("There are two posts with these words. Which one is ours cannot be told."))
    return _receipt(account, same[0].remote_id) if same else None


def _last(done: Sequence[Receipt]) -> str:
    return done[-1].remote_id if done else ""


def _delete(account: Account, path: str) -> None:
    answer = signed.call(NAME, account, "DELETE", path)
    if answer.status != 404:
        accepted(answer)


def _figures(account: Account, remote_ids: Sequence[str]) -> dict[str, Reactions]:
    params = {"ids": ",".join(remote_ids), "tweet.fields": "public_metrics,non_public_metrics"}
    try:
        told = accepted(signed.call(NAME, account, "GET", "/2/tweets", params=params)).json()
    except Unconfirmed as error:
        raise signed.could_not_ask(NAME, error) from error
    found = {post.get("id"): _reactions(post) for post in listed(told)}
    return {remote_id: found[remote_id] for remote_id in remote_ids if remote_id in found}


def _reactions(post: Mapping[str, Any]) -> Reactions:
    public = "public_metrics"
    return Reactions(
        likes=figure(post, public, "like_count"),
        reposts=total(figure(post, public, "retweet_count"), figure(post, public, "quote_count")),
        replies=figure(post, public, "reply_count"),
        views=figure(post, public, "impression_count"),
        clicks=figure(post, "non_public_metrics", "url_link_clicks"),
    )


def _receipt(account: Account, remote_id: str) -> Receipt:
    return Receipt(remote_id, f"https://x.com/{account.handle.removeprefix('@') or 'i'}/status/{remote_id}")


def _reposted(account: Account, message: Message) -> Receipt:
    """Ours by the publication's own id, so that two repeats are two."""
    shared = parts_of(message.repost_of)[0]
    return Receipt(f"{REPOST}{shared}:{message.reference}", _receipt(account, shared).url)
