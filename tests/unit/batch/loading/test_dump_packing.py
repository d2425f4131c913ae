"""A packed file is unpacked as it is in the bucket and within limits, or refused with the rule."""

import gzip
import time
import tracemalloc
from typing import Any

import pytest

from batch.loading import unpacking
from tests.support.dump_files import PRODUCTS, ROWS, read, refused, tidy, values, zipped
from tests.support.dump_rows import read_file
from tillstream.core.errors import FileRefusedError


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (lambda b: b[: len(b) // 2], "half_file"),
        (lambda b: b[:-4], "half_file"),
        (lambda b: b[:5], "half_file"),
        (lambda _: b"", "half_file"),
        (lambda b: b + b"garbage", "damaged"),
        (lambda b: b[:-6] + b"\x00\x01" + b[-4:], "damaged"),
        (lambda b: b[:300] + bytes([b[300] ^ 255]) + b[301:], "damaged"),
        (gzip.decompress, "format"),
        (lambda b: b"\x1f\x9d" + b[2:], "format"),
        (lambda b: zipped(gzip.decompress(b).decode()), "format"),
    ],
)
def test_a_file_that_is_not_whole_gzip_is_refused_by_name(body: Any, rule: str) -> None:
    with pytest.raises(FileRefusedError) as error:
        read_file(PRODUCTS, body(gzip.compress(tidy().encode())), ROWS)
    assert error.value.rule == rule


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "aws-chunked", "utf-8"])
def test_a_file_is_read_as_it_lies_there_whatever_encoding_it_was_sent_with(encoding: str) -> None:
    body = gzip.compress(tidy().encode())
    assert values(read_file(PRODUCTS, body, ROWS, {"Content-Encoding": encoding})) == values(read(tidy()))
    with pytest.raises(FileRefusedError, match="not gzip"):
        read_file(PRODUCTS, tidy().encode(), ROWS, {"Content-Encoding": encoding})


def test_a_file_of_nothing_but_byte_order_marks_is_refused_at_once() -> None:
    begun = time.process_time()
    assert refused(b"\xef\xbb\xbf" * 2_000_000 + tidy().encode())
    assert values(read(b"\xef\xbb\xbf" * 2 + tidy().encode())) == values(read(tidy()))
    assert time.process_time() - begun < 5


def test_gzip_of_several_members_and_with_zeros_behind_is_read_whole() -> None:
    text = tidy().encode()
    body = b"".join(gzip.compress(text[i : i + 700]) for i in range(0, len(text), 700)) + bytes(512)
    assert values(read_file(PRODUCTS, body, ROWS)) == values(read(tidy()))


@pytest.mark.parametrize("name", ["zeros", "quotes", "lines", "commas", "blank lines"])
def test_a_file_that_unpacks_to_a_thousandfold_is_refused_in_bounded_time_and_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 8 << 20)
    piece = {"zeros": b"\x00", "quotes": b'"a\n', "lines": b"1,a,b,c,National,d\n", "commas": b",", "blank lines": b"\n"}[name]
    text = tidy().encode().split(b"\n", 1)[0] + b"\n" + piece * ((9 << 20) // len(piece))
    body = gzip.compress(text, 1)
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(FileRefusedError) as error:
            read_file(PRODUCTS, body, ROWS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.value.rule == "too_large"
    assert time.process_time() - begun < 5
    assert peak < 64 << 20
