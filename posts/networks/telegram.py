"""Telegram: a bot posts to a channel or group, through Telegram's own server or one that somebody hosts.

After https://core.telegram.org/bots/api as client libraries quote it, seen on 21 November 2026: 1,024 characters
under a file, 10 MB a picture whose sides together stay below 10,000, and what a bot may delete. Which of its plain
400s are about the chat is read off the words in which clients report them; hours of film rest on nothing but our
judgement.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from notices.sentences import say
from posts.networks import client
from posts.networks.access import Field, Grant, TakesKeys
from posts.networks.base import (
    Absent,
    Account,
    ChannelRefused,
    Connector,
    Found,
    Limits,
    MediaLimits,
    Message,
    Proof,
    Reactions,
    Receipt,
    Refused,
    Unknown,
)
from posts.networks.counting import utf16_units
from posts.networks.parcel import Attachment, Kind
from posts.networks.takes import must_take

NAME = "Telegram"
CAPTION = 1024  # UTF-16 units under a picture
ALBUM = 10
CONNECTING = 20.0

# What it says with a plain 400 about the chat, not about the post.
_CHANNEL_TROUBLE = (
    "chat not found", "chat_id is empty", "need administrator rights", "not enough rights", "have no rights",
    "chat_write_forbidden", "chat_restricted", "chat_admin_required", "group chat was upgraded", "peer_id_invalid",
    "group chat was deactivated", "group is deactivated", "channel_private",
)  # fmt: skip
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_METHODS = {
    Kind.IMAGE: ("sendPhoto", "photo"),
    Kind.GIF: ("sendAnimation", "animation"),
    Kind.VIDEO: ("sendVideo", "video"),
}


class Telegram(Connector, TakesKeys):
    """A bot cannot read its own channel back, so a lost answer is a person's to settle."""

    slug = "telegram"
    name = NAME
    icon = "telegram"
    address = "https://api.telegram.org"
    limits = Limits(
        max_length=4096,
        max_length_with_media=CAPTION,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=1,
        source="https://core.telegram.org/bots/api#sendmessage",
        checked=date(2026, 11, 21),
        media=MediaLimits(
            images=ALBUM,
            image_bytes=10_000_000,
            longest_side=5000,  # width and height together may not pass 10,000
            widest=20.0,
            tallest=1 / 20,
            gifs=1,
            gif_bytes=50_000_000,
            videos=ALBUM,
            video_bytes=50_000_000,
            video_seconds=6 * 3600.0,
            mixed=True,
        ),
    )
    proof = Proof.NOTHING
    settle_after = 20.0
    resend_with_key = False
    reposts = True

    fields = (
        Field("token", say("Bot token").text, say("It looks like 123456:ABC-DEF.").text, secret=True),
        Field("chat", say("Channel or group").text, say("Its @name, or its number.").text, placeholder="@atelier"),
        Field(
            "server",
            say("Bot API server").text,
            say("Only if you host one yourself. Leave it empty for Telegram's own.").text,
            required=False,
            placeholder="https://api.telegram.org",
        ),
    )
    steps = (
        say("In Telegram, write to @BotFather and send /newbot. It asks for a name and gives you a token.").text,
        say(
            "Open your channel, then Administrators, and add the bot with the rights to post and to delete messages."
        ).text,
        say("Copy the token and the channel's @name here. A private channel has no name: type its number.").text,
    )
    console = "https://t.me/BotFather"

    def length(self, text: str) -> int:
        return utf16_units(text)

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        server = typed.get("server", "").strip().rstrip("/")
        token, chat = typed.get("token", "").strip(), typed.get("chat", "").strip()
        asked = Account(server or self.address, chat, chat, {"token": token}, CONNECTING)
        bot = _call(asked, "getMe", {})
        told = _call(asked, "getChat", {"chat_id": chat})
        match bot, told:
            case {"id": int() as bot_id, "username": str() as bot_name}, {"id": int() as chat_id}:
                _must_post(asked, chat_id, bot_id, bot_name)
                return [_grant(told, chat_id, token, server)]
        raise client.unclear(NAME)

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        _must_fit(message)
        if message.repost_of:
            return _forward(account, message.repost_of)
        if len(message.media) > 1:
            told = _album(account, message)
        elif message.media:
            told = _with_file(account, message)
        else:
            told = _call(account, "sendMessage", _words(account, message))
        return _receipt(account, told if isinstance(told, list) else [told])

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        return Unknown(say("A Telegram bot cannot read its own channel. Please look there and decide."))

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        return {}  # views and reactions are not told to bots that only ask

    def delete(self, account: Account, remote_id: str) -> None:
        """What is gone already is passed over. Without the right to delete, a bot has two days for it."""
        _call(account, "deleteMessages", {"chat_id": account.remote_id, "message_ids": _numbers(remote_id)})


def _must_fit(message: Message) -> None:
    """Raises Refused for what would be cut or turned away; nothing has left yet."""
    if message.media and utf16_units(message.text) > CAPTION:
        raise Refused(say("Under pictures and videos, Telegram takes {most} characters.", most=CAPTION))
    if len(message.media) > ALBUM:
        raise Refused(say("{network} takes {most} files in one post.", network=NAME, most=ALBUM))
    if len(message.media) > 1 and any(one.kind is Kind.GIF for one in message.media):
        raise Refused(say("Telegram shows a moving picture only on its own, not in an album."))


