"""Remove from a photo's file all parts that do not carry pixels, before a library reads it.

Metadata (EXIF, XMP, colour profiles, comments, more pictures) is personal data or of no use here. It can also make a small file expensive: Pillow
reads each entry of an EXIF block into memory, and thousands of entries may point at the same megabytes. Only the orientation is read.
"""

import re
from dataclasses import dataclass

from tillstream.core.errors import TerminalError

#: Decoding a progressive JPEG goes over the whole picture once per scan. Encoders write up to 12 scans. 38 scans of a plain picture of 25 megapixels
#: took 0.8 s of CPU, and 16 MB have room for a hundred thousand.
MOST_SCANS = 40
#: Parts of a file. The largest photo has 4,000 parts of 4 KB. Sixteen million parts would fit too, and each costs a library time.
MOST_PARTS = 20_000
#: The end of a JPEG's coded pixels: a marker that is not a filler, an escaped byte or a restart.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ZEROS, _FILLER = re.compile(rb"\x00*"), re.compile(rb"\xff*")
_XMP_WAY_UP = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')
#: Application segments of a JPEG that are kept: JFIF, and Adobe's, which says how colours are coded.
_JFIF, _ADOBE = 0xE0, 0xEE
_PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
#: The first bytes of other formats and their offset, so that a refusal names the format.
_OTHERS = (
    (b"%PDF", 0, "PDF"),
    (b"%!PS", 0, "EPS"),
    (b"\xc5\xd0\xd3\xc6", 0, "EPS"),
    (b"II*\0", 0, "TIFF"),
    (b"MM\0*", 0, "TIFF"),
    (b"II+\0", 0, "TIFF"),
    (b"MM\0+", 0, "TIFF"),
    (b"BM", 0, "BMP"),
    (b"\0\0\1\0", 0, "ICO"),
    (b"8BPS", 0, "PSD"),
    (b"PK\3\4", 0, "ZIP"),
    (b"\xff\x0a", 0, "JPEG XL"),
    (b"JXL ", 4, "JPEG XL"),
    (b"jP  ", 4, "JPEG 2000"),
    (b"\xff\x4f\xff\x51", 0, "JPEG 2000"),
    (b"\x1a\x45\xdf\xa3", 0, "WebM"),
)


class UnusablePhotoError(TerminalError):
    """The file is no usable photo. The text is the reason: it begins with the kind of the fault and quotes nothing of the photo."""


@dataclass(frozen=True)
class Stripped:
    """A file without metadata: its format under Pillow's name, its bytes, and its orientation (1 to 8, as in EXIF)."""

    format: str
    data: bytes
    way_up: int = 1


def stripped(data: bytes) -> Stripped:
    """Return the parts of a photo's file that carry its pixels. Of an animation, return the first picture.

    Raises:
        UnusablePhotoError: the format is not supported, or the parts of the file are broken.
    """
    if data[:3] == b"\xff\xd8\xff":
        return _jpeg(data)
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return _png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return _gif(data)
    raise UnusablePhotoError(f"NO_PHOTO: {_named(data)}; JPEG, PNG, WebP and GIF are read")


