"""Discord: a channel is written to by its webhook, or by a bot, which can also read what became of a message.

After github.com/discord/discord-api-docs as of September 2026 (developers/reference.mdx and
topics/opcodes-and-status-codes.mdx, the rest in excerpts), seen on 21 November 2026: 20 MiB a file since then
(pull request 8578), 25 MiB a request. Rates, ten files and how long a nonce is remembered are as its excerpts say; how
many parts a thread may have, and the length of a film, rest on nothing but our judgement.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

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
    NotSent,
    Proof,
    Reactions,
    Receipt,
    Refused,
    SendError,
    Unknown,
)
from posts.networks.discord_calls import NAME, answered, call, is_gone, is_id, request, taken
from posts.networks.takes import must_take
from posts.networks.thread import find_parts, joined, parts_of, same_words, send_parts

FILES = 10
FILE, REQUEST = 20 * 1024 * 1024, 25 * 1024 * 1024  # bytes; of a server without boosts
ROOM = 100_000  # of a request, for all that is not files
PARTS = 9  # as many ids as fit where one remote id is kept
PAGE, PAGES = 100, 10
CONNECTING = 20.0
EARLIER = timedelta(seconds=60)  # two clocks are never quite the same
EPOCH = 1420070400000  # milliseconds; Discord's ids count from the first second of 2015

_HOSTS = ("discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com")
_WEBHOOK = re.compile(r"/api/(?:v\d+/)?webhooks/(\d+)/([A-Za-z0-9_-]+)/?")
_MENTION = re.compile(r"<@(!|&)?(\d+)>")


class Discord(Connector, TakesKeys):
    """With a bot, messages are read back and a nonce stops a repeat within minutes; a webhook can do neither."""

    slug = "discord"
    name = NAME
    icon = "discord"
    address = "https://discord.com"
    limits = Limits(
        max_length=2000,
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=1,
        source="https://discord.com/developers/docs/resources/message#create-message, "
        "https://discord.com/developers/docs/reference#uploading-files",
        checked=date(2026, 11, 21),
        media=MediaLimits(
            images=FILES,
            image_types=("image/jpeg", "image/png", "image/webp"),
            image_bytes=(REQUEST - ROOM) // FILES,  # ten of them travel in one request
            alt_length=1024,
            gifs=FILES,
            gif_bytes=FILE,
            videos=FILES,
            video_bytes=FILE,
            video_seconds=3600.0,
            mixed=True,
        ),
        parts=PARTS,
    )
    proof = Proof.BY_READING
    settle_after = 20.0
    resend_with_key = False  # the nonce is forgotten after a few minutes, and webhooks have none
    measures = frozenset({"likes"})

    fields = (
        Field(
            "webhook",
            say("Webhook address").text,
            say("Enough for posting. With a bot instead, Refrain can also read back what became of a post.").text,
            secret=True,
            required=False,
            placeholder="https://discord.com/api/webhooks/…",
        ),
        Field("token", say("Bot token").text, say("Only with a bot.").text, secret=True, required=False),
        Field("channel", say("Channel number").text, say("Only with a bot.").text, required=False),
    )
    steps = (
        say("With a webhook: open the channel's settings, Integrations, Webhooks, New Webhook, Copy Webhook URL.").text,
        say("With a bot: create an application at Discord's developer portal, and copy the token under Bot.").text,
        say("Invite the bot with the rights View Channel, Send Messages, Attach Files and Read Message History.").text,
        say("Switch on Developer Mode in your settings, then right-click the channel and copy its number.").text,
    )
    console = "https://discord.com/developers/applications"

    def length(self, text: str) -> int:
        return len(text)  # code points: its API is written in Python, says discord-api-docs/issues/1315 (2020)

    def connect(self, typed: Mapping[str, str]) -> Sequence[Grant]:
        base = (typed.get("server") or self.address).rstrip("/")
        if webhook := typed.get("webhook", "").strip():
            return [_by_webhook(base, webhook)]
        token, channel = typed.get("token", "").strip(), typed.get("channel", "").strip()
        if not (token and channel.isdigit()):
            raise ChannelRefused(say("Discord needs a webhook address, or a bot's token and the number of a channel."))
        return [_by_bot(Account(base, "", channel, {"token": token}, CONNECTING))]

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        if len(message.media) > FILES:
            raise Refused(say("{network} takes {most} files in one post.", network=NAME, most=FILES))
        if sum(file.size for file in message.media) > REQUEST - ROOM:
            raise Refused(say("{network} takes {most} MB of files in one post.", network=NAME, most=REQUEST // 2**20))

        def send(place: int, text: str, before: Sequence[Receipt]) -> Receipt:
            return _receipt(account, _send(account, message, place, text, before).json())

        return joined(send_parts(message, send))

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        if "token" not in account.credentials:
            return Unknown(say("A Discord webhook cannot read its channel. Please look there and decide."))
        try:
            posts = [post for post in _since(account, message.since) if _is_ours(account, post)]
            return find_parts(message, lambda place, text, before: _seen(account, message, posts, place, text, before))
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        told = {remote_id: _ask(account, parts_of(remote_id)[0]) for remote_id in remote_ids}
        return {remote_id: _reactions(post) for remote_id, post in told.items() if post is not None}

    def delete(self, account: Account, remote_id: str) -> None:
        for one in reversed(parts_of(remote_id)):
            answer = call(account, "DELETE", f"/messages/{one}")
            if not is_gone(answer):
                client.accepted(answer)


def _send(account: Account, message: Message, place: int, text: str, before: Sequence[Receipt]) -> client.Answer:
    """With `wait`, a webhook answers with the message, and says so when it was not saved."""
    body: dict[str, object] = {"content": text, "allowed_mentions": _mentions(text)}
    if "token" in account.credentials:
        body |= {"nonce": _nonce(message, place), "enforce_nonce": True}
        if before:
            body["message_reference"] = {"message_id": before[0].remote_id, "fail_if_not_exists": False}
    media = message.media if place == 0 else ()
    body |= {"attachments": [{"id": n, "filename": one.name, "description": one.alt} for n, one in enumerate(media)]}
    files = {f"files[{n}]": (one.name, one.read(), one.mime) for n, one in enumerate(media)}
    path = "/messages" if "token" in account.credentials else ""
    return taken(call(account, "POST", path, {"wait": "true"} if not path else None, body, files))


def _mentions(text: str) -> dict[str, object]:
    """Whoever is written as <@number> is meant; @everyone never is."""
    found = _MENTION.findall(text)
    roles, users = ({number for mark, number in found if (mark == "&") is role} for role in (True, False))
    return {"parse": [], "users": sorted(users)[:100], "roles": sorted(roles)[:100], "replied_user": False}


def _nonce(message: Message, place: int) -> str:
    """The same for every attempt at this part: 25 characters are as many as it takes."""
    digest = hashlib.sha256(f"{message.key} {place}".encode()).digest()
    return base64.b32encode(digest).decode()[:25].lower()


def _seen(
    account: Account,
    message: Message,
    posts: Sequence[Mapping[str, Any]],
    place: int,
    text: str,
    before: Sequence[Receipt],
) -> Receipt | None:
    """This part on the channel's timeline. Raises NotSent where two might be it."""
    known = {receipt.remote_id for receipt in before}
    files = len(message.media) if place == 0 else 0
    same = [
        post
        for post in posts
        if post["id"] not in known
        and same_words(post.get("content"), text)
        and len(post.get("attachments", ())) == files
    ]
    if len(same) > 1:
        raise NotSent(say("There are two posts with these words. Which one is ours cannot be told."))
    return _receipt(account, same[0]) if same else None


