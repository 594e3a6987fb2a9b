"""X's API v2 after https://docs.x.com/x-api, seen in excerpts (OpenAPI 2.168) on 21 November 2026.

Sizes, the length of a film and the 403 for it: x-api/media/quickstart/best-practices.mdx of
github.com/xdevplatform/docs, seen whole. Errors are worded as clients report them
(github.com/akrherz/iembot/issues/163, github.com/koala73/worldmonitor/pull/7156), and so are the headers
x-user-limit-24hour-*: X's page on rate limits names only those of the quarter hour. That unknown fields are refused
is our judgement.
"""

from __future__ import annotations

import base64
import html
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from posts.networks.weighted import links, weighted_length
from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned, only

USER, CLIENT, SECRET, VERIFIER = "2244994945", "client-1", "hush", "v" * 60
POST_FIELDS: dict[str, type | tuple[type, ...]] = {"text": str, "reply": dict, "media": dict, "quote_tweet_id": str}
SIZES = {"tweet_image": 5_000_000, "tweet_gif": 15_000_000, "tweet_video": 8_000_000_000}
TYPES = {
    "tweet_image": {"image/jpeg", "image/png", "image/webp"},
    "tweet_gif": {"image/gif"},
    "tweet_video": {"video/mp4", "video/quicktime"},
}
ID = re.compile(r"[0-9]{1,19}")


@dataclass
class Upload:
    category: str
    total: int
    pieces: dict[int, bytes] = field(default_factory=dict)
    final: bool = False
    alt: str = ""
    busy: int = 0  # how often it says that it is not ready


