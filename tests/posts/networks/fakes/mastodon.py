"""A stand-in for a Mastodon server that takes no notice of Idempotency-Key, as real ones do not: so that only reading
back what was posted can keep a post from coming twice.

After https://docs.joinmastodon.org/methods/statuses/, /media/, /accounts/ and /instance/, seen in excerpts on 21
November 2026, and never laxer than these: unknown fields, wrong types, words that are too long, foreign files and
missing posts are refused.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from posts.networks.mastodon import Mastodon
from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned, only

MOST = 500
FIELDS = {
    "status": str, "media_ids": list, "in_reply_to_id": str, "sensitive": bool, "spoiler_text": str,
    "visibility": str, "language": str, "scheduled_at": str, "quoted_status_id": str,
}  # fmt: skip
LANGUAGE = re.compile(r"[a-z]{2,3}")
LIMITS = {
    "x-ratelimit-limit": "300",
    "x-ratelimit-remaining": "299",
    "x-ratelimit-reset": "2026-11-21T12:00:00.000000Z",
}


@dataclass
class Status:
    id: str
    account: str
    text: str
    at: datetime
    parent: str | None = None
    language: str | None = None
    files: tuple[str, ...] = ()
    shared: str | None = None  # the id of the post that this one shares again
    likes: int = 0
    key: str = ""  # that it took no notice of


@dataclass
class Picture:
    account: str
    body: bytes
    mime: str
    alt: str
    looks: int  # how often it still says that it is at work on it


@dataclass
class Place:
    statuses: dict[str, Status] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)


class FakeMastodon(Strict):
    def __init__(self, accounts: dict[str, str] | None = None, *, slow_files: int = 0, version: int = 2) -> None:
        """`accounts`: whose each token is. `version`: of the document about the server that it has."""
        self.accounts = accounts or {"token-1": "1"}
        self.place = Place()
        self.slow_files, self.version = slow_files, version
        self.ahead = timedelta(0)  # of its clock
        self._numbers = count(1001)
        super().__init__()

    @property
    def timeline(self) -> list[Status]:
        """Newest first."""
        return list(self.place.statuses.values())[::-1]

    def answer(self, request: Request) -> Reply:
        if request.path == f"/api/v{self.version}/instance":
            return Reply(200, _instance(self.version))
        for pattern, function in ROUTES:
            if match := re.fullmatch(pattern, f"{request.method} {request.path}"):
                return Reply(200, function(self, request, self._whose(request), *match.groups()), LIMITS)
        raise Turned(404, {"error": "Record not found"})

    def post(self, request: Request, account: str) -> Any:
        given = request.json
        if not isinstance(given, dict):
            raise Turned(400, {"error": "no JSON"})
        only(given, FIELDS, lambda why: Turned(422, {"error": f"Validation failed: {why}"}))
        text, files, parent = given.get("status", ""), given.get("media_ids", []), given.get("in_reply_to_id")
        if not text and not files:
            raise Turned(422, {"error": "Validation failed: Text can't be blank"})
        if Mastodon().length(text) > MOST:
            raise Turned(422, {"error": f"Validation failed: Text character limit of {MOST} exceeded"})
        if "language" in given and not LANGUAGE.fullmatch(given["language"]):
            raise Turned(422, {"error": "Validation failed: Language is invalid"})
        if len(files) > 4 or any(self.place.pictures.get(one, NOBODYS).account != account for one in files):
            raise Turned(422, {"error": "Validation failed: Media not found"})
        if any(self.place.pictures[one].looks > 0 for one in files):
            raise Turned(
                422, {"error": "Cannot attach files that have not finished processing. Try again in a moment!"}
            )
        if parent is not None and parent not in self.place.statuses:
            raise Turned(404, {"error": "Record not found"})
        key = request.headers.get("idempotency-key", "")
        return self._new(account, text, parent=parent, language=given.get("language"), files=tuple(files), key=key)

    def upload(self, request: Request, account: str) -> Any:
        file = request.files.get("file")
        if file is None or not file.body or set(request.form) - {"description", "focus"} or len(request.files) > 1:
            raise Turned(422, {"error": "Validation failed: File can't be blank"})
        alt = request.form.get("description", "")
        if len(alt) > 1500:
            raise Turned(422, {"error": "Validation failed: Description is too long (maximum is 1500 characters)"})
        number = str(next(self._numbers))
        self.place.pictures[number] = Picture(account, file.body, file.mime, alt, self.slow_files)
        if self.slow_files:
            raise Turned(202, self._file(number))
        return self._file(number)

    def picture(self, request: Request, account: str, number: str) -> Any:
        one = self.place.pictures.get(number)
        if one is None or one.account != account:
            raise Turned(404, {"error": "Record not found"})
        if one.looks > 0:
            one.looks -= 1
            raise Turned(206, self._file(number))
        return self._file(number)

    def said(self, request: Request, account: str, whose: str) -> Any:
        """Newest first, at most 40 a page."""
        if set(request.query) - {"limit", "max_id", "exclude_reblogs", "exclude_replies"}:
            raise Turned(422, {"error": "unknown parameter"})
        limit, before = int(request.query.get("limit", "20")), request.query.get("max_id")
        rows = [one for one in self.timeline if one.account == whose and (before is None or int(one.id) < int(before))]
        return [self._shown(one) for one in rows[: min(limit, 40)]]

    def read(self, request: Request, account: str, number: str) -> Any:
        return self._shown(self._there(number))

    def delete(self, request: Request, account: str, number: str) -> Any:
        one = self._there(number)
        if one.account != account:
            raise Turned(404, {"error": "Record not found"})
        del self.place.statuses[number]
        return self._shown(one)

    def share(self, request: Request, account: str, number: str) -> Any:
        """Of the same account once: asked again, it shows what is shared already."""
        self._there(number)
        mine = [one for one in self.timeline if one.account == account and one.shared == number]
        return self._shown(mine[0]) if mine else self._new(account, "", shared=number)

    def unshare(self, request: Request, account: str, number: str) -> Any:
        for one in [one for one in self.timeline if one.account == account and one.shared == number]:
            del self.place.statuses[one.id]
        return self._shown(self._there(number))

    def _whose(self, request: Request) -> str:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.accounts:
            raise Turned(401, {"error": "The access token is invalid"})
        return self.accounts[token]

    def _there(self, number: str) -> Status:
        if number not in self.place.statuses:
            raise Turned(404, {"error": "Record not found"})
        return self.place.statuses[number]

    def _new(self, account: str, text: str, **more: Any) -> Any:
        one = Status(str(next(self._numbers)), account, text, datetime.now(UTC) + self.ahead, **more)
        self.place.statuses[one.id] = one
        return self._shown(one)

    def _shown(self, one: Status) -> dict[str, Any]:
        shares = [other for other in self.place.statuses.values() if other.shared == one.id]
        return {
            "id": one.id,
            "created_at": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "in_reply_to_id": one.parent,
            "language": one.language,
            "content": _as_html(one.text),
            "url": f"{self.url}/@{one.account}/{one.id}",
            "account": {"id": one.account},
            "media_attachments": [self._file(number) for number in one.files],
            "reblog": self._shown(self.place.statuses[one.shared]) if one.shared else None,
            "reblogged": bool(shares),
            "favourites_count": one.likes,
            "reblogs_count": len(shares),
            "replies_count": sum(other.parent == one.id for other in self.place.statuses.values()),
        }

    def _file(self, number: str) -> dict[str, Any]:
        one = self.place.pictures[number]
        ready = f"{self.url}/files/{number}" if one.looks <= 0 else None
        return {"id": number, "type": "image", "url": ready, "description": one.alt or None}


NOBODYS = Picture("", b"", "", "", 0)
ROUTES = (
    (r"POST /api/v1/statuses", FakeMastodon.post),
    (r"POST /api/v2/media", FakeMastodon.upload),
    (r"GET /api/v1/media/(\w+)", FakeMastodon.picture),
    (r"GET /api/v1/accounts/(\w+)/statuses", FakeMastodon.said),
    (r"GET /api/v1/statuses/(\w+)", FakeMastodon.read),
    (r"DELETE /api/v1/statuses/(\w+)", FakeMastodon.delete),
    (r"POST /api/v1/statuses/(\w+)/reblog", FakeMastodon.share),
    (r"POST /api/v1/statuses/(\w+)/unreblog", FakeMastodon.unshare),
)


def _as_html(text: str) -> str:
    """As Mastodon shows it: a link loses nothing but is cut in three, and a mention loses its server."""
    shown = html.escape(text, quote=False)
    shown = re.sub(
        r"https?://(\S{1,30})(\S*)",
        r'<a href="#"><span class="invisible">https://</span><span>\1</span><span class="invisible">\2</span></a>',
        shown,
    )
    shown = re.sub(r"@(\w+)@[\w.]+", r'<span class="h-card"><a href="#">@<span>\1</span></a></span>', shown)
    return "".join(f"<p>{part.replace(chr(10), '<br />')}</p>" for part in shown.split("\n\n"))


def _instance(version: int) -> dict[str, Any]:
    if version == 1:
        return {"uri": "old.example", "max_toot_chars": 5000, "upload_limit": 16_000_000, "description_limit": 1000}
    statuses = {"max_characters": MOST, "max_media_attachments": 4, "characters_reserved_per_url": 23}
    files = {"image_size_limit": 16_777_216, "video_size_limit": 103_809_024, "description_limit": 1500}
    return {"domain": "new.example", "configuration": {"statuses": statuses, "media_attachments": files}}
