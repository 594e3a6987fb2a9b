"""Sending in several steps of which none may be done twice: what is done is kept, and an attempt goes on from there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
