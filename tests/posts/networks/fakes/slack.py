"""Slack's Web API after https://docs.slack.dev/reference/methods, seen in excerpts on 21 November 2026.

A text that is too long is cut there; here it is refused. That unknown fields are refused is our judgement. It does
what the tests' other stand-in (`emulate`, see tests/real_networks) does not: lose answers, page, look at times.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned, only

TOKEN, BOT, PUBLIC, JOINED, SECRET = "xoxb-17653672481-19874698323", "U0BOT", "C0NEWS", "C0JOINED", "G0SECRET"
Fields = Mapping[str, type | tuple[type, ...]]
POST: Fields = {
    "channel": str, "text": str, "blocks": list, "attachments": list, "thread_ts": str, "reply_broadcast": bool,
    "mrkdwn": bool, "parse": str, "link_names": bool, "unfurl_links": bool, "unfurl_media": bool, "metadata": dict,
    "client_msg_id": str, "username": str, "icon_url": str, "icon_emoji": str,
}  # fmt: skip
READING = {"channel", "cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"}


@dataclass
class Said:
    ts: str
    text: str
    thread: str = ""
    metadata: Mapping[str, Any] | None = None
    files: list[str] = field(default_factory=list)
    reactions: list[dict[str, Any]] = field(default_factory=list)
    replies: int = 0


class Slack(Strict):
    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, Said] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.page = 200
        self.members = {JOINED}
        self.refresh = "xoxe-1-first"

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.said.values()]

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/upload/v1/"):
            return self._upload(request)
        method = getattr(self, "on_" + request.path.removeprefix("/api/").replace(".", "_"), None)
        if method is None or request.method != "POST":
            raise _no("unknown_method")
        if request.path == "/api/oauth.v2.access":
            return Reply(200, {"ok": True, **self.on_oauth_v2_access(request.form)})
        token = request.headers.get("authorization", "")
        if token != f"Bearer {TOKEN}":
            raise _no("not_authed" if not token else "invalid_auth")
        given = request.form if request.json is None else request.json
        return Reply(200, {"ok": True, **method(given)})

    def on_auth_test(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "url": "https://atelier.slack.com/",
            "team": "Atelier",
            "team_id": "T0",
            "user": "refrain",
            "user_id": BOT,
        }

    def on_conversations_list(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if set(given) - {"cursor", "exclude_archived", "limit", "team_id", "types"}:
            raise _no("invalid_arguments")
        rows = [
            {"id": PUBLIC, "name": "news", "is_private": False, "is_member": PUBLIC in self.members},
            {"id": JOINED, "name": "atelier", "is_private": True, "is_member": True},
            {"id": SECRET, "name": "board", "is_private": True, "is_member": False},
        ]
        start = int(given.get("cursor") or 0)
        return {"channels": rows[start : start + 2], "response_metadata": {"next_cursor": "2" if start == 0 else ""}}

    def on_conversations_join(self, given: Mapping[str, Any]) -> dict[str, Any]:
        _channel(given["channel"])
        self.members.add(given["channel"])
        return {"channel": {"id": given["channel"]}}

    def on_chat_postMessage(self, given: Mapping[str, Any]) -> dict[str, Any]:
        only(given, POST, lambda why: _no("invalid_arguments"))
        channel = _channel(given.get("channel"))
        text = given.get("text", "")
        if not text.strip():
            raise _no("no_text")
        if len(text) > 40_000:
            raise _no("msg_too_long")
        metadata = given.get("metadata")
        if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
            raise _no("invalid_metadata_format")
        one = self._say(text, given.get("thread_ts", ""))
        one.metadata = metadata
        return {"channel": channel, "ts": one.ts, "message": {"text": text, "ts": one.ts}}

    def on_chat_delete(self, given: Mapping[str, Any]) -> dict[str, Any]:
        only(given, {"channel": str, "ts": str}, lambda why: _no("invalid_arguments"))
        _channel(given["channel"])
        if self.said.pop(given["ts"], None) is None:
            raise _no("message_not_found")
        return {"channel": given["channel"], "ts": given["ts"]}

    def on_conversations_history(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if set(given) - READING:
            raise _no("invalid_arguments")
        self._must_read(given)
        return self._told(given, [one for one in reversed(self.said.values()) if not one.thread])

    def on_conversations_replies(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if set(given) - READING - {"ts"}:
            raise _no("invalid_arguments")
        self._must_read(given)
        if given["ts"] not in self.said:
            raise _no("thread_not_found")
        return self._told(given, [one for one in self.said.values() if given["ts"] in (one.ts, one.thread)])

    def on_files_getUploadURLExternal(self, given: Mapping[str, Any]) -> dict[str, Any]:
        if set(given) - {"filename", "length", "alt_txt", "snippet_type"} or not given.get("filename"):
            raise _no("invalid_arguments")
        if len(given.get("alt_txt", "")) > 1000:
            raise _no("alt_txt_too_large")
        number = f"F{len(self.files) + 1}"
        self.files[number] = {"given": dict(given), "body": None, "shown": False}
        return {"upload_url": f"{self.url}/upload/v1/{number}", "file_id": number}

    def on_files_completeUploadExternal(self, given: Mapping[str, Any]) -> dict[str, Any]:
        known: Fields = {"files": list, "channel_id": str, "channels": str, "initial_comment": str, "thread_ts": str}
        only(given, known, lambda why: _no("invalid_arguments"))
        _channel(given["channel_id"])
        numbers = [one["id"] for one in given["files"]]
        for number in numbers:
            file = self.files.get(number)
            if file is None or file["body"] is None or file["shown"]:
                raise _no("file_not_found")
        for number in numbers:
            self.files[number]["shown"] = True
        self._say(given.get("initial_comment", ""), given.get("thread_ts", "")).files = numbers
        return {"files": [{"id": number} for number in numbers]}

    def on_oauth_v2_access(self, form: Mapping[str, Any]) -> dict[str, Any]:
        if (form.get("client_id"), form.get("client_secret")) != ("id", "secret"):
            raise _no("bad_client_secret")
        if form.get("grant_type") == "refresh_token":
            if form["refresh_token"] != self.refresh:
                raise _no("invalid_refresh_token")
            self.refresh = "xoxe-1-second"
        elif form.get("code") != "good":
            raise _no("invalid_code")
        more = {"refresh_token": self.refresh, "expires_in": 43200}
        return {"access_token": TOKEN, "token_type": "bot", "scope": "chat:write", "bot_user_id": BOT, **more}

    def _upload(self, request: Request) -> Reply:
        number = request.path.rpartition("/")[2]
        if "authorization" in request.headers:
            raise Turned(400, b"no tokens here")
        if number not in self.files or str(len(request.body)) != self.files[number]["given"]["length"]:
            raise Turned(400, b"bad length")
        self.files[number]["body"] = request.body
        return Reply(200, b"OK", {"Content-Type": "text/plain"})

    def _say(self, text: str, thread: str) -> Said:
        stamp = f"{time.time():.6f}"
        while stamp in self.said:
            stamp = f"{float(stamp) + 0.000001:.6f}"
        self.said[stamp] = Said(stamp, text, thread)
        if thread in self.said:
            self.said[thread].replies += 1
        return self.said[stamp]

    def _must_read(self, given: Mapping[str, Any]) -> None:
        if _channel(given["channel"]) not in self.members:
            raise _no("not_in_channel")

    def _told(self, given: Mapping[str, Any], rows: list[Said]) -> dict[str, Any]:
        oldest = float(given.get("oldest", 0))
        kept = [one for one in rows if float(one.ts) > oldest or one.ts == given.get("ts")]
        start, most = int(given.get("cursor") or 0), min(int(given.get("limit", 100)), self.page)
        more = str(start + most) if start + most < len(kept) else ""
        told = [_shown(one, given.get("include_all_metadata") == "true") for one in kept[start : start + most]]
        return {"messages": told, "has_more": bool(more), "response_metadata": {"next_cursor": more}}


def _shown(one: Said, all_metadata: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "message", "ts": one.ts, "text": one.text, "user": BOT, "reply_count": one.replies}
    if one.thread:
        told["thread_ts"] = one.thread
    if one.metadata and all_metadata:
        told["metadata"] = one.metadata
    if one.files:
        told["files"] = [{"id": number} for number in one.files]
    return {**told, "reactions": one.reactions} if one.reactions else told


def _channel(given: Any) -> str:
    if given == SECRET or given not in (PUBLIC, JOINED):
        raise _no("channel_not_found")
    return str(given)


def _no(error: str) -> Turned:
    return Turned(200, {"ok": False, "error": error})
