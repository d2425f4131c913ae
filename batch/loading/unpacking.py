"""Turn the bytes of a dump file into UTF-8 text. The size is limited. A file in another format is recognised by its first bytes."""

import codecs
import gzip
import io
import zlib

from tillstream.core.errors import FileRefusedError

#: Largest unpacked text in bytes. A million rows of the widest dump take 180 MB. The text is in memory together with the rows that are made
#: from it, in a service of 3 GB.
MOST_UNPACKED = 256 << 20
_CHUNK = 1 << 20
BOM_TAKEN_OFF = ": byte order mark taken off"
#: First bytes of files that are sent under the wrong name.
_KINDS = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "a ZIP file, as a workbook is"),
    (b"PK\x05\x06", "an empty ZIP file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook or document"),
    (b"PAR1", "Parquet"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "ORC"),
    (b"ARROW1", "an Arrow file"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"BZh", "bzip2"),
    (b"\x1f\x9d", "compress (.Z)"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"Rar!", "RAR"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"<", "XML or HTML"),
)
#: Most byte order marks that are removed, one for each program that added its own. Each removal copies the text.
_MARKS = 4
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def unpack(body: bytes, digest: str) -> tuple[bytes, dict[str, int]]:
    """Return the text of a file as UTF-8 bytes without byte order mark, and the changes made.

    Raises:
        FileRefusedError: the file is not gzip, not complete, too large, or not UTF-8 text.
    """
    text = _unzipped(body, digest)
    if kind := _kind(text):
        problem = "it is packed twice: " if kind == "gzip" else "it should be text: "
        raise FileRefusedError("format", f"{problem}what is in its gzip is {kind}", digest)
    if text.startswith(_UTF_32) or b"\0\0\0" in (text[:3], text[1:4]):
        raise FileRefusedError("encoding", "it is UTF-32, not UTF-8", digest)
    if text.startswith(_UTF_16) or text[:4:2] == b"\0\0" or text[1:5:2] == b"\0\0":
        raise FileRefusedError("encoding", "it is UTF-16, not UTF-8", digest)
    noted = {}
    for _ in range(_MARKS):
        if text.startswith(codecs.BOM_UTF8):
            text, noted = text[len(codecs.BOM_UTF8) :], {BOM_TAKEN_OFF: 1}
    _prove_utf8(text, digest)
    return text, noted


def _kind(content: bytes) -> str | None:
    return next((kind for magic, kind in _KINDS if content.startswith(magic)), None)


def _unzipped(body: bytes, digest: str) -> bytes:
    if not b"\x1f\x8b".startswith(body[:2]):
        raise FileRefusedError("format", f"it is not gzip but {_kind(body) or 'something else, perhaps plain text'}", digest)
    text = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            while chunk := packed.read(_CHUNK):
                text.write(chunk)
                if text.tell() > MOST_UNPACKED:
                    raise FileRefusedError("too_large", f"unpacked it is larger than {MOST_UNPACKED >> 20} MB", digest)
    except EOFError as error:
        raise FileRefusedError("half_file", "it cannot be unpacked to its end: only part of it has come", digest) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileRefusedError("damaged", "it cannot be unpacked: some bytes were changed, or data follows its end", digest) from error
    if not body:
        raise FileRefusedError("half_file", "it is empty, without even a gzip header", digest)
    return text.getvalue()


def _prove_utf8(text: bytes, digest: str) -> None:
    """Decode the text in pieces to check it: decoded at once, a text takes up to four times its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    place = 0
    try:
        for place in range(0, len(text), _CHUNK):
            decoder.decode(text[place : place + _CHUNK])
        place = len(text)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, place + error.start) + 1
        raise FileRefusedError("encoding", f"it is not UTF-8 in line {line:,}, but Windows-1252 or another encoding", digest) from error
