"""Whatever fits a network at all arrives within all of its limits; what does not is said with its number."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from posts.fitting import copy_of, fitted
from posts.media.library import keep
from posts.models import Channel
from posts.networks import NETWORKS
from posts.networks.base import MediaLimits, Refused
from posts.networks.fit import Piece, changes, fit, misfits, without_words
from posts.networks.parcel import Kind
from teams.models import Workspace
from tests.conftest import NOW
from tests.posts.media import files

PICTURE = Piece(Kind.IMAGE, "image/jpeg", 500_000, 1200, 900, "A sea.", "sea.jpg")
GIF = Piece(Kind.GIF, "image/gif", 900_000, 400, 300, "", "wave.gif", 3.0)
FILM = Piece(Kind.VIDEO, "video/mp4", 9_000_000, 1920, 1080, "", "film.mp4", 30.0)
LIMITS = MediaLimits(images=4, gifs=1, videos=1, alt_length=100)
SIDES = [(1, 1), (90, 60), (1200, 900), (900, 1200), (5000, 3000), (3000, 1500), (1000, 1900)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "media": stored}
    settings.DATA = tmp_path


@pytest.mark.parametrize("slug", [slug for slug, one in NETWORKS.items() if one.limits.media.images])
@pytest.mark.parametrize(("width", "height"), SIDES)
def test_every_network_is_sent_only_what_it_takes(slug: str, width: int, height: int) -> None:
    limits = NETWORKS[slug].limits.media
    piece = replace(PICTURE, width=width, height=height, alt="")
    if any(misfits([piece], limits, slug)):
        return
    made = fit(piece, limits)
    assert made.mime in limits.image_types
    assert max(made.width, made.height) <= limits.longest_side
    assert made.inner[0] <= made.width
    assert made.inner[1] <= made.height
    # A picture of few pixels cannot be of every shape to the last digit.
    near = 1.01 if min(width, height) > 50 else 2.0
    assert limits.widest is None or made.width / made.height <= limits.widest * near
    assert limits.tallest is None or made.width / made.height >= limits.tallest / near


@pytest.mark.parametrize(
    ("pieces", "limits", "said"),
    [
        ([PICTURE] * 5, LIMITS, "at most {most} pictures"),
        ([PICTURE], MediaLimits(), "takes no pictures"),
        ([GIF, GIF], LIMITS, "at most {most} moving GIFs"),
        ([FILM], MediaLimits(images=4), "takes no videos"),
        ([PICTURE, FILM], LIMITS, "pictures and videos in one post"),
        ([replace(FILM, seconds=200.0)], LIMITS, "longer than the {most} seconds"),
        ([replace(FILM, size=10**9)], LIMITS, "larger than the {most} MB"),
        ([replace(FILM, mime="video/quicktime")], LIMITS, "Export it as MP4"),
        ([replace(GIF, size=10**8)], LIMITS, "larger than the {most} MB"),
        ([replace(PICTURE, width=9000)], replace(LIMITS, widest=2.0), "too long and narrow"),
        ([replace(PICTURE, alt="x" * 101)], LIMITS, "has {length} characters"),
    ],
)
def test_what_does_not_fit_is_said(pieces: list[Piece], limits: MediaLimits, said: str) -> None:
    assert [said in why.text for why in misfits(pieces, limits, "Here")] == [True]


def test_what_fits_is_said_nothing_of() -> None:
    assert not list(misfits([PICTURE] * 4, LIMITS, "Here"))
    assert not list(misfits([PICTURE, FILM, GIF], replace(LIMITS, mixed=True), "Here"))
    assert fit(PICTURE, LIMITS).as_is


def test_a_gif_stands_still_where_nothing_moves_and_its_writer_is_told() -> None:
    limits = MediaLimits(images=4)
    assert not list(misfits([GIF], limits, "Here"))
    assert (fit(GIF, limits).kind, fit(GIF, limits).mime) == (Kind.IMAGE, "image/jpeg")
    assert ["stands still" in said.text for said in changes([GIF], limits, "Here")] == [True]


def test_descriptions_are_missed_only_where_the_network_takes_them() -> None:
    assert without_words([PICTURE, GIF], LIMITS) == [GIF]
    assert without_words([GIF], MediaLimits(images=1)) == []


@pytest.mark.django_db
def test_a_noisy_picture_is_made_small_enough_in_bytes(workspace: Workspace, channel: Channel) -> None:
    out = io.BytesIO()
    Image.effect_noise((2400, 1800), 150).convert("RGB").save(out, "PNG")
    media = keep(workspace, io.BytesIO(out.getvalue()), "noise.png", None, NOW)
    (sent,) = fitted([media], channel, NOW + timedelta(days=1))
    assert sent.mime == "image/jpeg"
    assert len(sent.read()) == sent.size <= 1_000_000
    again = copy_of(media, channel.limits.media)
    assert again
    made = again.stat().st_ino
    (once_more,) = fitted([media], channel, NOW + timedelta(days=1))
    assert (again.stat().st_ino, once_more.read()) == (made, sent.read()), "kept, and not made a second time"


@pytest.mark.django_db
def test_a_shape_that_is_not_taken_gets_bars_and_keeps_its_picture(workspace: Workspace) -> None:
    limits = MediaLimits(images=1, tallest=0.8, longest_side=1000)
    media = keep(workspace, io.BytesIO(files.picture(600, 1000, colour="red")), "tall.jpg", None, NOW)
    place = copy_of(media, limits)
    assert place
    with Image.open(place) as made:
        assert made.width / made.height == pytest.approx(0.8, rel=0.01)
        middle, edge = made.getpixel((made.width // 2, 500)), made.getpixel((4, 500))
    assert isinstance(middle, tuple)
    assert isinstance(edge, tuple)
    assert middle[0] > 240 > middle[1]
    assert min(edge) > 240


@pytest.mark.django_db
def test_what_would_be_refused_never_leaves(workspace: Workspace, channel: Channel) -> None:
    several = [keep(workspace, io.BytesIO(files.picture(50 + n, 50)), f"{n}.jpg", None, NOW) for n in range(5)]
    with pytest.raises(Refused):
        fitted(several, channel, NOW)


@pytest.mark.django_db
def test_a_network_that_fetches_gets_a_public_address(workspace: Workspace) -> None:
    fetching = [slug for slug, one in NETWORKS.items() if one.limits.media.fetched]
    media = keep(workspace, io.BytesIO(files.picture()), "a.jpg", None, NOW)
    for slug in fetching:
        channel = Channel.objects.create(workspace=workspace, network=slug, handle=slug, name=slug)
        (sent,) = fitted([media], channel, NOW + timedelta(days=1))
        assert sent.url.startswith("http")
