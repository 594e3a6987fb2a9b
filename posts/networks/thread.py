"""A thread, part by part: what is out is kept before the next part leaves, so that it resumes and never restarts."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence

from notices.sentences import Sentence, say_count
from posts.networks.base import Absent, Found, Message, Receipt, SendError

# Sends, or looks for, the part at this place, given the receipts of those before it.
Send = Callable[[int, str, Sequence[Receipt]], Receipt]
Look = Callable[[int, str, Sequence[Receipt]], Receipt | None]


def send_parts(message: Message, send: Send) -> list[Receipt]:
    """The receipts of all parts; those that an earlier attempt got out are not sent again. Raises a SendError."""
    done: list[Receipt] = []
    for place, text in enumerate(_parts(message)):
        receipt = _kept(message, place)
        if receipt is None:
            receipt = _sent(message, send, place, text, done)
        done.append(receipt)
    return done


def find_parts(message: Message, look: Look) -> Found | Absent:
    """Found when every part is out. What is found on the way is kept, so that sending goes on behind it."""
    done: list[Receipt] = []
    for place, text in enumerate(_parts(message)):
        receipt = _kept(message, place)
        if receipt is None:
            receipt = look(place, text, done)
            if receipt is None:
                return Absent()
            _keep(message, place, receipt)
        done.append(receipt)
    return Found(joined(done))


def joined(receipts: Sequence[Receipt]) -> Receipt:
    """One receipt for a whole thread: the ids of all parts with commas between them, and where it begins."""
    return Receipt(",".join(receipt.remote_id for receipt in receipts), receipts[0].url)


def parts_of(remote_id: str) -> list[str]:
    """The ids that stand in a joined receipt, the first part's first."""
    return [one for one in remote_id.split(",") if one]


def same_words(told: object, sent: str) -> bool:
    """Whether a timeline shows this text, as networks trim it and compose its letters."""
    return isinstance(told, str) and _plain(told) == _plain(sent)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _parts(message: Message) -> tuple[str, ...]:
    return (message.text, *message.rest)


def _sent(message: Message, send: Send, place: int, text: str, done: Sequence[Receipt]) -> Receipt:
    try:
        receipt = send(place, text, done)
    except SendError as error:
        if done:
            error.sentence = _halfway(error.sentence, len(done))
        raise
    _keep(message, place, receipt)
    return receipt


def _halfway(sentence: Sentence, out: int) -> Sentence:
    """A person has to know that followers already see the beginning."""
    return say_count(
        "{sentence} The first post of this thread is already out.",
        "{sentence} The first {count} posts of this thread are already out.",
        out,
        sentence=sentence,
    )


def _kept(message: Message, place: int) -> Receipt | None:
    kept = message.steps.kept(f"part {place + 1}") if message.rest else None
    return Receipt(*json.loads(kept)) if kept else None


def _keep(message: Message, place: int, receipt: Receipt) -> None:
    if message.rest:
        message.steps.keep(f"part {place + 1}", json.dumps([receipt.remote_id, receipt.url]))
