"""Files as they come from outside, good and bad, made byte by byte; and small honest ones to work with."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

SCRIPT = b"<script>alert(1)</script>"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, bits: int = 8, raw: bytes | None = None, extra: bytes = b"") -> bytes:
    """Grey, and black all over unless `raw` (packed rows) says otherwise."""
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    body = _rows(width, height, bits) if raw is None else raw
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _rows(width: int, height: int, bits: int) -> bytes:
    row, packer = b"\0" + bytes((width * bits + 7) // 8), zlib.compressobj(9)
    packed = [packer.compress(row * 256) for _ in range(height // 256)]
    return b"".join([*packed, packer.compress(row * (height % 256)), packer.flush()])


def segment(marker: int, data: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


_EIGHT_BY_EIGHT = segment(0xC0, b"\x08\0\x08\0\x08\x01\x01\x11\0")


def jpeg(extra: bytes = b"", frame: bytes = _EIGHT_BY_EIGHT) -> bytes:
    """The smallest baseline one: grey, 8 by 8."""
    tables = segment(0xDB, b"\0" + bytes([16] * 64))
    codes = segment(0xC4, b"\0" + bytes([0, 1] + [0] * 14) + b"\0") + segment(
        0xC4, b"\x10" + bytes([0, 1] + [0] * 14) + b"\0"
    )
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x3f"
    return b"\xff\xd8" + extra + tables + frame + codes + scan + b"\xff\xd9"


def exif(orientation: int = 6) -> bytes:
    """An orientation and a place on Earth: 52° 31′ north."""
    gps = struct.pack("<HHHI4s", 2, 1, 2, 2, b"N\0\0\0") + struct.pack("<HHIII", 2, 5, 3, 68, 0)
    tags = struct.pack("<HHHIHH", 2, 0x0112, 3, 1, orientation, 0) + struct.pack("<HHIII", 0x8825, 4, 1, 38, 0)
    latitude = struct.pack("<6I", 52, 1, 31, 1, 0, 1)
    return segment(0xE1, b"Exif\0\0II*\0" + struct.pack("<I", 8) + tags + gps + latitude)


def xmp(words: bytes) -> bytes:
    return segment(
        0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>" + words + b"</dc:creator></x:xmpmeta>"
    )


def svg(inside: bytes, before: bytes = b"") -> bytes:
    return before + b'<svg xmlns="http://www.w3.org/2000/svg">' + inside + b"</svg>"


def many_frames(count: int = 3000) -> bytes:
    frame = b"!\xf9\x04\0\x01\0\0\0," + struct.pack("<HHHH", 0, 0, 1000, 1000) + b"\0\x02\x02D\x01\0"
    screen = struct.pack("<HH", 1000, 1000) + b"\x80\0\0\0\0\0\xff\xff\xff"
    return b"GIF89a" + screen + frame * count + b";"


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def mp4(
    width: int = 640, height: int = 360, seconds: float = 2.0, *, turned: bool = False, notes: bytes = b""
) -> bytes:
    """The boxes of a film; there is nothing to see in it."""
    matrix = struct.pack(
        ">9i", *((0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30) if turned else (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30))
    )
    track = struct.pack(">IIIIIIQHHHH", 7, 0, 0, 1, 0, int(seconds * 1000), 0, 0, 0, 0, 0)
    head = box(b"tkhd", track, matrix, struct.pack(">II", width << 16, height << 16))
    handler = box(b"hdlr", struct.pack(">II4s12sB", 0, 0, b"vide", bytes(12), 0))
    length = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, int(seconds * 1000)), bytes(80))
    film = box(b"moov", length, box(b"trak", head, box(b"mdia", handler)), box(b"udta", box(b"\xa9xyz", notes)))
    return box(b"ftyp", b"isom", struct.pack(">I", 512), b"isommp41") + film + box(b"mdat", bytes(64))


def picture(
    width: int = 640, height: int = 480, form: str = "JPEG", colour: str = "steelblue", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if form == "PNG" else "RGB", (width, height), colour).save(out, form, **options)
    return out.getvalue()


def moving(width: int = 64, height: int = 48, frames: int = 3) -> bytes:
    out = io.BytesIO()
    some = [Image.new("P", (width, height), shade * 40) for shade in range(frames)]
    for shade, one in enumerate(some):
        one.putpalette([shade * 50, 90, 200] * 256)
    some[0].save(out, "GIF", save_all=True, append_images=some[1:], duration=100, loop=0, comment=SCRIPT)
    return out.getvalue()


def zipped(*names: str, size: int = 1, packed: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return out.getvalue()


def _laughs() -> bytes:
    said = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return svg(b"<text>&j;</text>", f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">{said}]>'.encode())


_BOMB = zlib.compress(bytes(64 << 20), 9)

# By the names of the cases in uploads.json.
MADE: dict[str, Callable[[], bytes]] = {
    "ok.png": lambda: png(16, 16),
    "ok.jpg": jpeg,
    "gps.jpg": lambda: jpeg(exif()),
    "xmp.jpg": lambda: jpeg(xmp(b"secret@example.com")),
    "comment-html.jpg": lambda: jpeg(segment(0xFE, SCRIPT)),
    "html-as.jpg": lambda: b"<html><script>alert(document.domain)</script>",
    "real.html": lambda: b"<html>" + SCRIPT,
    "evil.svg": lambda: svg(SCRIPT),
    "xxe.svg": lambda: svg(
        b"<text>&x;</text>", b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "laughs.svg": _laughs,
    "ssrf.svg": lambda: svg(b'<image href="http://169.254.169.254/"/>'),
    "gifjs.gif": lambda: b"GIF89a/*\x00\x00\x00\x00\x00*/=1;alert(1);//;",
    "phar.jpg": lambda: jpeg() + b"<?php __HALT_COMPILER(); ?>",
    "zip.png": lambda: png(16, 16) + zipped("x.html"),
    "pdf.png": lambda: (
        png(16, 16) + b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
    ),
    "pixel-flood-1bit.png": lambda: png(30_000, 30_000, 1),
    "pixel-flood-header.png": lambda: png(0x7FFFFFFF, 0x7FFFFFFF, raw=zlib.compress(b"\0")),
    "zero.png": lambda: png(0, 0, raw=zlib.compress(b"")),
    "truncated.png": lambda: png(64, 64)[:-30],
    "bad-crc.png": lambda: png(16, 16)[:-5] + bytes(5),
    "ztxt-bomb.png": lambda: png(16, 16, extra=chunk(b"zTXt", b"a\0\0" + _BOMB)),
    "idat-bomb.png": lambda: png(16, 16, raw=_BOMB),
    "huge.jpg": lambda: jpeg(frame=segment(0xC0, b"\x08\xff\xff\xff\xff\x01\x01\x11\0")),
    "frames.gif": many_frames,
    "empty.jpg": bytes,
    "one-byte.mp4": lambda: b"\0",
    "moov-loop.mp4": lambda: (
        box(b"ftyp", b"isom", bytes(4), b"isom")
        + struct.pack(">I4s", 0xFFFFFFFF, b"moov")
        + struct.pack(">I4s", 8, b"trak") * 2000
    ),
    "m3u8.mp4": lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "concat.mp4": lambda: b"ffconcat version 1.0\nfile http://169.254.169.254/\n",
    "bomb.zip": lambda: zipped(*(f"{n}.txt" for n in range(20)), size=10 << 20, packed=zipfile.ZIP_DEFLATED),
    "slip.zip": lambda: zipped("../../etc/cron.d/x", "/abs", "C:\\x", "a/../../b"),
    "many.zip": lambda: zipped(*(str(n) for n in range(70_000)), size=0),
    "bomb.json.gz": lambda: gzip.compress(b"[" + b"0," * 20_000_000 + b"0]", 9),
}
