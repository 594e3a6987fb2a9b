"""Every bad file of the corpus is refused with a sentence, every good one comes out clean."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from posts.media.sniff import take
from posts.media.taken import NotTaken, Taken
from posts.networks.parcel import Kind
from tests.posts.media import files

CASES = json.loads((Path(__file__).parent / "uploads.json").read_text())["cases"]
HIDDEN = (b"script", b"secret@", b"GPS", b"Exif", b"PHP", b"php", b"PK\x03\x04", b"%PDF", b"alert", b"Paris")


def taken(data: bytes, folder: Path) -> Taken:
    place = folder / "file"
    place.write_bytes(data)
    return take(place)


def test_every_case_has_its_file() -> None:
    assert {case["file"] for case in CASES} == set(files.MADE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_file_from_outside(case: dict[str, str], tmp_path: Path) -> None:
    data = files.MADE[case["file"]]()
    if case["expect"] == "refuse":
        with pytest.raises(NotTaken) as refused:
            taken(data, tmp_path)
        assert refused.value.sentence.text.endswith(".")
        return
    clean = taken(data, tmp_path)
    assert clean.content
    assert not [hidden for hidden in HIDDEN if hidden in clean.content]
    with Image.open(io.BytesIO(clean.content)) as again:
        again.load()
        assert again.size == (clean.width, clean.height)


def test_a_photo_stands_upright_and_no_longer_says_where_it_was_taken(tmp_path: Path) -> None:
    lying = Image.new("RGB", (40, 20), "white")
    lying.paste("red", (0, 0, 20, 20))
    notes = Image.Exif()
    notes[0x0112] = 6
    notes.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=notes, quality=95)
    clean = taken(out.getvalue(), tmp_path)
    assert (clean.width, clean.height) == (20, 40)
    with Image.open(io.BytesIO(clean.content or b"")) as upright:
        assert not upright.getexif()
        red = upright.getpixel((10, 5))
        assert isinstance(red, tuple)
        assert (red[0] > 200, red[1] < 100) == (True, True)


def test_a_photo_that_needs_no_change_keeps_its_compression(tmp_path: Path) -> None:
    clean = taken(files.picture(form="JPEG", quality=61), tmp_path)
    with Image.open(io.BytesIO(clean.content or b"")) as kept, Image.open(io.BytesIO(files.picture(quality=61))) as was:
        assert kept.quantization == was.quantization  # type: ignore[attr-defined]


def test_a_moving_gif_moves_on_and_loses_its_comment(tmp_path: Path) -> None:
    clean = taken(files.moving(), tmp_path)
    assert clean.kind is Kind.GIF
    assert clean.seconds == pytest.approx(0.3)
    assert files.SCRIPT not in (clean.content or b"")
    with Image.open(io.BytesIO(clean.content or b"")) as again:
        assert again.n_frames == 3  # type: ignore[attr-defined]
        assert again.info["loop"] == 0


def test_a_gif_with_one_frame_is_a_picture(tmp_path: Path) -> None:
    clean = taken(files.moving(frames=1), tmp_path)
    assert (clean.kind, clean.mime) == (Kind.IMAGE, "image/png")


def test_a_film_keeps_every_byte_but_its_notes(tmp_path: Path) -> None:
    data = files.mp4(notes=b"+48.8577+002.295/ Paris")
    film = taken(data, tmp_path)
    assert (film.kind, film.mime, film.width, film.height) == (Kind.VIDEO, "video/mp4", 640, 360)
    assert film.seconds == 2.0
    left = (tmp_path / "file").read_bytes()
    assert b"Paris" not in left
    assert len(left) == len(data)
    assert take(tmp_path / "file") == film, "clean twice is clean once"


def test_a_film_that_lies_on_its_side_is_measured_as_it_is_seen(tmp_path: Path) -> None:
    film = taken(files.mp4(1920, 1080, turned=True), tmp_path)
    assert (film.width, film.height) == (1080, 1920)


@pytest.mark.parametrize("cut", [9, 40, 200, -1])
def test_half_a_film_is_none(cut: int, tmp_path: Path) -> None:
    with pytest.raises(NotTaken):
        taken(files.mp4()[:cut], tmp_path)


def test_colours_of_other_profiles_and_presses_become_those_of_the_web(tmp_path: Path) -> None:
    press = io.BytesIO()
    Image.new("CMYK", (30, 30), (0, 255, 255, 0)).save(press, "JPEG")
    clean = taken(press.getvalue(), tmp_path)
    with Image.open(io.BytesIO(clean.content or b"")) as picture:
        assert picture.mode == "RGB"