def way_up(exif: bytes) -> int:
    """Return the orientation in an EXIF block; 1 (upright) if it has none."""
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(block[:4])
    if order is None:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(block[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(first + 2, min(first + 2 + 12 * number(first, 2), len(block) - 11), 12):
        if number(entry, 2) == 0x0112:
            told = number(entry + 8, 2)
            return told if number(entry + 2, 2) == 3 and 1 <= told <= 8 else 1
    return 1


def _broken(what: str) -> UnusablePhotoError:
    return UnusablePhotoError(f"TRUNCATED: {what}")


def _named(data: bytes) -> str:
    for magic, at, name in _OTHERS:
        if data[at : at + len(magic)] == magic:
            return f"it is {name}"
    if data[4:8] == b"ftyp":
        brands = data[8:64]
        name = "AVIF" if b"avif" in brands else "HEIC" if re.search(rb"hei[cxms]|hev[cxms]|mif1|msf1", brands) else "a video"
        return f"it is {name}"
    start = data[:1000].lstrip().lower()
    if start.startswith((b"<svg", b"\xef\xbb\xbf<svg")) or (b"<svg" in start and start.startswith((b"<?xml", b"<!doctype", b"<!--"))):
        return "it is SVG"
    return "it begins as no picture does"


def _bounded(parts: int) -> None:
    if parts > MOST_PARTS:
        raise UnusablePhotoError(f"BOMB: a file of more than {MOST_PARTS:,} parts")


def _jpeg(data: bytes) -> Stripped:
    kept, at, up, parts = [data[:2]], 2, 0, 0
    while True:
        parts += 1
        _bounded(parts)
        start = _past(_ZEROS, data, at)
        at = _past(_FILLER, data, start)
        if at == start or at >= len(data):
            raise _broken("its parts end before the picture begins, or are broken")
        marker = data[at]
        if marker == 0 or 0xD0 <= marker <= 0xD8:
            at += 1
            continue
        if marker == 0xDA:
            return Stripped("JPEG", b"".join((*kept, b"\xff", data[at : _picture_end(data, at - 1)])), up or 1)
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        end = at + 1 + length
        if marker == 0xD9 or length < 2 or end > len(data):
            raise _broken("its parts end before the picture begins, or are broken")
        payload = data[at + 3 : end] if marker == 0xE1 and not up else b""
        if payload.startswith(b"Exif\0\0"):
            up = way_up(payload)
        elif payload and (told := _XMP_WAY_UP.search(payload)):
            up = int(told[1])
        if marker in (_JFIF, _ADOBE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(b"\xff" + data[at:end])
        at = end


def _past(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Return the end of the run of these bytes at this place; the run may be empty."""
    run = pattern.match(data, at)
    return run.end() if run else at


def _picture_end(data: bytes, at: int) -> int:
    """Return the end of a JPEG picture whose first scan begins at this place. Phones append more behind it: a video, depth, a gain map.

    Raises:
        UnusablePhotoError: the picture has too many scans, or too many parts between them.
    """
    scans = parts = 0
    while found := _JPEG_MARKER.search(data, at):
        marker, at = data[found.start() + 1], found.end()
        if marker == 0xD9:
            return at
        parts += 1
        _bounded(parts)
        scans += marker == 0xDA
        if scans > MOST_SCANS:
            raise UnusablePhotoError(f"BOMB: a JPEG of more than {MOST_SCANS} scans, each of which unpacks the whole picture")
        if marker not in (0x01, 0xD8):
            at += int.from_bytes(data[at : at + 2], "big")
    return len(data)


def _png(data: bytes) -> Stripped:
    kept, at, up = [data[:8]], 8, 0
    while at + 8 <= len(data):
        _bounded(len(kept))
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if kind in _PNG_KEPT:
            # Keep a part that is cut short: the library reports what is missing.
            kept.append(data[at:end])
        elif kind == b"eXIf":
            up = up or way_up(data[at + 8 : end - 4])
        elif kind == b"iTXt" and not up and (told := _XMP_WAY_UP.search(data, at + 8, min(end, len(data)))):
            up = int(told[1])
        at = end
        if kind == b"IEND":
            break
    return Stripped("PNG", b"".join(kept), up or 1)


def _webp(data: bytes) -> Stripped:
    parts, up = _riff(data, 12), 0
    for kind, payload in parts:
        if kind == b"EXIF":
            up = way_up(payload)
        elif kind == b"XMP " and not up and (told := _XMP_WAY_UP.search(payload)):
            up = int(told[1])
    if moving := next((payload for kind, payload in parts if kind == b"ANMF"), None):
        parts = _riff(moving, 16)
    found = dict(reversed(parts))
    if lossless := found.get(b"VP8L"):
        return Stripped("WEBP", _as_riff([(b"VP8L", lossless)]), up or 1)
    if not (lossy := found.get(b"VP8 ")) or len(lossy) < 10:
        raise _broken("its parts end before the picture begins, or are broken")
    if b"ALPH" not in found:
        return Stripped("WEBP", _as_riff([(b"VP8 ", lossy)]), up or 1)
    width, height = (int.from_bytes(lossy[place : place + 2], "little") & 0x3FFF for place in (6, 8))
    canvas = b"\x10\0\0\0" + max(width - 1, 0).to_bytes(3, "little") + max(height - 1, 0).to_bytes(3, "little")
    return Stripped("WEBP", _as_riff([(b"VP8X", canvas), (b"ALPH", found[b"ALPH"]), (b"VP8 ", lossy)]), up or 1)


def _riff(data: bytes, at: int) -> list[tuple[bytes, bytes]]:
    """Return the parts of a RIFF file from this place on; the last one may be cut short."""
    parts: list[tuple[bytes, bytes]] = []
    while at + 8 <= len(data) and len(parts) < MOST_PARTS:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        parts.append((data[at : at + 4], data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return parts


def _as_riff(parts: list[tuple[bytes, bytes]]) -> bytes:
    body = b"WEBP" + b"".join(kind + len(part).to_bytes(4, "little") + part + b"\0" * (len(part) % 2) for kind, part in parts)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _gif(data: bytes) -> Stripped:
    at = 13 + _colours(data, 10)
    head, control = data[:at], b""
    while at < len(data):
        if data[at] == 0x2C:
            end = _blocks_end(data, at + 10 + _colours(data, at + 9) + 1)
            return Stripped("GIF", head + control + data[at:end] + b"\x3b")
        if data[at] == 0x21:
            end = _blocks_end(data, at + 2)
            if data[at + 1 : at + 2] == b"\xf9":
                control = data[at:end]
            at = end
        elif data[at] == 0:
            at += 1
        else:
            break
    raise _broken("its parts end before the picture begins, or are broken")


def _colours(data: bytes, at: int) -> int:
    """Return the size in bytes of the colour table that the flags at this place announce."""
    flags = data[at] if at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """Return the end of the GIF sub-blocks that begin at this place."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return min(at + 1, len(data))
