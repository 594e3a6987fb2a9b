"""Whether a network takes a message at all, asked before anything leaves."""

from collections import Counter
from collections.abc import Iterator

from notices.sentences import Sentence, say
from posts.networks.base import Limits, Message, Refused
from posts.networks.parcel import Kind


def must_take(network: str, limits: Limits, message: Message) -> None:
    """Raises Refused with the first thing that this network would cut, or turn away. Length is not looked at."""
    for problem in (*_of_the_thread(network, limits, message), *_of_the_files(network, limits, message)):
        raise Refused(problem)


def _of_the_thread(network: str, limits: Limits, message: Message) -> Iterator[Sentence]:
    if message.rest and limits.parts == 1:
        yield say("{network} has no threads. Please make one post of it.", network=network)
    if len(message.rest) + 1 > limits.parts:
        yield say("{network} takes {most} posts in one thread.", network=network, most=limits.parts)


def _of_the_files(network: str, limits: Limits, message: Message) -> Iterator[Sentence]:
    media, kinds = limits.media, Counter(file.kind for file in message.media)
    if limits.needs_media and not kinds and not message.repost_of:
        yield say("{network} takes no post without a picture or a video.", network=network)
    if kinds[Kind.IMAGE] > media.images:
        yield say("{network} takes {most} pictures in one post.", network=network, most=media.images)
    if kinds[Kind.GIF] > media.gifs:
        yield say("{network} takes {most} moving pictures in one post.", network=network, most=media.gifs)
    if kinds[Kind.VIDEO] > media.videos:
        yield say("{network} takes {most} videos in one post.", network=network, most=media.videos)
    if len(kinds) > 1 and not media.mixed:
        yield say("{network} takes pictures or a video in one post, not both.", network=network)
    if media.fetched and not all(file.url.startswith(("https://", "http://")) for file in message.media):
        yield say("{network} fetches files from a public address, and this one has none.", network=network)
