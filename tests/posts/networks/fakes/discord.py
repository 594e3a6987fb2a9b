"""Discord's API v10 after github.com/discord/discord-api-docs as of September 2026, seen on 21 November 2026.

Seen whole: developers/reference.mdx (20 MiB a file). In excerpts: topics/opcodes-and-status-codes.mdx,
resources/message, resources/webhook (25 MiB a request) and topics/rate-limits. Lengths are code points, says a
maintainer in issue 1315. The wording of refusals is Discord's as clients report it; that unknown fields are refused
is our judgement.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.posts.networks.fakes.strict import File, Reply, Request, Strict, Turned, only

TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
BOT, GUILD, CHANNEL, LOCKED = "198622483471925248", "199737254929760256", "199737254929760257", "199737254929760258"
WEBHOOK, SECRET = "223704706495545344", "3d89bb7572e0fb30d8128367b3b1b44fecd1726de135cbe28a41f8b2f777c372ba2939e7"
EPOCH = 1420070400000
FIELDS: dict[str, type | tuple[type, ...]] = {
    "content": str, "tts": bool, "embeds": list, "allowed_mentions": dict, "components": list, "attachments": list,
    "flags": int, "poll": dict,
}  # fmt: skip
OF_BOTS: dict[str, type | tuple[type, ...]] = {
    **FIELDS, "nonce": (str, int), "enforce_nonce": bool, "message_reference": dict, "sticker_ids": list,
}  # fmt: skip
OF_WEBHOOKS: dict[str, type | tuple[type, ...]] = {
    **FIELDS, "username": str, "avatar_url": str, "thread_name": str, "applied_tags": list,
}  # fmt: skip
MENTIONS: dict[str, type | tuple[type, ...]] = {"parse": list, "users": list, "roles": list, "replied_user": bool}
LARGEST, REQUEST = 20 * 1024 * 1024, 25 * 1024 * 1024
LIMITS = {
    "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "4", "X-RateLimit-Reset": "1795000005.000",
    "X-RateLimit-Reset-After": "5.000", "X-RateLimit-Bucket": "abcd1234",
}  # fmt: skip


@dataclass
class Post:
    author: str
    content: str
    files: list[File] = field(default_factory=list)
    given: Mapping[str, Any] = field(default_factory=dict)
    reactions: list[dict[str, Any]] = field(default_factory=list)


class Discord(Strict):
    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, Post] = {}
        self._nonces: dict[str, str] = {}

    def answer(self, request: Request) -> Reply:
        path = request.path.removeprefix("/api/v10")
        if path == request.path:
            raise _turned(404, 0, "404: Not Found")
        if found := re.fullmatch(r"/webhooks/(\d+)/([\w-]+)((?:/messages/\d+)?)", path):
            return self._webhook(request, *found.groups())
        if request.headers.get("authorization") != f"Bot {TOKEN}":
            raise _turned(401, 0, "401: Unauthorized")
        if path == "/users/@me":
            return Reply(200, {"id": BOT, "username": "refrain", "bot": True})
        if found := re.fullmatch(r"/channels/(\d+)((?:/messages(?:/\d+)?)?)", path):
            return self._channel(request, *found.groups())
        raise _turned(404, 0, "404: Not Found")

    def _webhook(self, request: Request, number: str, secret: str, rest: str) -> Reply:
        if number != WEBHOOK:
            raise _turned(404, 10015, "Unknown Webhook")
        if secret != SECRET:
            raise _turned(401, 50027, "Invalid Webhook Token")
        if rest:
            return self._one(request, rest.rpartition("/")[2], WEBHOOK)
        if request.method == "GET":
            told = {"id": WEBHOOK, "type": 1, "name": "Atelier", "channel_id": CHANNEL, "guild_id": GUILD}
            return Reply(200, {**told, "avatar": None, "application_id": None, "token": SECRET})
        if set(request.query) - {"wait", "thread_id", "with_components"}:
            raise _invalid("query", "unknown")
        told = self._create(request, OF_WEBHOOKS, WEBHOOK)
        return Reply(200, told, LIMITS) if request.query.get("wait") == "true" else Reply(204, None, LIMITS)

    def _channel(self, request: Request, number: str, rest: str) -> Reply:
        if number == LOCKED:
            raise _turned(403, 50001, "Missing Access")
        if number != CHANNEL:
            raise _turned(404, 10003, "Unknown Channel")
        if not rest:
            return Reply(200, {"id": CHANNEL, "type": 0, "guild_id": GUILD, "name": "news"})
        if rest != "/messages":
            return self._one(request, rest.rpartition("/")[2], BOT)
        if request.method == "GET":
            return Reply(200, self._page(request.query), LIMITS)
        return Reply(200, self._create(request, OF_BOTS, BOT), LIMITS)

    def _one(self, request: Request, number: str, author: str) -> Reply:
        post = self.posts.get(number)
        if post is None or (author == WEBHOOK and post.author != WEBHOOK):
            raise _turned(404, 10008, "Unknown Message")
        if request.method == "DELETE":
            if post.author != author:
                raise _turned(403, 50013, "Missing Permissions")
            del self.posts[number]
            return Reply(204)
        return Reply(200, self._told(number))

    def _page(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        if set(query) - {"around", "before", "after", "limit"} or len(set(query) - {"limit"}) > 1:
            raise _invalid("query", "unknown")
        limit = int(query.get("limit", "50"))
        if not 1 <= limit <= 100:
            raise _invalid("limit", "int value should be less than or equal to 100.")
        after = int(query.get("after", "0"))
        oldest_first = sorted((number for number in self.posts if int(number) > after), key=int)[:limit]
        return [self._told(number) for number in reversed(oldest_first)]

    def _create(self, request: Request, known: Mapping[str, Any], author: str) -> dict[str, Any]:
        given = _given(request)
        only(given, known, _wrong)
        only(given.get("allowed_mentions", {}), MENTIONS, _wrong)
        content = given.get("content", "")
        _must_fit("content", content, 2000)
        files = _files(given, request)
        if not content.strip() and not files and not given.get("embeds"):
            raise _turned(400, 50006, "Cannot send an empty message")
        nonce = str(given.get("nonce", ""))
        _must_fit("nonce", nonce, 25)
        if nonce and given.get("enforce_nonce") and nonce in self._nonces:
            return self._told(self._nonces[nonce])
        if (reference := given.get("message_reference")) is not None:
            only(reference, {"type": int, "message_id": str, "channel_id": str, "fail_if_not_exists": bool}, _wrong)
        number = str((int(time.time() * 1000) - EPOCH) << 22 | len(self.posts) & 0xFFF)
        while number in self.posts:
            number = str(int(number) + 1)
        self.posts[number] = Post(author, content, files, given)
        self._nonces[nonce] = number
        return {**self._told(number), **({"nonce": nonce} if nonce else {})}

    def _told(self, number: str) -> dict[str, Any]:
        post = self.posts[number]
        author = {"id": post.author, "username": "refrain"}
        moment = datetime.fromtimestamp(((int(number) >> 22) + EPOCH) / 1000, UTC).isoformat()
        attachments = [{"id": str(place), "filename": one.name} for place, one in enumerate(post.files)]
        told: dict[str, Any] = {
            "id": number, "channel_id": CHANNEL, "author": author, "content": post.content, "timestamp": moment,
            "attachments": attachments, "type": 0,
        }  # fmt: skip
        if post.author == WEBHOOK:
            told["webhook_id"] = WEBHOOK
        return {**told, "reactions": post.reactions} if post.reactions else told


def _given(request: Request) -> dict[str, Any]:
    given = request.json if not request.files else json.loads(request.form.get("payload_json", "null"))
    if not isinstance(given, dict):
        raise _turned(400, 50109, "The request body contains invalid JSON.")
    return given


def _files(given: Mapping[str, Any], request: Request) -> list[File]:
    told = given.get("attachments", [])
    if len(request.files) > 10 or len(told) > 10:
        raise _invalid("attachments", "Must be 10 or fewer in length.")
    for one in told:
        only(one, {"id": (int, str), "filename": str, "description": str}, _wrong)
        _must_fit("description", one.get("description", ""), 1024)
        if f"files[{one['id']}]" not in request.files:
            raise _invalid("attachments", "Attachment data not found")
    if len(request.body) > REQUEST or any(len(one.body) > LARGEST for one in request.files.values()):
        raise _turned(413, 40005, "Request entity too large")
    return list(request.files.values())


def _must_fit(name: str, text: str, most: int) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _invalid(name, "Invalid UTF-8")
    if len(text) > most:
        raise _invalid(name, f"Must be {most} or fewer in length.")


def _wrong(why: str) -> Turned:
    return _invalid(why.rsplit(maxsplit=1)[-1], why)


def _invalid(name: str, why: str) -> Turned:
    errors = {name: {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": why}]}}
    return Turned(400, {"code": 50035, "message": "Invalid Form Body", "errors": errors})


def _turned(status: int, code: int, why: str) -> Turned:
    return Turned(status, {"code": code, "message": why})
