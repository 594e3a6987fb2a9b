"""Slack: a bot writes to a channel. Our key travels as the message's metadata, by which it is found again.

After https://docs.slack.dev/reference/methods, seen in excerpts on 21 November 2026: 40,000 characters, and 1,000 of a
description (`alt_txt_too_large` of files.getUploadURLExternal). Ten files, their sizes and the length of a film rest on
nothing but our judgement; Slack takes larger ones.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from notices.sentences import say
from posts.networks import client
from posts.networks.access import TakesKeys
from posts.networks.base import (
    Absent,
    Account,
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
from posts.networks.in_steps import nothing_published
from posts.networks.parcel import Attachment
from posts.networks.slack_access import SlackAccess
from posts.networks.slack_calls import NAME, Gone, ask, call
from posts.networks.takes import must_take
from posts.networks.thread import find_parts, joined, parts_of, send_parts

FILES = 10
PARTS = 10  # as many time stamps as fit where one remote id is kept
LONGEST = 40_000
PAGE, PAGES = 200, 10
EVENT = "refrain_post"
EARLIER = timedelta(seconds=60)  # two clocks are never quite the same


class Slack(SlackAccess, Connector, TakesKeys):
    """Its id of a message is the time stamp, which is unique within a channel."""

    slug = "slack"
    name = NAME
    icon = "slack"
    address = "https://slack.com"
    limits = Limits(
        max_length=LONGEST,  # what is longer would be cut without a word
        counted_in=say("characters").text,
        needs_media=False,
        min_gap_days=1,
        source="https://docs.slack.dev/reference/methods/chat.postMessage",
        checked=date(2026, 11, 21),
        media=MediaLimits(
            images=FILES,
            image_types=("image/jpeg", "image/png", "image/webp"),
            image_bytes=50_000_000,
            alt_length=1000,
            gifs=FILES,
            gif_bytes=50_000_000,
            videos=FILES,
            video_bytes=100_000_000,
            video_seconds=3600.0,
            mixed=True,
        ),
        parts=PARTS,
    )
    proof = Proof.BY_KEY
    settle_after = 20.0
    resend_with_key = False
    measures = frozenset({"likes", "replies"})

    def length(self, text: str) -> int:
        return len(escaped(text))

    def publish(self, account: Account, message: Message) -> Receipt:
        must_take(NAME, self.limits, message)
        _must_fit(message)

        def send(place: int, text: str, before: Sequence[Receipt]) -> Receipt:
            thread = before[0].remote_id if before else ""
            try:
                shares = message.media and place == 0
                stamp = _share(account, message) if shares else _post(account, message, place, text, thread)
            except Gone as error:
                raise Refused(error.sentence) from error
            return _receipt(account, stamp)

        return joined(send_parts(message, send))

    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        def look(place: int, text: str, before: Sequence[Receipt]) -> Receipt | None:
            ours = _by_file(_kept_files(message)) if message.media and place == 0 else _by_key(_key(message, place))
            found = next((told for told in _said(account, message.since, before) if ours(told)), None)
            return _receipt(account, _stamp(found)) if found else None

        try:
            return find_parts(message, look)
        except SendError as error:
            return Unknown(error.sentence)

    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        told = {remote_id: _one(account, parts_of(remote_id)[0]) for remote_id in remote_ids}
        return {remote_id: _reactions(remote_id, found) for remote_id, found in told.items() if found is not None}

    def delete(self, account: Account, remote_id: str) -> None:
        for stamp in reversed(parts_of(remote_id)):
            try:
                call(account, "chat.delete", {"channel": account.remote_id, "ts": stamp})
            except Gone:
                continue


def escaped(text: str) -> str:
    """The three characters with which Slack's own markup begins and ends."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _must_fit(message: Message) -> None:
    """Raises Refused for what would be cut or turned away; nothing has left yet."""
    if any(len(escaped(text)) > LONGEST for text in (message.text, *message.rest)):
        raise Refused(say("Slack cuts what is longer than {most} characters.", most=LONGEST))
    if len(message.media) > FILES:
        raise Refused(say("{network} takes {most} files in one post.", network=NAME, most=FILES))


def _key(message: Message, place: int) -> str:
    return f"{message.key}/{place + 1}"


def _post(account: Account, message: Message, place: int, text: str, thread: str) -> str:
    """Without markup: every character arrives as it was written, and links are still links."""
    key = _key(message, place)
    body: dict[str, object] = {
        "channel": account.remote_id,
        "text": escaped(text),
        "mrkdwn": False,
        "unfurl_links": True,
        "metadata": {"event_type": EVENT, "event_payload": {"key": key}},
        # Known from the errors that it documents for it alone: no promise, so nothing rests on it.
        "client_msg_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"refrain:{key}")),
    }
    told = call(account, "chat.postMessage", {**body, **({"thread_ts": thread} if thread else {})})
    if told.get("channel") != account.remote_id:
        raise client.unclear(NAME)
    return _stamp(told)


