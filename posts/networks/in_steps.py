"""Sending in several steps of which none may be done twice: what is done is kept, and an attempt goes on from there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from notices.sentences import say
from posts.networks import client
from posts.networks.base import Message, NotSent, Unconfirmed


@contextmanager
def nothing_published(network: str) -> Iterator[None]:
    """For requests that put nothing before the public: one without an answer may simply be made again."""
    try:
        yield
    except Unconfirmed as error:
        raise NotSent(say("{network} did not answer, and nothing was published yet.", network=network)) from error


def done(message: Message, step: str) -> str | None:
    """What this step gave an earlier attempt, while it is good; None: it is to be done."""
    until, _, kept = (message.steps.kept(step) or "0 ").partition(" ")
    good = kept and (until == "-" or float(until) > datetime.now(UTC).timestamp())
    return kept if good else None


def once(message: Message, network: str, step: str, do: Callable[[], str], good_for: float | None = None) -> str:
    """What a preparing request gave, by this attempt or an earlier one; after `good_for` seconds it is made anew."""
    if (kept := done(message, step)) is not None:
        return kept
    with nothing_published(network):
        value = do()
    until = "-" if good_for is None else f"{datetime.now(UTC).timestamp() + good_for:.0f}"
    message.steps.keep(step, f"{until} {value}")
    return value


def forget(message: Message, step: str) -> None:
    """The network has lost what this step gave: it has to be done again."""
    message.steps.keep(step, "0 ")


@dataclass
class Progress:
    """Whether this attempt has brought something of a large file over."""

    made: bool = False


@contextmanager
def in_pieces() -> Iterator[Progress]:
    """An attempt that ended in the middle of a file and came further than the one before uses up no try."""
    progress = Progress()
    try:
        yield progress
    except NotSent as error:
        if not progress.made:
            raise
        again = 1.0 if error.retry_after is None else error.retry_after
        raise NotSent(error.sentence, retry_after=again, counts=False) from error


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
