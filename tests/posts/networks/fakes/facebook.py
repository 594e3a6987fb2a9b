"""Facebook's Pages API (v25.0) after developers.facebook.com, seen in excerpts on 21 November 2026.

https://developers.facebook.com/docs/pages-api/posts and /docs/graph-api/reference/page/photos; the phases of a film
and its error 1363037 as Meta's github.com/facebook/facebook-python-business-sdk has them; #506 as
https://www.ayrshare.com/docs/errors/errors-ayrshare words it. 1,000 characters of a description are our judgement.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.posts.networks.fakes.meta import (
    CLIENT,
    SECRET,
    Graph,
    Post,
    gone,
    must_be,
    shown,
    stamp,
    turned,
)
from tests.posts.networks.fakes.strict import File, Reply, Request

PAGE, USER_TOKEN = "104", "user-1"


@dataclass
class Film:
    size: int
    session: str
    received: bytes = b""
    published: bool = False
    text: str = ""
    busy: bool = False


@dataclass
class Photo:
    file: File
    alt: str = ""
    used: bool = field(default=False)


class Facebook(Graph):
    open_paths: tuple[str, ...] = ("/oauth/access_token",)

    def __init__(self) -> None:
        super().__init__()
        self.photos: dict[str, Photo] = {}
        self.films: dict[str, Film] = {}
        self.insights = True
        self.person_token = USER_TOKEN

    def routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("POST", "/oauth/access_token", self.exchanged),
            ("GET", "/oauth/access_token", self.on_long_lived),
            ("GET", "/me/accounts", self.on_accounts),
            ("POST", f"/{PAGE}/feed", self.on_post),
            ("GET", f"/{PAGE}/feed", self.on_feed),
            ("POST", f"/{PAGE}/photos", self.on_photo),
            ("POST", f"/{PAGE}/videos", self.on_film),
            ("GET", "/", self.on_many),
            ("GET", r"/(\w+)", self.on_one),
            ("DELETE", r"/(\w+)", self.on_delete),
        ]

    def _must_be_known(self, request: Request) -> None:
        as_person = request.path.endswith("/me/accounts") or request.query.get("fields") == "access_token"
        if as_person and request.headers.get("authorization") == f"Bearer {self.person_token}":
            return
        super()._must_be_known(request)

    def on_long_lived(self, request: Request) -> Reply:
        must_be(request.query, {"grant_type", "client_id", "client_secret", "fb_exchange_token"})
        if request.query.get("client_id") != CLIENT or request.query.get("client_secret") != SECRET:
            raise turned(101, "Error validating application.")
        reply = self.prolonged(request, "fb_exchange_token")
        return Reply(
            200, {"access_token": self.person_token, "token_type": "bearer", "expires_in": 5183944} if reply else {}
        )

    def on_accounts(self, request: Request) -> Reply:
        must_be(request.query, {"fields", "limit"})
        page = {"id": PAGE, "name": "Atelier", "username": "atelier", "access_token": self.access}
        return Reply(200, {"data": [
            {**page, "link": "https://www.facebook.com/atelier", "tasks": ["ANALYZE", "CREATE_CONTENT", "MODERATE"]},
            {"id": "105", "name": "Another", "access_token": "x", "tasks": ["ANALYZE"]},
        ], "paging": {}})  # fmt: skip

    def on_post(self, request: Request) -> Reply:
        form = dict(request.form)
        attached = {name: form.pop(name) for name in list(form) if re.fullmatch(r"attached_media\[\d\]", name)}
        must_be(form, {"message", "link"})
        text = form.get("message", "")
        if not text and not attached and "link" not in form:
            raise turned(100, "Requires one of the params: message, link, attached_media")
        if len(text.encode("utf-16-le")) // 2 > 63206:
            raise turned(100, "(#100) The status you are trying to post is too long")
        photos = [json.loads(one)["media_fbid"] for one in attached.values()]
        for photo in photos:
            if photo not in self.photos or self.photos[photo].used:
                raise turned(100, "(#100) Invalid attached_media")
            self.photos[photo].used = True
        if not photos and any(post.text == text for post in self.posts.values()):
            raise turned(506, "(#506) Duplicate status message")
        number = f"{PAGE}_{self.next()}"
        self.posts[number] = Post(text, {**form, "photos": ",".join(photos)})
        return Reply(200, {"id": number})

    def on_feed(self, request: Request) -> Reply:
        must_be(request.query, {"fields", "since", "limit"})
        found = [
            {
                "id": number,
                "created_time": stamp(post),
                "permalink_url": f"https://www.facebook.com/atelier/posts/{number}",
            }
            | ({"message": post.text} if post.text else {})
            for number, post in shown(self.posts, request.query["since"])
        ]
        return Reply(200, {"data": found, "paging": {"cursors": {"before": "a", "after": "b"}}})

    def on_photo(self, request: Request) -> Reply:
        must_be(request.form, {"published", "alt_text_custom"})
        if request.form.get("published") != "false" or set(request.files) != {"source"}:
            raise turned(100, "(#100) source is required")
        file = request.files["source"]
        if file.mime not in ("image/jpeg", "image/png") or len(file.body) > 4_000_000 or not file.body:
            raise turned(324, "(#324) Missing or invalid image file")
        number = self.next()
        self.photos[number] = Photo(file, request.form.get("alt_text_custom", ""))
        return Reply(200, {"id": number})

    def on_film(self, request: Request) -> Reply:
        form = dict(request.form)
        match form.pop("upload_phase", ""):
            case "start":
                must_be(form, {"file_size"})
                number = self.next()
                self.films[number] = Film(int(form["file_size"]), f"session-{number}")
                told = {"video_id": number, "upload_session_id": f"session-{number}"}
                return Reply(200, {**told, "start_offset": "0", "end_offset": form["file_size"]})
            case "transfer":
                must_be(form, {"upload_session_id", "start_offset"})
                film = self._film(form["upload_session_id"])
                if int(form["start_offset"]) != len(film.received) or set(request.files) != {"video_file_chunk"}:
                    raise turned(6001, "There was a problem uploading your video file", subcode=1363037)
                film.received += request.files["video_file_chunk"].body
                return Reply(200, {"start_offset": str(len(film.received)), "end_offset": str(film.size)})
            case "finish":
                must_be(form, {"upload_session_id", "published", "description"})
                film = self._film(form["upload_session_id"])
                if len(film.received) != film.size:
                    raise turned(6001, "There was a problem uploading your video file", subcode=1363037)
                film.published, film.text = True, form.get("description", "")
                return Reply(200, {"success": True})
        raise turned(100, "(#100) upload_phase is not valid")

    def on_many(self, request: Request) -> Reply:
        must_be(request.query, {"ids", "fields"})
        if not self.insights and "insights" in request.query["fields"]:
            raise turned(100, "(#100) The value must be a valid insights metric")
        if not set(ids := request.query["ids"].split(",")) <= set(self.posts) | set(self.films):
            raise gone()
        told: dict[str, Any] = {
            "reactions": {"data": [], "summary": {"total_count": 8}},
            "comments": {"data": [], "summary": {"total_count": 3}},
            "shares": {"count": 2},
        }
        if "insights" in request.query["fields"]:
            values = [("post_media_view", 120), ("post_clicks", 9)]
            told["insights"] = {"data": [{"name": name, "values": [{"value": value}]} for name, value in values]}
        return Reply(200, {one: {**told, "id": one} for one in ids})

    def on_one(self, request: Request, number: str) -> Reply:
        if number == PAGE:
            return Reply(200, {"id": PAGE, "access_token": self.access})
        if number not in self.films:
            raise gone()
        film = self.films[number]
        status = "processing" if film.busy else "ready"
        return Reply(200, {"id": number, "published": film.published, "status": {"video_status": status}})

    def on_delete(self, request: Request, number: str) -> Reply:
        if self.posts.pop(number, None) is None and self.films.pop(number, None) is None:
            raise gone()
        return Reply(200, {"success": True})

    def _film(self, session: str) -> Film:
        for film in self.films.values():
            if film.session == session:
                return film
        raise turned(6000, "There was a problem uploading your video file. Please try again.", subcode=1363030)
