"""The Threads API (v1.0) after developers.facebook.com, seen in excerpts on 21 November 2026.

https://developers.facebook.com/documentation/threads/posts (April 2026), /documentation/threads/overview,
/documentation/threads/posts/reposts (its request and its answer whole), /documentation/threads/insights and https://developers.facebook.com/docs/threads/posts/delete-posts.
"""

from __future__ import annotations

import re
from typing import Any

from posts.networks.counting import emoji_as_bytes
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

ME = "31415926535"
FIELDS = {
    "media_type", "text", "image_url", "video_url", "alt_text", "is_carousel_item", "children", "reply_to_id",
    "link_attachment",
}  # fmt: skip


class Threads(Graph):
    version = "v1.0"

    def routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("POST", "/oauth/access_token", self.exchanged),
            ("GET", "/access_token", lambda request: self.prolonged(request, "th_exchange_token")),
            ("GET", "/refresh_access_token", self.on_refresh),
            ("GET", "/me", self.on_me),
            ("POST", f"/{ME}/threads", self.on_threads),
            ("GET", f"/{ME}/(threads|replies)", self.on_list),
            ("POST", f"/{ME}/threads_publish", self.on_publish),
            ("GET", f"/{ME}/threads_publishing_limit", self.on_limit),
            ("POST", r"/(\d+)/repost", self.on_repost),
            ("GET", r"/(\d+)/insights", self.on_insights),
            ("GET", r"/(\d+)", self.on_one),
            ("DELETE", r"/(\d+)", self.on_delete),
        ]

    def on_refresh(self, request: Request) -> Reply:
        reply = self.prolonged(request, "th_refresh_token", needs=self.access)
        self.access = "token-2"
        assert isinstance(reply.body, dict)
        return Reply(200, {**reply.body, "access_token": self.access})

    def on_me(self, request: Request) -> Reply:
        must_be(request.query, {"fields"})
        return Reply(200, {"id": ME, "username": "atelier", "name": "Atelier"})

    def on_threads(self, request: Request) -> Reply:
        given = dict(request.form)
        must_be(given, FIELDS)
        text, kind = given.get("text", ""), given.get("media_type", "")
        if emoji_as_bytes(text) > 500:
            raise turned(100, "Param text must be at most 500 characters long.")
        if len(set(re.findall(r"https?://\S+", text))) > 5:
            raise turned(100, "THREADS_API__LINK_LIMIT_EXCEEDED")
        if "reply_to_id" in given and given["reply_to_id"] not in self.posts:
            raise turned(24, "The requested resource does not exist", subcode=4279009)
        if "link_attachment" in given and kind != "TEXT":
            raise turned(100, "link_attachment is for text posts only")
        match kind:
            case "TEXT" if not text:
                raise turned(100, "The parameter text is required.")
            case "TEXT":
                must_be(given, {"media_type", "text", "reply_to_id", "link_attachment"})
            case "IMAGE":
                must_be_fetched(given.get("image_url", ""))
            case "VIDEO":
                must_be_fetched(given.get("video_url", ""))
            case "CAROUSEL":
                children = given.get("children", "").split(",")
                known = [self.containers.get(one) for one in children]
                if not 2 <= len(children) <= 20 or not all(one and "is_carousel_item" in one.fields for one in known):
                    raise turned(100, "The carousel is not valid")
            case _:
                raise turned(100, "Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}")
        if len(given.get("alt_text", "")) > 1000:
            raise turned(100, "Param alt_text must be at most 1000 characters long.")
        return self.contained(given)

    def on_publish(self, request: Request) -> Reply:
        container = self.ready(request)
        container.post = self.next()
        fields = container.fields
        self.posts[container.post] = Post(fields.get("text", ""), fields, fields.get("reply_to_id", ""))
        return Reply(200, {"id": container.post})

    def on_list(self, request: Request, what: str) -> Reply:
        must_be(request.query, {"fields", "since", "limit"})
        found = [
            _told(number, post)
            for number, post in shown(self.posts, request.query["since"])
            if bool(post.answers) == (what == "replies")
        ]
        return Reply(200, {"data": found, "paging": {"cursors": {}}})

    def on_limit(self, request: Request) -> Reply:
        told = {"quota_usage": len(self.posts), "config": {"quota_total": 250, "quota_duration": 86400}}
        return Reply(200, {"data": [told]})

    def on_repost(self, request: Request, number: str) -> Reply:
        if number not in self.posts:
            raise gone()
        repost = self.next()
        self.posts[repost] = Post("", {"reposted": number})
        return Reply(200, {"id": repost})

    def on_insights(self, request: Request, number: str) -> Reply:
        if number not in self.posts:
            raise turned(100, "The post is gone")
        counts = {"views": 50, "likes": 5, "replies": 4, "reposts": 3, "quotes": 2, "shares": 1}
        return insights(counts, request.query["metric"])

    def on_one(self, request: Request, number: str) -> Reply:
        if number in self.posts:
            return Reply(200, _told(number, self.posts[number]))
        if number in self.containers:
            status = self.containers[number].status
            told = {"id": number, "status": status}
            return Reply(200, told | ({"error_message": "INVALID_ASPEC_RATIO"} if status == "ERROR" else {}))
        raise gone()

    def on_delete(self, request: Request, number: str) -> Reply:
        if self.posts.pop(number, None) is None:
            raise gone()
        return Reply(200, {"success": True, "deleted_id": number})


def _told(number: str, post: Post) -> dict[str, Any]:
    told: dict[str, Any] = {"id": number, "timestamp": stamp(post), "media_type": "TEXT_POST"}
    told["permalink"] = f"https://www.threads.com/@atelier/post/{number}"
    if shared := post.fields.get("reposted"):
        return {**told, "media_type": "REPOST_FACADE", "reposted_post": {"id": shared}}
    return told | ({"text": post.text} if post.text else {})
