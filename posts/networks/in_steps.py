"""Sending in several steps of which none may be done twice: what is done is kept, and an attempt goes on from there."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from notices.sentences import say
from posts.networks import client
from posts.networks.base import Message, NotSent, Receipt, Refused, Unconfirmed


@contextmanager
def nothing_published(network: str) -> Iterator[None]:
    """For requests that put nothing before the public: one without an answer may simply be made again."""
    try:
        yield
    except Unconfirmed as error:
        raise NotSent(say("{network} did not answer, and nothing was published yet.", network=network)) from error


def once(message: Message, network: str, step: str, do: Callable[[], str], good_for: float | None = None) -> str:
    """What a preparing step gave, by this attempt or an earlier one. `good_for` seconds, then it is done anew."""
    now = datetime.now(UTC).timestamp()
    until, _, kept = (message.steps.kept(step) or "0 ").partition(" ")
    if kept and (until == "-" or float(until) > now):
        return kept
    with nothing_published(network):
        value = do()
    message.steps.keep(step, f"{'-' if good_for is None else f'{now + good_for:.0f}'} {value}")
    return value


def forget(message: Message, step: str) -> None:
    """The network has lost what this step gave: it has to be done again."""
    message.steps.keep(step, "0 ")


def published_parts(message: Message) -> list[Receipt]:
    """The posts of a thread that are known to be out, from the first on."""
    out: list[Receipt] = []
    while kept := message.steps.kept(f"part {len(out)}"):
        remote_id, url = json.loads(kept)
        out.append(Receipt(remote_id, url))
    return out


def keep_part(message: Message, number: int, receipt: Receipt) -> None:
    message.steps.keep(f"part {number}", json.dumps([receipt.remote_id, receipt.url]))


def in_turn(message: Message, publish: Callable[[int, str, str], Receipt]) -> Receipt:
    """Publish the post, or the posts of a thread from the first one that is not out.

    `publish` is given the number of the part from 0, its text, and the remote id of the part before it.
    """
    out = published_parts(message)
    texts = (message.text, *message.rest)
    for number in range(len(out), len(texts)):
        try:
            receipt = publish(number, texts[number], out[-1].remote_id if out else "")
        except Refused as error:
            raise _in_the_middle(error, number, len(texts)) if number else error from error.__cause__
        if len(texts) > 1:
            keep_part(message, number, receipt)
        out.append(receipt)
    return out[0]


def chunks(content: bytes, size: int) -> Sequence[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)] or [b""]


def text_of(answer: client.Answer, *path: str) -> str:
    """The words or number at this path of an answer in JSON. Raises Unconfirmed where there is none."""
    told = answer.json()
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    if isinstance(told, str) and told:
        return told
    if type(told) is int:
        return str(told)
    raise client.unclear(answer.network)


def _in_the_middle(error: Refused, done: int, parts: int) -> Refused:
    sentence = say(
        "{done} of {parts} posts of this thread are out, and no more will follow. {why}",
        done=done,
        parts=parts,
        why=error.sentence,
    )
    return Refused(sentence, duplicate=error.duplicate)
