"""Pictures from outside: measured before they are decoded, then written anew, so that nothing else comes along.

Where and by whom it was taken, comments, and what was hidden behind the picture's end stay behind.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageCms, ImageOps

from notices.sentences import say
from posts.media import gif
from posts.media.taken import NotTaken, Taken
from posts.networks.parcel import Kind

LARGEST = 25_000_000  # bytes
MOST_PIXELS = 40_000_000
MOST_FRAMES = 500
MOST_MOVING = 150_000_000  # pixels of all frames together
THUMB = 480
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")

_SRGB = ImageCms.createProfile("sRGB")
_BROKEN = say("This picture is broken: it cannot be read to its end. Export it again and upload that.")


def take(data: bytes) -> Taken:
    """Raises NotTaken."""
    if len(data) > LARGEST:
        raise NotTaken(
            say("This picture has {size} MB; {most} MB is the most.", size=len(data) // 10**6, most=LARGEST // 10**6)
        )
    with _readable(), Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        _must_not_be_huge(picture)
        return _moving(data, picture) if picture.format == "GIF" else _still(picture)


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever Pillow finds wrong with a file is the file's fault, and said."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, EOFError, gif.Broken, MemoryError):
        raise NotTaken(_BROKEN) from None


def _must_not_be_huge(picture: Image.Image) -> None:
    if not (picture.width and picture.height):
        raise NotTaken(_BROKEN)
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> NotTaken:
    return NotTaken(say("This picture has too many pixels; {most} million is the most.", most=MOST_PIXELS // 10**6))


def _still(picture: Image.Image) -> Taken:
    if getattr(picture, "is_animated", False) and picture.format == "WEBP":
        raise NotTaken(say("This is a moving WebP picture, which no network takes. Export it as GIF or MP4."))
    form, turned = picture.format or "", picture.getexif().get(0x0112, 1) not in (0, 1)
    picture.load()
    clean = _plain(picture, keep=form == "JPEG" and not turned)
    content = written(clean, form, quality="keep" if clean is picture else 92)
    return Taken(Kind.IMAGE, f"image/{form.lower()}", clean.width, clean.height, content, thumb=thumb(clean))


def _plain(picture: Image.Image, *, keep: bool) -> Image.Image:
    """Upright, in the colours of the web, without notes. `keep`: its own compression, where nothing else changes."""
    profile = picture.info.get("icc_profile")
    transparency = picture.info.get("transparency")
    if keep and not profile and picture.mode in ("L", "RGB"):
        picture.info = {}
        return picture
    upright = ImageOps.exif_transpose(picture)
    clean = _in_srgb(upright, profile) if profile else upright
    if clean.mode in ("CMYK", "YCbCr", "LAB", "HSV", "F"):
        clean = clean.convert("RGB")
    elif clean.mode.startswith("I"):
        clean = clean.convert("L") if clean.mode == "I" else clean.point(lambda value: value / 256).convert("L")
    clean.info = {} if transparency is None else {"transparency": transparency}
    return clean


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """A profile that cannot be read is left out: the colours are a little off, and nobody reads its notes."""
    mode = picture.mode if picture.mode in ("RGB", "RGBA", "L") else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB" if mode == "L" else mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return changed or picture


def _moving(data: bytes, picture: Image.Image) -> Taken:
    copied = gif.read(data)
    if copied.frames > MOST_FRAMES or copied.pixels > MOST_MOVING:
        raise NotTaken(say("This GIF has too many frames; a short MP4 video shows the same and is smaller."))
    for frame in range(copied.frames):
        picture.seek(frame)
    picture.seek(0)
    first = picture.convert("RGBA")
    if copied.frames < 2:
        return Taken(Kind.IMAGE, "image/png", first.width, first.height, written(first, "PNG"), thumb=thumb(first))
    size = first.size
    return Taken(Kind.GIF, "image/gif", *size, copied.content, copied.seconds or None, thumb(first))


def written(picture: Image.Image, form: str, *, quality: int | str = 92) -> bytes:
    """The picture as a file of this format, with nothing in it but its pixels."""
    out = io.BytesIO()
    match form:
        case "JPEG":
            flat = picture if picture.mode in ("L", "RGB") else flattened(picture)
            flat.save(
                out, "JPEG", quality=quality, **({} if quality == "keep" else {"optimize": True, "progressive": True})
            )
        case "WEBP":
            picture.save(out, "WEBP", quality=quality, method=4)
        case _:
            picture.save(out, "PNG")
    return out.getvalue()


def flattened(picture: Image.Image) -> Image.Image:
    """Without transparency: on white, as a page shows it."""
    if picture.mode in ("RGB", "L"):
        return picture
    solid = picture.convert("RGBA")
    ground = Image.new("RGB", solid.size, "white")
    ground.paste(solid, mask=solid.getchannel("A"))
    return ground


def thumb(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.info = {}
    if small.mode not in ("RGB", "RGBA"):
        small = small.convert("RGBA" if "A" in small.mode or small.mode == "P" else "RGB")
    small.thumbnail((THUMB, THUMB))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