@dataclass
class Post:
    text: str
    answers: str = ""
    media: list[Upload] = field(default_factory=list)
    shares: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class X(Strict):
    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, Post] = {}
        self.uploads: dict[str, Upload] = {}
        self.access, self.refreshing = "token-1", "refresh-1"
        self.may_read = True
        self.scope = "tweet.read tweet.write users.read media.write offline.access"
        self.busy = 0
        self._number = 1346889436626259967

    def answer(self, request: Request) -> Reply:
        for method, pattern, act in self._routes():
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                if (
                    request.path != "/2/oauth2/token"
                    and request.headers.get("authorization") != f"Bearer {self.access}"
                ):
                    raise _turned(401, "Unauthorized", "Unauthorized")
                reply: Reply = act(request, *found.groups())
                return reply
        raise Turned(404, None)

    def _routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("POST", "/2/oauth2/token", self.on_token),
            ("GET", "/2/users/me", self.on_me),
            ("POST", "/2/tweets", self.on_post),
            ("GET", "/2/tweets", self.on_lookup),
            ("DELETE", "/2/tweets/([^/]+)", self.on_delete),
            ("GET", "/2/users/([^/]+)/tweets", self.on_timeline),
            ("POST", "/2/users/([^/]+)/retweets", self.on_repost),
            ("DELETE", "/2/users/([^/]+)/retweets/([^/]+)", self.on_unrepost),
            ("POST", "/2/media/upload/initialize", self.on_initialize),
            ("POST", "/2/media/upload/([^/]+)/append", self.on_append),
            ("POST", "/2/media/upload/([^/]+)/finalize", self.on_finalize),
            ("GET", "/2/media/upload", self.on_status),
            ("POST", "/2/media/metadata", self.on_metadata),
        ]

    def on_token(self, request: Request) -> Reply:
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != basic:
            raise Turned(
                401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"}
            )
        form = dict(request.form)
        match form.pop("grant_type", ""):
            case "authorization_code" if form.get("code") == "code-1" and form.get("code_verifier") == VERIFIER:
                _known(form, {"client_id", "code", "code_verifier", "redirect_uri"})
            case "refresh_token" if form.get("refresh_token") == self.refreshing:
                _known(form, {"client_id", "refresh_token"})
                self.access, self.refreshing = "token-2", "refresh-2"
            case "refresh_token":
                raise Turned(
                    400, {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
                )
            case _:
                raise Turned(
                    400, {"error": "invalid_grant", "error_description": "Value passed for the code was invalid."}
                )
        told = {"token_type": "bearer", "expires_in": 7200, "access_token": self.access, "scope": self.scope}
        return Reply(200, told | ({"refresh_token": self.refreshing} if "offline.access" in self.scope else {}))

    def on_me(self, request: Request) -> Reply:
        _known(request.query, {"user.fields"})
        return Reply(200, {"data": {"id": USER, "name": "Atelier", "username": "atelier", "subscription_type": "None"}})

    def on_post(self, request: Request) -> Reply:
        given = _body(request, POST_FIELDS)
        text, uploads = given.get("text", ""), self._attached(given.get("media"))
        only(given.get("reply", {}), {"in_reply_to_tweet_id": str}, _bad)
        if not text and not uploads:
            raise _bad("Requires either text or media.")
        if weighted_length(text) > 280:
            raise _turned(403, "Forbidden", "Your Tweet text is too long.")
        answers = given.get("reply", {}).get("in_reply_to_tweet_id", "")
        if answers and answers not in self.posts:
            raise _turned(403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if any(post.text == text and post.answers == answers and text and not uploads for post in self.posts.values()):
            raise _turned(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
        number = self._next()
        self.posts[number] = Post(text, answers, uploads)
        return Reply(201, {"data": {"id": number, "text": text, "edit_history_tweet_ids": [number]}}, _window(99))

    def on_lookup(self, request: Request) -> Reply:
        _known(request.query, {"ids", "tweet.fields"})
        ids = request.query["ids"].split(",")
        if not 1 <= len(ids) <= 100 or not all(ID.fullmatch(one) for one in ids):
            raise _bad("The `ids` query parameter value is not valid")
        public = {"retweet_count": 2, "reply_count": 1, "like_count": 5, "quote_count": 1, "impression_count": 300}
        own = {"impression_count": 300, "url_link_clicks": 7, "user_profile_clicks": 1}
        found = [
            {"id": one, "text": self.posts[one].text, "public_metrics": public, "non_public_metrics": own}
            for one in ids
            if one in self.posts
        ]
        gone = [{"value": one, "title": "Not Found Error"} for one in ids if one not in self.posts]
        return Reply(200, ({"data": found} if found else {}) | ({"errors": gone} if gone else {}))

    def on_delete(self, request: Request, number: str) -> Reply:
        if not ID.fullmatch(number):
            raise _bad(f"The `id` query parameter value [{number}] is not valid")
        self.posts.pop(number, None)
        return Reply(200, {"data": {"deleted": True}})

    def on_timeline(self, request: Request, user: str) -> Reply:
        _known(request.query, {"max_results", "start_time", "tweet.fields", "pagination_token"})
        if not self.may_read:
            raise _turned(403, "Client Forbidden", "Your app has no access to this endpoint.")
        if user != USER or not 5 <= int(request.query["max_results"]) <= 100:
            raise _bad("One or more parameters to your request was invalid.")
        start = datetime.fromisoformat(request.query["start_time"])
        shown = [_shown(number, post) for number, post in self.posts.items() if post.at >= start]
        return Reply(
            200, {"data": shown, "meta": {"result_count": len(shown)}} if shown else {"meta": {"result_count": 0}}
        )

    def on_repost(self, request: Request, user: str) -> Reply:
        given = _body(request, {"tweet_id": str})
        if user != USER or given.get("tweet_id") not in self.posts:
            raise _turned(404, "Not Found Error", "Could not find tweet.")
        if any(post.shares == given["tweet_id"] for post in self.posts.values()):
            raise _turned(403, "Forbidden", "You cannot retweet a Tweet that you have already retweeted.")
        self.posts[self._next()] = Post("RT", shares=given["tweet_id"])
        return Reply(200, {"data": {"id": given["tweet_id"], "retweeted": True}})

    def on_unrepost(self, request: Request, user: str, number: str) -> Reply:
        self.posts = {one: post for one, post in self.posts.items() if post.shares != number}
        return Reply(200, {"data": {"retweeted": False}})

    def on_initialize(self, request: Request) -> Reply:
        given = _body(request, {"media_type": str, "total_bytes": int, "media_category": str})
        if given.get("media_type") not in TYPES.get(given.get("media_category", ""), set()):
            raise _bad("media type unrecognized.")
        if not 0 < given["total_bytes"] <= SIZES[given["media_category"]]:
            raise _bad("File size exceeds the limit.")
        number = self._next()
        busy = self.busy if given["media_category"] == "tweet_video" else 0
        self.uploads[number] = Upload(given["media_category"], given["total_bytes"], busy=busy)
        told = {"id": number, "media_key": f"3_{number}", "expires_after_secs": 86400}
        return Reply(200, {"data": told})

    def on_append(self, request: Request, number: str) -> Reply:
        upload = self._upload(number)
        _known(request.form, {"segment_index"})
        if set(request.files) != {"media"} or upload.final:
            raise _bad("media is required")
        piece, index = request.files["media"].body, int(request.form["segment_index"])
        if len(piece) > 5_000_000 or not 0 <= index <= 999 or not piece:
            raise _bad("segment size or index is not valid")
        upload.pieces[index] = piece
        return Reply(200, {"data": {"expires_at": int(time.time()) + 86400}})

    def on_finalize(self, request: Request, number: str) -> Reply:
        upload = self._upload(number)
        whole = b"".join(upload.pieces[index] for index in sorted(upload.pieces))
        if sorted(upload.pieces) != list(range(len(upload.pieces))) or len(whole) != upload.total or upload.final:
            raise _bad("Segments do not add up to provided total file size.")
        upload.final = True
        return self._state(number, upload)

    def on_status(self, request: Request) -> Reply:
        _known(request.query, {"command", "media_id"})
        if request.query["command"] != "STATUS":
            raise _bad("command is not valid")
        return self._state(request.query["media_id"], self._upload(request.query["media_id"]))

    def on_metadata(self, request: Request) -> Reply:
        given = _body(request, {"id": str, "metadata": dict})
        only(given["metadata"], {"alt_text": dict}, _bad)
        text = given["metadata"]["alt_text"]["text"]
        if not 0 < len(text) <= 1000:
            raise _bad("alt_text.text: must be at most 1000 characters")
        self._upload(given["id"]).alt = text
        return Reply(200, {"data": {"id": given["id"], "associated_metadata": given["metadata"]}})

    def _attached(self, media: dict[str, Any] | None) -> list[Upload]:
        if media is None:
            return []
        only(media, {"media_ids": list}, _bad)
        uploads = [self._upload(one) for one in media["media_ids"]]
        kinds = {upload.category for upload in uploads}
        most = 4 if kinds == {"tweet_image"} else 1
        if not 1 <= len(uploads) <= most or any(not one.final or one.busy for one in uploads):
            raise _bad("Your media IDs are invalid.")
        return uploads

    def _upload(self, number: str) -> Upload:
        if number not in self.uploads:
            raise _bad("Your media IDs are invalid.")
        return self.uploads[number]

    def _state(self, number: str, upload: Upload) -> Reply:
        told: dict[str, Any] = {"id": number, "media_key": f"3_{number}", "size": upload.total}
        if upload.category == "tweet_video":
            state = {"state": "in_progress", "check_after_secs": 3} if upload.busy else {"state": "succeeded"}
            told["processing_info"] = state
            upload.busy = max(upload.busy - 1, 0)
        return Reply(200, {"data": told})

    def _next(self) -> str:
        self._number += 1
        return str(self._number)


def used_up(reset: int) -> Reply:
    """429 as X says it when an account has made the day's posts: the quarter hour's window is not empty."""
    headers = {
        **_window(42),
        "x-user-limit-24hour-limit": "100",
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(reset),
    }
    told = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    return Reply(429, told, headers)


def _shown(number: str, post: Post) -> dict[str, Any]:
    """As X shows a post: links shortened, a link to its files behind, & < > escaped, the tail cut off nowhere."""
    text, urls = post.text, []
    for count, (start, end) in reversed(list(enumerate(links(post.text)))):
        link, short = post.text[start:end], f"https://t.co/{count:010d}"
        text = text[:start] + short + text[end:]
        urls.append({"url": short, "expanded_url": link if "://" in link else f"http://{link}"})
    if post.media:
        text += " https://t.co/media00000"
        urls.append({"url": "https://t.co/media00000", "expanded_url": "https://x.com/a/photo/1", "media_key": "3_1"})
    told: dict[str, Any] = {
        "id": number,
        "text": html.escape(text, quote=False),
        "created_at": post.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "entities": {"urls": urls},
    }
    referred = [("replied_to", post.answers), ("retweeted", post.shares)]
    if any(one for _, one in referred):
        told["referenced_tweets"] = [{"type": kind, "id": one} for kind, one in referred if one]
    return told


def _window(left: int) -> dict[str, str]:
    reset = str(int(time.time()) + 900)
    return {"x-rate-limit-limit": "100", "x-rate-limit-remaining": str(left), "x-rate-limit-reset": reset}


def _body(request: Request, fields: dict[str, type | tuple[type, ...]]) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise _bad("Requests with bodies must have content-type of application/json.")
    only(request.json, fields, _bad)
    return request.json


def _known(given: Any, names: set[str]) -> None:
    if set(given) - names:
        raise _bad(f"The query parameter {sorted(set(given) - names)} is not one of {sorted(names)}")


def _bad(why: str) -> Turned:
    told = {
        "errors": [{"message": why}],
        "title": "Invalid Request",
        "type": "https://api.x.com/2/problems/invalid-request",
    }
    return Turned(400, {**told, "detail": "One or more parameters to your request was invalid."})


def _turned(status: int, title: str, why: str) -> Turned:
    return Turned(status, {"title": title, "detail": why, "type": "about:blank", "status": status})