def _words(account: Account, message: Message) -> dict[str, object]:
    """Without a parse mode: every character arrives as it was written."""
    words: dict[str, object] = {"chat_id": account.remote_id, "text": message.text}
    if message.card:
        words["link_preview_options"] = {"url": message.card.url}
    return words


def _with_file(account: Account, message: Message) -> Any:
    (one,) = message.media
    method, field = _METHODS[one.kind]
    form = {"chat_id": account.remote_id, "caption": message.text}
    return _call(account, method, form, {field: _file(one)})


def _album(account: Account, message: Message) -> Any:
    pieces = [
        {"type": _METHODS[one.kind][1], "media": f"attach://file{place}"} for place, one in enumerate(message.media)
    ]
    pieces[0]["caption"] = message.text
    form = {"chat_id": account.remote_id, "media": json.dumps(pieces)}
    files = {f"file{place}": _file(one) for place, one in enumerate(message.media)}
    return _call(account, "sendMediaGroup", form, files)


def _forward(account: Account, remote_id: str) -> Receipt:
    ids = {"from_chat_id": account.remote_id, "message_ids": _numbers(remote_id)}
    told = _call(account, "forwardMessages", {"chat_id": account.remote_id, **ids})
    if told == []:
        raise Refused(say("The earlier post is gone, so it cannot be shared again."))
    return _receipt(account, told if isinstance(told, list) else [told], same_chat=False)


def _file(one: Attachment) -> tuple[str, bytes, str]:
    return one.name, one.read(), one.mime


def _numbers(remote_id: str) -> list[int]:
    return [int(number) for number in remote_id.split(",") if number.isdigit()]


def _receipt(account: Account, told: Sequence[Any], *, same_chat: bool = True) -> Receipt:
    """Of an album, all ids: each of its pictures is a message of its own."""
    ids: list[Any] = [one.get("message_id") for one in told if isinstance(one, dict)]
    if len(ids) != len(told) or not ids or not all(type(number) is int for number in ids):
        raise client.unclear(NAME)
    chats = [one.get("chat") for one in told] if same_chat else []
    if any(not _is_ours(account, chat) for chat in chats):
        raise client.unclear(NAME)
    return Receipt(",".join(map(str, ids)), _address(account, ids[0]))


def _is_ours(account: Account, chat: Any) -> bool:
    match chat:
        case {"id": int() as number}:
            named = account.remote_id.startswith("@")
            return str(number) == account.remote_id or (named and f"@{chat.get('username')}" == account.remote_id)
    return False


def _address(account: Account, number: int) -> str:
    """A group has no pages; a channel without a name shows its pages to members only."""
    if account.handle.startswith("@"):
        return f"https://t.me/{quote(account.handle[1:])}/{number}"
    return f"https://t.me/c/{account.remote_id[4:]}/{number}" if account.remote_id.startswith("-100") else ""


def _must_post(account: Account, chat: int, bot: int, bot_name: str) -> None:
    """Raises ChannelRefused for a bot that may not post there: better now than at the first post."""
    told = _call(account, "getChatMember", {"chat_id": chat, "user_id": bot})
    match told:
        case {"status": "creator" | "member"} | {"status": "administrator", "can_post_messages": True}:
            return
        case {"status": "administrator"} if "can_post_messages" not in told:  # a group: administrators may write
            return
    raise ChannelRefused(
        say("The bot {bot} may not post there. Make it an administrator who may post messages.", bot=f"@{bot_name}")
    )


def _grant(chat: Mapping[str, Any], number: int, token: str, server: str) -> Grant:
    username = chat.get("username")
    name = str(chat.get("title") or chat.get("first_name") or number)
    handle = f"@{username}" if username else name
    url = f"https://t.me/{username}" if username else ""
    return Grant(str(number), handle, name, {"token": token}, server, url=url)


def _call(account: Account, method: str, body: Mapping[str, object], files: client.Files | None = None) -> Any:
    """The method's result. Raises a SendError."""
    token = account.credentials.get("token", "")
    if not _TOKEN.fullmatch(token):
        raise ChannelRefused(say("That is not a token of a Telegram bot. It looks like 123456:ABC-DEF."))
    answer = client.request(
        NAME,
        "POST",
        f"{account.base_url.rstrip('/')}/bot{token}/{method}",
        deadline=account.deadline,
        until=account.until,
        body=None if files else body,
        form={name: str(value) for name, value in body.items()} if files else None,
        files=files,
    )
    return _result(answer)


def _result(answer: client.Answer) -> Any:
    told = answer.json()
    if answer.status == 400 and any(sign in answer.words.lower() for sign in _CHANNEL_TROUBLE):
        raise ChannelRefused(
            say("Telegram does not let the bot post to this chat. It says: “{words}”", words=answer.words)
        )
    if answer.status == 400 and "can't be deleted" in answer.words.lower():
        raise Refused(
            say("Telegram lets the bot take down no post older than two days, unless it may delete messages there.")
        )
    client.accepted(answer)
    match told:
        case {"ok": True, "result": result}:
            return result
    raise client.unclear(NAME)
