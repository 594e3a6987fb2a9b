"""Telegram's Bot API after https://core.telegram.org/bots/api as client libraries quote it, seen on 21 November 2026.

Errors are worded as clients report them; the open server (github.com/tdlib/telegram-bot-api) was not looked into. That
unknown fields are refused is our judgement: Telegram passes over them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.posts.networks.fakes.strict import File, Reply, Request, Strict, Turned, only

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
BOT, CHANNEL, LOCKED = 110201543, -1001234567890, -1009999999999
CHATS = {
    CHANNEL: {"id": CHANNEL, "type": "channel", "title": "Atelier", "username": "atelier"},
    LOCKED: {"id": LOCKED, "type": "channel", "title": "Not ours"},
}
MESSAGE_FIELDS: dict[str, type | tuple[type, ...]] = {
    "chat_id": (int, str), "text": str, "parse_mode": str, "entities": list, "link_preview_options": dict,
    "disable_notification": bool, "protect_content": bool, "reply_parameters": dict,
}  # fmt: skip
FILE_FIELDS = {"chat_id", "caption", "parse_mode", "disable_notification"}
PREVIEW: dict[str, type | tuple[type, ...]] = {
    "is_disabled": bool, "url": str, "prefer_small_media": bool, "prefer_large_media": bool, "show_above_text": bool,
}  # fmt: skip
IMAGES, VIDEOS = {"image/jpeg", "image/png", "image/webp"}, {"video/mp4"}


@dataclass
class Post:
    text: str
    files: list[File] = field(default_factory=list)
    preview: Mapping[str, Any] | None = None


class Telegram(Strict):
    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[int, Post] = {}
        self.old: set[int] = set()  # sent more than 48 hours ago
        self.may_delete = True

    def answer(self, request: Request) -> Reply:
        parts = re.fullmatch(r"/bot([^/]*)/(\w+)", request.path)
        if parts is None:
            raise _turned(404, "Not Found")
        if parts[1] != TOKEN:
            raise _turned(401, "Unauthorized")
        given = request.json if request.json is not None else dict(request.form)
        if not isinstance(given, dict):
            raise _bad("object expected as parameters")
        method = getattr(self, f"on_{parts[2]}", None)
        if method is None:
            raise _turned(404, "Not Found: method not found")
        return Reply(200, {"ok": True, "result": method(given, dict(request.files))})

    def on_getMe(self, given: dict[str, Any], files: dict[str, File]) -> object:
        return {"id": BOT, "is_bot": True, "first_name": "Refrain", "username": "refrain_bot"}

    def on_getChat(self, given: dict[str, Any], files: dict[str, File]) -> object:
        return _chat(given)

    def on_getChatMember(self, given: dict[str, Any], files: dict[str, File]) -> object:
        chat = _chat(given)
        if given.get("user_id") != BOT:
            raise _bad("PARTICIPANT_ID_INVALID")
        if chat["id"] == LOCKED:
            return {"status": "left", "user": {"id": BOT}}
        return {"status": "administrator", "user": {"id": BOT}, "can_post_messages": True}

    def on_sendMessage(self, given: dict[str, Any], files: dict[str, File]) -> object:
        only(given, MESSAGE_FIELDS, _bad)
        chat = _may_post(given)
        only(given.get("link_preview_options", {}), PREVIEW, _bad)
        text = given.get("text", "")
        if not text.strip():
            raise _bad("message text is empty")
        _must_fit(text, 4096, "message is too long")
        return self._out(chat, Post(text, preview=given.get("link_preview_options")))

    def on_sendPhoto(self, given: dict[str, Any], files: dict[str, File]) -> object:
        return self._file(given, files, "photo", IMAGES, 10_000_000)

    def on_sendVideo(self, given: dict[str, Any], files: dict[str, File]) -> object:
        return self._file(given, files, "video", VIDEOS, 50_000_000)

    def on_sendAnimation(self, given: dict[str, Any], files: dict[str, File]) -> object:
        return self._file(given, files, "animation", {"image/gif", "video/mp4"}, 50_000_000)

    def on_sendMediaGroup(self, given: dict[str, Any], files: dict[str, File]) -> object:
        chat = _may_post(given)
        if set(given) - {"chat_id", "media", "disable_notification"}:
            raise _bad("unknown field")
        pieces = json.loads(given.get("media", "[]"))
        if not 2 <= len(pieces) <= 10:
            raise _bad("there must be 2-10 items in the media group" if pieces else "there are no messages to send")
        told = []
        for piece in pieces:
            only(piece, {"type": str, "media": str, "caption": str, "has_spoiler": bool}, _bad)
            one = files.get(piece["media"].removeprefix("attach://"))
            if one is None:
                raise _bad("wrong file identifier/HTTP URL specified")
            _must_be(one, *{"photo": (IMAGES, 10_000_000), "video": (VIDEOS, 50_000_000)}[piece["type"]])
            _must_fit(piece.get("caption", ""), 1024, "message caption is too long")
            told.append(self._out(chat, Post(piece.get("caption", ""), [one])))
        return told

    def on_forwardMessages(self, given: dict[str, Any], files: dict[str, File]) -> object:
        only(given, {"chat_id": (int, str), "from_chat_id": (int, str), "message_ids": list}, _bad)
        chat = _may_post(given)
        known = [self.posts[number] for number in given["message_ids"] if number in self.posts]
        return [{"message_id": self._out(chat, Post(post.text, post.files))["message_id"]} for post in known]

    def on_deleteMessages(self, given: dict[str, Any], files: dict[str, File]) -> object:
        only(given, {"chat_id": (int, str), "message_ids": list}, _bad)
        _may_post(given)
        if not 1 <= len(given["message_ids"]) <= 100:
            raise _bad("message identifiers are not specified")
        if self.old & set(given["message_ids"]) and not self.may_delete:
            raise _bad("message can't be deleted for everyone")
        for number in given["message_ids"]:
            self.posts.pop(number, None)
        return True

    def _file(
        self, given: dict[str, Any], files: dict[str, File], name: str, types: set[str], largest: int
    ) -> dict[str, Any]:
        chat = _may_post(given)
        if set(given) - FILE_FIELDS:
            raise _bad("unknown field")
        if name not in files:
            raise _bad(f"there is no {name} in the request")
        _must_be(files[name], types, largest)
        _must_fit(given.get("caption", ""), 1024, "message caption is too long")
        return self._out(chat, Post(given.get("caption", ""), [files[name]]))

    def _out(self, chat: Mapping[str, Any], post: Post) -> dict[str, Any]:
        number = 100 + len(self.requests) * 10 + len(self.posts)
        self.posts[number] = post
        return {"message_id": number, "date": 1795000000, "chat": dict(chat), "text": post.text}


def _chat(given: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = str(given.get("chat_id", ""))
    for number, chat in CHATS.items():
        if wanted in (str(number), f"@{chat.get('username')}"):
            return chat
    raise _bad("chat not found")


def _may_post(given: Mapping[str, Any]) -> Mapping[str, Any]:
    chat = _chat(given)
    if chat["id"] == LOCKED:
        raise _turned(403, "Forbidden: bot is not a member of the channel chat")
    return chat


def _must_fit(text: str, most: int, otherwise: str) -> None:
    try:
        units = len(text.strip().encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise _bad("strings must be encoded in UTF-8") from None
    if units > most:
        raise _bad(otherwise)


def _must_be(one: File, types: set[str], largest: int) -> None:
    if one.mime not in types:
        raise _bad("IMAGE_PROCESS_FAILED")
    if len(one.body) > largest:
        raise _turned(413, "Request Entity Too Large")
    if not one.body:
        raise _bad("file must be non-empty")


def _bad(why: str) -> Turned:
    return _turned(400, f"Bad Request: {why}")


def _turned(status: int, why: str) -> Turned:
    return Turned(status, {"ok": False, "error_code": status, "description": why})
