"""The demo's pictures, drawn when it is seeded: leather, a seam, a buckle, a bag."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1600, 1200)
LEATHER, DARK, THREAD, BRASS, WALL = "#8a4b2a", "#5d2f18", "#f1e3c8", "#c9a24a", "#e9e2d6"


def draw(motif: str) -> bytes:
    picture = _ground(WALL if motif == "bag" else LEATHER)
    pen = ImageDraw.Draw(picture)
    {"seam": _seam, "buckle": _buckle, "bag": _bag}[motif](pen)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _ground(colour: str) -> Image.Image:
    """Not quite even, as things are."""
    plain = Image.new("RGB", SIZE, colour)
    grain = Image.radial_gradient("L").resize(SIZE).filter(ImageFilter.GaussianBlur(40))
    return Image.composite(Image.new("RGB", SIZE, "#2b1710"), plain, grain.point([value // 3 for value in range(256)]))


def _seam(pen: ImageDraw.ImageDraw) -> None:
    pen.line((0, 640, 1600, 560), fill=DARK, width=14)
    for x in range(30, 1600, 90):
        pen.line((x, 612 - x // 20, x + 56, 590 - x // 20), fill=THREAD, width=16)


def _buckle(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((0, 470, 1600, 730), 20, fill=DARK)
    pen.ellipse((560, 330, 1040, 870), outline=BRASS, width=64)
    pen.line((620, 600, 1060, 600), fill=BRASS, width=40)


def _bag(pen: ImageDraw.ImageDraw) -> None:
    pen.arc((560, 200, 1040, 760), 180, 360, fill=DARK, width=44)
    pen.rounded_rectangle((380, 480, 1220, 1060), 60, fill=LEATHER)
    pen.rounded_rectangle((380, 480, 1220, 760), 60, fill=DARK)
    for x in range(420, 1180, 40):
        pen.line((x, 740, x + 22, 740), fill=THREAD, width=7)
    pen.ellipse((760, 720, 840, 800), fill=BRASS)
