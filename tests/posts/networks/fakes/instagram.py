"""Instagram's API with Instagram login (v25.0) after developers.facebook.com, seen in excerpts on 21 November 2026.

https://developers.facebook.com/docs/instagram-platform/content-publishing and
https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes (June 2026).
`user_id` and `id` differ, as …/instagram-api-with-instagram-login/get-started says.
"""

from __future__ import annotations

import re
from typing import Any

from tests.posts.networks.fakes.meta import (
    Graph,
    Post,
    gone,
    insights,
    must_be,
    must_be_fetched,
    shown,
    stamp,
    turned,
)
from tests.posts.networks.fakes.strict import Reply, Request

ME = "17841405822304914"
FIELDS = {"image_url", "video_url", "media_type", "caption", "alt_text", "is_carousel_item", "children"}


class Instagram(Graph):
    def routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("POST", "/oauth/access_token", self.exchanged),
            ("GET", "/access_token", lambda request: self.prolonged(request, "ig_exchange_token")),
            ("GET", "/refresh_access_token", self.on_refresh),
            ("GET", "/me", self.on_me),
            ("POST", f"/{ME}/media", self.on_media),
            ("GET", f"/{ME}/media", self.on_list),
            ("POST", f"/{ME}/media_publish", self.on_publish),
            ("GET", f"/{ME}/content_publishing_limit", self.on_limit),
            ("GET", r"/(\d+)/insights", self.on_insights),
            ("GET", r"/(\d+)", self.on_one),
        ]

    def on_refresh(self, request: Request) -> Reply:
        reply = self.prolonged(request, "ig_refresh_token", needs=self.access)
        self.access = "token-2"
        assert isinstance(reply.body, dict)
        return Reply(200, {**reply.body, "access_token": self.access})

    def on_me(self, request: Request) -> Reply:
        must_be(request.query, {"fields"})
        return Reply(200, {"user_id": ME, "username": "atelier", "name": "Atelier", "id": "2"})

    def on_media(self, request: Request) -> Reply:
        given = dict(request.form)
        must_be(given, FIELDS)
        caption, kind = given.get("caption", ""), given.get("media_type", "IMAGE")
        if len(caption) > 2200:
            raise turned(36004, "The caption was too long", subcode=2207010)
        if len(re.findall(r"#\w+", caption)) > 30 or (caption and "is_carousel_item" in given):
            raise turned(100, "The submitted caption is not valid", subcode=2207040)
        match kind:
            case "IMAGE":
                must_be_fetched(given.get("image_url", ""))
                if not given["image_url"].endswith(("jpg", "jpeg")):
                    raise turned(36001, "The image format is not supported", subcode=2207005)
            case "REELS" | "VIDEO":
                if (kind == "VIDEO") != ("is_carousel_item" in given) or "alt_text" in given:
                    raise turned(100, "The media type is not supported", subcode=2207023)
                must_be_fetched(given.get("video_url", ""))
            case "CAROUSEL":
                self._must_be_whole(given.get("children", "").split(","))
            case _:
                raise turned(100, "The media type is unknown", subcode=2207023)
        if len(given.get("alt_text", "")) > 1000:
            raise turned(100, "alt_text is too long")
        return self.contained(given)

    def on_publish(self, request: Request) -> Reply:
        container = self.ready(request)
        if "is_carousel_item" in container.fields:
            raise turned(100, "A carousel item cannot be published")
        container.post = self.next()
        self.posts[container.post] = Post(container.fields.get("caption", ""), container.fields)
        return Reply(200, {"id": container.post})

    def on_list(self, request: Request) -> Reply:
        must_be(request.query, {"fields", "limit"})
        found = [{**_told(number, post), "caption": post.text} for number, post in shown(self.posts)]
        return Reply(200, {"data": found})

    def on_limit(self, request: Request) -> Reply:
        told = {"quota_usage": len(self.posts), "config": {"quota_total": 50, "quota_duration": 86400}}
        return Reply(200, {"data": [told]})

    def on_insights(self, request: Request, number: str) -> Reply:
        if number not in self.posts:
            raise turned(100, "The post is gone")
        return insights({"views": 77, "likes": 6, "comments": 2, "shares": 1, "reach": 60}, request.query["metric"])

    def on_one(self, request: Request, number: str) -> Reply:
        if number in self.posts:
            return Reply(200, _told(number, self.posts[number]))
        if number in self.containers:
            status = self.containers[number].status
            return Reply(
                200, {"id": number, "status_code": status, "status": f"{status}: 2207026, the format is wrong"}
            )
        raise gone()

    def _must_be_whole(self, children: list[str]) -> None:
        known = [self.containers.get(one) for one in children]
        if not 2 <= len(children) <= 10 or not all(one and "is_carousel_item" in one.fields for one in known):
            raise turned(100, "The carousel is not valid", subcode=2207028)
        if any(one and one.status != "FINISHED" for one in known):
            raise turned(9007, "The media is not ready", subcode=2207027)


def _told(number: str, post: Post) -> dict[str, str]:
    return {"id": number, "permalink": f"https://www.instagram.com/p/{number}/", "timestamp": stamp(post)}
