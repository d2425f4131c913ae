"""Data beside the pixels of a photo's file reaches no library, and hidden data costs neither time nor memory."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms

from flink_jobs.voice.photos.picture import opened
from flink_jobs.voice.photos.stripping import MOST_PARTS, MOST_SCANS, UnusablePhotoError, stripped, way_up
from tests.support.photos.sheets import FILES, is_the_sheet, saved, sheet


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_was_written_beside_the_pixels_reaches_a_library(form: str) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Jane Doe"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"JPEG": {"comment": b"Jane Doe"}, "PNG": {}, "WEBP": {"xmp": b"<x>Jane Doe</x>"}}[form]
    data = saved(sheet().convert("RGB"), form, exif=exif, icc_profile=profile, **options)
    assert b"Jane Doe" in data
    left = stripped(data).data
    assert b"Jane Doe" not in left
    assert b"acsp" not in left
    assert Image.open(io.BytesIO(left)).info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "loop",
        "background",
        "timestamp",
        "duration",
    }


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1", "AVIF"),
        (b"\0\0\0\x1cftypisom\0\0\0\0", "a video"),
        (b"%PDF-1.7\n", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n(touch /tmp/x) (w) file", "EPS"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\1\0\1\0", "ICO"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"PK\3\4", "ZIP"),
        (b"jane.doe@example.com", "begins as no picture does"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name(data: bytes, name: str) -> None:
    with pytest.raises(UnusablePhotoError, match=r"^NO_PHOTO: ") as refused:
        opened(data + bytes(64))
    assert name in str(refused.value)
    assert "jane" not in str(refused.value)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(*chunks: bytes) -> bytes:
    plain = saved(sheet(), "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def many_entries(count: int = 4000, size: int = 60_000) -> bytes:
    """Return EXIF data of 64 KB with overlapping entries. Reading every entry would take 240 MB."""
    return (
        b"II*\0\x08\0\0\0"
        + struct.pack("<H", count)
        + b"".join(struct.pack("<HHII", i + 300, 1, size, 8) for i in range(count))
        + bytes(20_000)
    )


def with_exif(block: bytes) -> bytes:
    plain = saved(sheet(), "JPEG", quality=95)
    body = (b"Exif\0\0" + block)[:65_533]
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


BESIDE = {
    "a text that unpacks to 90 MB": lambda: with_chunks(chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(90_000_000)))),
    "a colour profile that unpacks to 90 MB": lambda: with_chunks(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(90_000_000)))),
    "ten thousand texts": lambda: with_chunks(*[chunk(b"tEXt", b"x\0y")] * 10_000),
    "EXIF whose entries each name all of it": lambda: with_exif(many_entries()),
    "broken EXIF": lambda: with_exif(b"MM\0*\xff\xff\xff\xff"),
    "a GIF's remark of 4 MB": lambda: (
        FILES["GIF"]()[: 13 + 768] + b"\x21\xfe" + (b"\xff" + b"x" * 255) * 16_000 + b"\0" + FILES["GIF"]()[13 + 768 :]
    ),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_hidden_beside_the_pixels_costs_nothing(name: str) -> None:
    data = BESIDE[name]()
    began = time.process_time()
    assert is_the_sheet(opened(data))
    assert time.process_time() - began < 1


def test_a_jpeg_of_very_many_scans_is_not_unpacked() -> None:
    progressive = saved(sheet(), "JPEG", progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    with pytest.raises(UnusablePhotoError, match=f"^BOMB: .*{MOST_SCANS}"):
        opened(progressive[:-2] + progressive[scan:-2] * MOST_SCANS + b"\xff\xd9")


BEHIND = {
    "a film": b"\0\0\0\x18ftypmp42" + b"\xff\xda\xff\xc0" * 100_000,
    "fifty pictures of its depth": saved(sheet(), "JPEG", progressive=True) * 50,
    "a page": b"<script>alert(1)</script>",
}


@pytest.mark.parametrize("what", BEHIND)
def test_what_phones_write_behind_a_jpeg_is_neither_counted_nor_kept(what: str) -> None:
    for progressive in (False, True):
        photo = saved(sheet(), "JPEG", progressive=progressive)
        assert is_the_sheet(opened(photo + BEHIND[what]))
        assert stripped(photo + BEHIND[what]) == stripped(photo)


def test_what_looks_like_a_scan_in_a_remark_between_scans_is_none() -> None:
    progressive = saved(sheet(), "JPEG", progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    assert is_the_sheet(opened(progressive[:scan] + b"\xff\xfe\0\x82" + b"\xff\xda" * 64 + progressive[scan:]))


MANY = {
    "settings of a JPEG": (b"\xff\xdd\0\4\0\0", "JPEG", 2),
    "empty tables of a JPEG": (b"\xff\xdb\0\2", "JPEG", 2),
    "remarks of a JPEG": (b"\xff\xfe\0\2", "JPEG", 2),
    "restarts of a JPEG": (b"\xff\xd0", "JPEG", 2),
    "pieces of a PNG": (chunk(b"IDAT", b""), "PNG", 33),
    "palettes of a PNG": (chunk(b"PLTE", b"\0\0\0"), "PNG", 33),
}


@pytest.mark.parametrize("what", MANY)
def test_a_file_of_a_million_parts_costs_nothing(what: str) -> None:
    part, form, at = MANY[what]
    photo = saved(sheet(), form)
    data = photo[:at] + part * (15_000_000 // len(part)) + photo[at:]
    began = time.process_time()
    with pytest.raises(UnusablePhotoError, match=f"^BOMB: a file of more than {MOST_PARTS:,} parts"):
        opened(data)
    assert time.process_time() - began < 0.5
    few = photo[:at] + part * 1000 + photo[at:]
    assert is_the_sheet(opened(few))


def test_filler_before_a_part_of_a_jpeg_costs_nothing() -> None:
    photo = saved(sheet(), "JPEG")
    began = time.process_time()
    assert is_the_sheet(opened(photo[:2] + b"\xff" * 15_000_000 + photo[2:]))
    assert time.process_time() - began < 0.5


def giant(form: str, width: int, height: int) -> bytes:
    """Return a file without pixels whose header claims this size."""
    if form == "PNG":
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b""))
            + chunk(b"IEND", b"")
        )
    if form == "GIF":
        return (
            b"GIF89a"
            + struct.pack("<HHBBB", 10, 10, 0x80, 0, 0)
            + bytes(6)
            + b"\x2c"
            + struct.pack("<HHHHB", 0, 0, width, height, 0)
            + b"\2\2\x4c\1\0\x3b"
        )
    lossless = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(20)
    return b"RIFF" + struct.pack("<I", 12 + len(lossless)) + b"WEBPVP8L" + struct.pack("<I", len(lossless)) + lossless


@pytest.mark.parametrize(("form", "side"), [("PNG", 60_000), ("PNG", 12_000), ("GIF", 65_000), ("WEBP", 16_000)])
def test_how_large_it_is_is_known_before_its_pixels_are_unpacked(form: str, side: int) -> None:
    with pytest.raises(UnusablePhotoError, match=r"^TOO_LARGE: "):
        opened(giant(form, side, side))


@pytest.mark.parametrize("size", [(1, 1), (1, 60_000), (60_000, 1), (3, 500), (1280, 15)])
def test_what_is_too_narrow_to_show_anything_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(UnusablePhotoError, match=r"^TOO_SMALL: "):
        opened(saved(Image.new("L", size, 255), "PNG"))


def test_a_picture_without_a_side_is_refused() -> None:
    with pytest.raises(UnusablePhotoError):
        opened(giant("PNG", 0, 10))


def test_an_exif_block_that_ends_early_tells_no_way_up() -> None:
    whole = struct.pack("<4sIHHHII", b"II*\0", 8, 1, 0x0112, 3, 1, 6)
    assert way_up(b"Exif\0\0" + whole) == 6
    assert [way_up(whole[:end]) for end in range(20)] == [1] * 20