def _since(account: Account, since: datetime) -> Iterator[Mapping[str, Any]]:
    """The channel's messages from a minute before `since`, in pages that begin with the oldest."""
    after = (int((since - EARLIER).timestamp() * 1000) - EPOCH) << 22
    for _ in range(PAGES):
        page = answered(call(account, "GET", "/messages", {"after": str(after), "limit": str(PAGE)})).json()
        if not isinstance(page, list) or not all(isinstance(post, dict) and is_id(post.get("id")) for post in page):
            raise client.unclear(NAME)
        yield from page
        if len(page) < PAGE:
            return
        after = max(int(post["id"]) for post in page)
    raise NotSent(say("The channel's messages are too many to be read back."))


def _is_ours(account: Account, post: Mapping[str, Any]) -> bool:
    bot = account.credentials.get("bot")
    author = post.get("author")
    return bot is None or (isinstance(author, dict) and author.get("id") == bot)


def _ask(account: Account, remote_id: str) -> Mapping[str, Any] | None:
    """One message; None when it is gone."""
    answer = call(account, "GET", f"/messages/{remote_id}")
    if is_gone(answer):
        return None
    told = answered(answer).json()
    if not isinstance(told, dict) or told.get("id") != remote_id:
        raise client.unclear(NAME)
    return told


def _reactions(post: Mapping[str, Any]) -> Reactions:
    told = post.get("reactions", [])
    counts = [one.get("count") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return Reactions(likes=sum(count for count in counts if type(count) is int))


def _receipt(account: Account, told: Any) -> Receipt:
    match told:
        case {"id": str() as remote_id, "channel_id": str() as channel} if is_id(remote_id):
            wanted = account.credentials.get("channel") or account.remote_id
            if "token" in account.credentials and channel != wanted:
                raise client.unclear(NAME)
            guild = account.credentials.get("guild", "@me")
            return Receipt(remote_id, f"https://discord.com/channels/{guild}/{channel}/{remote_id}")
    raise client.unclear(NAME)


def _by_webhook(base: str, typed: str) -> Grant:
    address = urlsplit(typed)
    found = _WEBHOOK.fullmatch(address.path)
    if found is None or (address.hostname not in _HOSTS and address.hostname != urlsplit(base).hostname):
        raise ChannelRefused(say("That is not the address of a Discord webhook."))
    number, token = found.groups()
    told = client.accepted(call(Account(base, "", number, {"webhook": token}, CONNECTING), "GET", "")).json()
    match told:
        case {"id": str(), "type": 1, "channel_id": str() as channel}:
            name, guild = str(told.get("name") or NAME), str(told.get("guild_id") or "@me")
            kept = {"webhook": token, "channel": channel, "guild": guild}
            return Grant(number, name, name, kept, url=f"https://discord.com/channels/{guild}/{channel}")
    raise client.unclear(NAME)


def _by_bot(account: Account) -> Grant:
    me = client.accepted(request(account, "GET", "/users/@me")).json()
    told = client.accepted(call(account, "GET", "")).json()
    match me, told:
        case {"id": str() as bot}, {"id": str() as channel, "name": str() as name} if channel == account.remote_id:
            guild = str(told.get("guild_id") or "@me")
            kept = {**account.credentials, "bot": bot, "channel": channel, "guild": guild}
            url = f"https://discord.com/channels/{guild}/{channel}"
            return Grant(channel, f"#{name}", f"#{name}", kept, url=url)
    raise client.unclear(NAME)