def _share(account: Account, message: Message) -> str:
    """Hand the files over first, then show them in one message; only that may not be done twice."""
    files = [_handed_over(account, message, place, one) for place, one in enumerate(message.media)]
    body: dict[str, object] = {
        "channel_id": account.remote_id,
        "initial_comment": escaped(message.text),
        "files": [{"id": file, "title": one.name} for file, one in zip(files, message.media, strict=True)],
    }
    try:
        call(account, "files.completeUploadExternal", body)
    except Gone as error:
        for place in range(len(files)):
            message.steps.keep(_file_step(place), "")
        raise NotSent(say("Slack has lost the files. They will be sent again.")) from error
    return _shared_at(account, files, message.since)


def _handed_over(account: Account, message: Message, place: int, one: Attachment) -> str:
    """The file's id at Slack, where nobody sees it yet."""
    if kept := message.steps.kept(_file_step(place)):
        return kept
    form = {"filename": one.name, "length": str(one.size)} | ({"alt_txt": one.alt} if one.alt else {})
    match ask(account, "files.getUploadURLExternal", form):
        case {"upload_url": str() as address, "file_id": str() as file}:
            _hand_over(account, address, one)
            message.steps.keep(_file_step(place), file)
            return file
    raise NotSent(say("{network} could not be asked.", network=NAME))


def _hand_over(account: Account, address: str, one: Attachment) -> None:
    """The address is good for this one file, and is told no token."""
    with nothing_published(NAME):
        answer = client.request(
            NAME,
            "POST",
            address,
            deadline=account.deadline,
            until=account.until,
            headers={"Content-Type": "application/octet-stream"},
            content=one.read(),
        )
        client.accepted(answer)


def _file_step(place: int) -> str:
    return f"file {place + 1}"


def _kept_files(message: Message) -> list[str]:
    kept = [message.steps.kept(_file_step(place)) for place in range(len(message.media))]
    return [file for file in kept if file]


def _shared_at(account: Account, files: Sequence[str], since: datetime) -> str:
    """When the message with these files was made: not told by the answer that makes it."""
    found = next((told for told in _said(account, since, ()) if _by_file(files)(told)), None)
    if found is None:
        raise client.unclear(NAME)
    return _stamp(found)


def _by_key(key: str) -> Callable[[Mapping[str, Any]], bool]:
    def ours(told: Mapping[str, Any]) -> bool:
        match told.get("metadata"):
            case {"event_type": "refrain_post", "event_payload": {"key": str() as found}}:
                return found == key
        return False

    return ours


def _by_file(files: Sequence[str]) -> Callable[[Mapping[str, Any]], bool]:
    def ours(told: Mapping[str, Any]) -> bool:
        shown = told.get("files")
        return isinstance(shown, list) and any(isinstance(one, dict) and one.get("id") in files for one in shown)

    return ours


def _said(account: Account, since: datetime, before: Sequence[Receipt]) -> Iterator[Mapping[str, Any]]:
    """The channel's messages from a minute before `since`, or the answers in a thread. Raises a SendError."""
    form = {
        "channel": account.remote_id,
        "oldest": f"{(since - EARLIER).timestamp():.6f}",
        "include_all_metadata": "true",
        "limit": str(PAGE),
        **({"ts": before[0].remote_id} if before else {}),
    }
    for _ in range(PAGES):
        told = ask(account, "conversations.replies" if before else "conversations.history", form)
        messages = told.get("messages")
        if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
            raise client.unclear(NAME)
        yield from messages
        match told.get("response_metadata"):
            case {"next_cursor": str() as cursor} if cursor:
                form["cursor"] = cursor
            case _:
                return
    raise NotSent(say("The channel's messages are too many to be read back."))


def _one(account: Account, stamp: str) -> Mapping[str, Any] | None:
    """One message with its numbers; None when it is gone."""
    form = {"channel": account.remote_id, "ts": stamp, "limit": "1"}
    try:
        told = ask(account, "conversations.replies", form).get("messages")
    except Gone:
        return None
    if not isinstance(told, list):
        raise client.unclear(NAME)
    return next((one for one in told if isinstance(one, dict) and one.get("ts") == stamp), None)


def _reactions(remote_id: str, told: Mapping[str, Any]) -> Reactions:
    """The further posts of our own thread are no replies."""
    shown = told.get("reactions", [])
    counts = [one.get("count") for one in shown if isinstance(one, dict)] if isinstance(shown, list) else []
    replies = told.get("reply_count", 0)
    own = len(parts_of(remote_id)) - 1
    return Reactions(
        likes=sum(count for count in counts if type(count) is int),
        replies=max(replies - own, 0) if type(replies) is int else None,
    )


def _stamp(told: Mapping[str, Any]) -> str:
    stamp = told.get("ts")
    if not isinstance(stamp, str) or not stamp.replace(".", "").isdecimal():
        raise client.unclear(NAME)
    return stamp


def _receipt(account: Account, stamp: str) -> Receipt:
    workspace = account.credentials.get("workspace", "")
    return Receipt(stamp, f"{workspace}/archives/{account.remote_id}/p{stamp.replace('.', '')}" if workspace else "")
