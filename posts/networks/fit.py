"""Whether files fit a network, and what has to become of one so that it does: guards and sending ask the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notices.sentences import Sentence, say
from posts.networks.base import MediaLimits
from posts.networks.parcel import Kind

# Bars beside or above a picture are fine; a stripe between two fields of white is not what anybody meant.
MOST_PADDING = 2.0


@dataclass(frozen=True)
class Piece:
    """A file as far as its fitting needs to know it. Sides in pixels as a viewer sees them, size in bytes."""

    kind: Kind
    mime: str
    size: int
    width: int
    height: int
    alt: str = ""
    name: str = ""
    seconds: float | None = None

    @property
    def aspect(self) -> float:
        return self.width / self.height


@dataclass(frozen=True)
class Fit:
    """What a network is to be sent. `as_is`: the very bytes that we have; else they are known once it is made."""

    kind: Kind
    mime: str
    width: int
    height: int
    as_is: bool
    inner: tuple[int, int] = (0, 0)  # the picture itself, inside its padding
    most_bytes: int = 0


def misfits(pieces: Sequence[Piece], limits: MediaLimits, network: str) -> Iterator[Sentence]:
    """Why these would not be sent to this network, each with its number and how many there may be."""
    yield from _counts([_sent_as(piece, limits) for piece in pieces], limits, network)
    for piece in pieces:
        if why := _why_not(piece, limits, network):
            yield why


def changes(pieces: Sequence[Piece], limits: MediaLimits, network: str) -> Iterator[Sentence]:
    """What its readers will see otherwise than its writer does."""
    for piece in pieces:
        if piece.kind is Kind.GIF and _sent_as(piece, limits) is Kind.IMAGE:
            yield say("“{name}” stands still on {network}: it takes no moving GIFs.", name=piece.name, network=network)
        elif piece.kind is Kind.IMAGE and _padded(piece, limits) and not _why_not(piece, limits, network):
            yield say(
                "“{name}” gets white bars on {network}, to have a shape that it takes.",
                name=piece.name,
                network=network,
            )


def without_words(pieces: Sequence[Piece], limits: MediaLimits) -> list[Piece]:
    """Those that lack a description where the network would take one."""
    return [piece for piece in pieces if limits.alt_length and not piece.alt.strip()]


def fit(piece: Piece, limits: MediaLimits) -> Fit:
    """What is to be made of a piece that does fit."""
    kind = _sent_as(piece, limits)
    if kind is not Kind.IMAGE:
        return Fit(kind, piece.mime, piece.width, piece.height, as_is=True)
    inner = _scaled(piece, limits)
    outer = _with_padding(inner, limits)
    mime = _format(piece, limits)
    same = outer == (piece.width, piece.height) and mime == piece.mime and piece.size <= limits.image_bytes
    return Fit(kind, mime, *outer, as_is=same, inner=inner, most_bytes=limits.image_bytes)


def _format(piece: Piece, limits: MediaLimits) -> str:
    """Its own, where that is taken and small enough; a drawing that is too large shrinks best as a photo."""
    if piece.mime not in limits.image_types:
        return limits.image_types[0]
    photo = "image/jpeg" if "image/jpeg" in limits.image_types else piece.mime
    return photo if piece.size > limits.image_bytes else piece.mime


def _sent_as(piece: Piece, limits: MediaLimits) -> Kind:
    return Kind.IMAGE if piece.kind is Kind.GIF and not limits.gifs and limits.images else piece.kind


def _counts(kinds: Sequence[Kind], limits: MediaLimits, network: str) -> Iterator[Sentence]:
    images, gifs, videos = (kinds.count(kind) for kind in (Kind.IMAGE, Kind.GIF, Kind.VIDEO))
    for count, most, none, too_many in (
        (images, limits.images, _NO_IMAGES, _MANY_IMAGES),
        (gifs, limits.gifs, _NO_GIFS, _MANY_GIFS),
        (videos, limits.videos, _NO_VIDEOS, _MANY_VIDEOS),
    ):
        if count > most:
            yield say((too_many if most else none).text, network=network, count=count, most=most)
    if not limits.mixed and sum(map(bool, (images, gifs, videos))) > 1:
        yield say("{network} does not take pictures and videos in one post.", network=network)


def _why_not(piece: Piece, limits: MediaLimits, network: str) -> Sentence | None:
    said = {"name": piece.name, "network": network}
    if limits.alt_length and len(piece.alt) > limits.alt_length:
        return say(
            "The description of “{name}” has {length} characters; {network} takes {most}.",
            length=len(piece.alt), most=limits.alt_length, **said,
        )  # fmt: skip
    match _sent_as(piece, limits):
        case Kind.IMAGE if limits.images and _padded(piece, limits) > MOST_PADDING:
            return say("“{name}” is too long and narrow for {network}. Cut it to another shape.", **said)
        case Kind.GIF if limits.gifs and piece.size > limits.gif_bytes:
            return say(
                "“{name}” is larger than the {most} MB that {network} takes.", most=_mb(limits.gif_bytes), **said
            )
        case Kind.VIDEO if limits.videos:
            return _video(piece, limits, said)
    return None


def _video(piece: Piece, limits: MediaLimits, said: dict[str, str]) -> Sentence | None:
    if piece.mime not in limits.video_types:
        return say("{network} does not take a video like “{name}”. Export it as MP4.", **said)
    if piece.size > limits.video_bytes:
        return say("“{name}” is larger than the {most} MB that {network} takes.", most=_mb(limits.video_bytes), **said)
    if piece.seconds and piece.seconds > limits.video_seconds:
        most = f"{limits.video_seconds:g}"
        return say("“{name}” is longer than the {most} seconds that {network} takes.", most=most, **said)
    return None


def _scaled(piece: Piece, limits: MediaLimits) -> tuple[int, int]:
    """Small enough, with room for the padding that will come."""
    longest = max(_with_padding((piece.width, piece.height), limits))
    factor = min(1.0, limits.longest_side / longest)
    return max(1, int(piece.width * factor)), max(1, int(piece.height * factor))


def _with_padding(sides: tuple[int, int], limits: MediaLimits) -> tuple[int, int]:
    width, height = sides
    if limits.widest and width / height > limits.widest:
        return width, _up(width / limits.widest)
    if limits.tallest and width / height < limits.tallest:
        return _up(height * limits.tallest), height
    return sides


def _padded(piece: Piece, limits: MediaLimits) -> float:
    """How far its shape is from one that is taken, as a factor; 0: it is one."""
    if limits.widest and piece.aspect > limits.widest:
        return piece.aspect / limits.widest
    if limits.tallest and piece.aspect < limits.tallest:
        return limits.tallest / piece.aspect
    return 0.0


def _up(side: float) -> int:
    return int(side) + (side > int(side))


def _mb(size: int) -> str:
    return f"{size / 1_000_000:g}"


_NO_IMAGES = say("{network} takes no pictures.")
_NO_GIFS = say("{network} takes no moving GIFs.")
_NO_VIDEOS = say("{network} takes no videos.")
_MANY_IMAGES = say("{network} takes at most {most} pictures; this has {count}.")
_MANY_GIFS = say("{network} takes at most {most} moving GIFs; this has {count}.")
_MANY_VIDEOS = say("{network} takes at most {most} videos; this has {count}.")
