"""Threads: one post after the other, each kept before the next leaves, so that none is ever sent twice."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from notices.sentences import say
from posts.networks.base import Message, SendError

LONGEST_ID = 200  # of a publication's remote id

Send = Callable[[int, str, Sequence[str]], str]


def texts_of(message: Message) -> tuple[str, ...]:
    return (message.text, *message.rest)


def send_parts(message: Message, send: Send) -> list[str]:
    """What is kept of every part, having sent those of which nothing is.

    `send` is given a part's place, its text, and what is kept of those before it, and returns what to keep of it.
    A single post keeps nothing: it costs no write.
    """
    texts, done = texts_of(message), list[str]()
    for place, text in enumerate(texts):
        kept = kept_of(message, place)
        if kept is None:
            with _told_what_is_out(place, len(texts)):
                kept = send(place, text, done)
            keep(message, place, kept)
        done.append(kept)
    return done


def kept_of(message: Message, place: int) -> str | None:
    return message.steps.kept(f"part {place + 1}") if message.rest else None


def keep(message: Message, place: int, value: str) -> None:
    if message.rest:
        message.steps.keep(f"part {place + 1}", value)


def joined(first: str, others: Sequence[str]) -> str:
    """The remote id of a thread: its parts' ids, as many as there is room for."""
    whole = first
    for one in others:
        if len(whole) + 1 + len(one) > LONGEST_ID:
            break
        whole += f",{one}"
    return whole


@contextmanager
def _told_what_is_out(done: int, parts: int) -> Iterator[None]:
    """A thread that broke off is out in part, and the sentence has to say so."""
    try:
        yield
    except SendError as error:
        if done:
            error.sentence = say(
                "{done} of {parts} posts of this thread are out. {sentence}",
                done=done, parts=parts, sentence=error.sentence,
            )  # fmt: skip
        raise
