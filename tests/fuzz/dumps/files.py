"""Make files of a dump: rows, the result that each row must have, and the dialect of the file."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.fuzz.dumps.values import BAD, SECRET, Cell, cell, plain
from tests.support.dump_rows import good
from tillstream.core.contracts import DumpContract

#: The result of a row that must not be loaded.
ASIDE = None


@dataclass
class Made:
    """A file, the result that each row must have if that is known, and the rules of which one must refuse the file, if any."""

    contract: DumpContract
    body: bytes
    rows: int
    meant: list[dict[str, Any] | None] | None
    refused_by: frozenset[str] = field(default_factory=frozenset)


def make(contract: DumpContract, draw: random.Random) -> Made:
    """Return a file of random rows in a random dialect, a file that must be refused, or a file with changed bytes."""
    meant: list[dict[str, Any] | None] = []
    lines: list[str] = []
    names = [spec["name"] for spec in contract.fields] + draw.sample(
        ["", SECRET, "internal note", "a,b", "naïve"], draw.choice([0, 0, 1, 2])
    )
    if draw.random() < 0.3:
        draw.shuffle(names)
    write = _csv_line if contract.format == "csv" else _json_line
    oddness = draw.choice([0.0, 0.01, 0.1, 0.5])
    before: dict[str, Cell] = {}
    keys: set[tuple[Any, ...]] = set()
    for row in good(contract, draw.choice([0, 1, 2, 30, 60])):
        cells = {spec["name"]: _cell(spec, row[spec["name"]], contract, oddness, draw) for spec in contract.fields}
        if before and draw.random() < oddness / 10:
            cells |= {name: before[name] for name in contract.key}
        before = cells
        line, became = write(names, cells, draw), _meant(cells)
        key = tuple(cells[name].meant for name in contract.key)
        if draw.random() < oddness / 5:
            line, became = _broken_line(contract, line, draw), ASIDE
        elif BAD not in key and None not in key and not (contract.format == "jsonl" and any(map(_breaks_its_line, cells.values()))):
            became = ASIDE if key in keys else became
            keys.add(key)
        lines.append(line)
        meant.append(became)
        if draw.random() < oddness / 5:
            lines.append(draw.choice(["", " ", "\t"]))
    if contract.format == "csv":
        lines.insert(0, _csv_row(names if draw.random() < 0.8 else [f" {name} " for name in names], draw))
    text, whole = _joined(lines, draw).encode(), len(meant)
    match draw.randrange(8):
        case 0:
            return _refused(contract, text, whole, draw)
        case 1 | 2:
            return Made(contract, gzip.compress(_mutated(text, draw)), whole, None)
        case 3:
            return Made(contract, _mutated(gzip.compress(text, 0), draw), whole, None)
        case _:
            return Made(contract, _packed(draw.choice([b"", b"", b"\xef\xbb\xbf"]) + text, draw), whole, meant)


def _breaks_its_line(made: Cell) -> bool:
    """Return whether this value makes its line of JSON unreadable, so that the key of the row is lost."""
    return made.raw and made.meant is BAD and not str(made.written).lstrip("-")[:1].isdigit()


def _cell(spec: dict[str, Any], value: Any, contract: DumpContract, oddness: float, draw: random.Random) -> Cell:
    return cell(spec, value, contract, draw) if draw.random() < oddness else plain(spec, value)


def _meant(cells: dict[str, Cell]) -> dict[str, Any] | None:
    values = {name: c.meant for name, c in cells.items()}
    if any(value is BAD for value in values.values()):
        return ASIDE
    needs = {("kind", "COUPON"): ["coupon_id"], ("status", "DELIVERED"): ["delivered_quantity", "delivered_at"]}
    for (name, value), others in needs.items():
        if values.get(name) == value and any(other in values and values[other] is None for other in others):
            return ASIDE
    return {name: value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else value for name, value in values.items()}


def _csv_row(values: list[str], draw: random.Random) -> str:
    every = draw.random() < 0.1
    quoted = [every or any(c in value for c in ',"\r\n') for value in values]
    return ",".join('"' + value.replace('"', '""') + '"' if q else value for value, q in zip(values, quoted, strict=True))


def _csv_line(names: list[str], cells: dict[str, Cell], draw: random.Random) -> str:
    return _csv_row([cells[name].written or "" if name in cells else SECRET for name in names], draw)


def _json_line(names: list[str], cells: dict[str, Cell], draw: random.Random) -> str:
    def token(name: str) -> str:
        if name not in cells:
            return json.dumps(SECRET)
        found = cells[name]
        return str(found.written) if found.raw and found.written else json.dumps(found.written, ensure_ascii=draw.random() < 0.5)

    separator = draw.choice([", ", ",", " ,\t"])
    return "{" + separator.join(f"{json.dumps(name)}: {token(name)}" for name in names) + "}"


def _broken_line(contract: DumpContract, line: str, draw: random.Random) -> str:
    """Return the row as a line that no longer has the contract's columns."""
    if contract.format == "csv":
        flat = line.replace("\r", " ").replace("\n", " ")
        return draw.choice([flat + ",", flat + f",{SECRET}", SECRET, f'"{SECRET}" {SECRET},', '""x' + "," * 30, f"{SECRET}," + "," * 2_000])
    return draw.choice(
        [line[:-1], line + line, "[" + line + "]", SECRET, "{}", "null", "[" * 5_000, f'{{"{SECRET}": {line}}}', line[:-1] + ', "\\ud800": "\\udfff"',
         line[:-1] + f", {line[1 : line.index(':')]}: 1}}", "\ufeff\x00", line[:-1] + ",}", "'" + line, line.replace('"', "'", 2)]
    )  # fmt: skip


def _joined(lines: list[str], draw: random.Random) -> str:
    ends = draw.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]])
    joined = "".join(line + draw.choice(ends) for line in lines)
    return joined if draw.random() < 0.8 else joined.rstrip("\r\n")


def _packed(text: bytes, draw: random.Random) -> bytes:
    match draw.randrange(4):
        case 0:
            cuts = sorted(draw.randrange(len(text) + 1) for _ in range(draw.randrange(6)))
            return b"".join(gzip.compress(text[a:b], draw.randrange(10)) for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True))
        case 1:
            return gzip.compress(text) + bytes(draw.randrange(600))
        case 2:
            out = io.BytesIO()
            with gzip.GzipFile(f"{SECRET}.csv", "wb", fileobj=out) as file:
                file.write(text)
            return out.getvalue()
        case _:
            return gzip.compress(text)


_ZIP = io.BytesIO()
with zipfile.ZipFile(_ZIP, "w") as _file:
    _file.writestr("dump.csv", "a,b\n")
#: Changes of a whole file, each with the rules of which one must refuse the file.
_REFUSED: list[tuple[Callable[[bytes], bytes], set[str]]] = [
    (lambda t: gzip.compress(gzip.compress(t)), {"format"}),
    (lambda t: t, {"format", "half_file"}),
    (lambda _: b"", {"half_file"}),
    (lambda _: _ZIP.getvalue(), {"format"}),
    (lambda _: gzip.compress(_ZIP.getvalue()), {"format"}),
    (lambda t: gzip.compress(b"PAR1" + t), {"format"}),
    (lambda t: gzip.compress(t)[: 10 + len(gzip.compress(t)) // 3], {"half_file"}),
    (lambda t: gzip.compress(t) + b"\x01" + SECRET.encode(), {"damaged"}),
    (lambda t: gzip.compress(t.decode().encode("utf-16")), {"encoding"}),
    (lambda t: gzip.compress(t.decode().encode("utf-32")), {"encoding"}),
    (lambda t: gzip.compress(t + b"\xfc"), {"encoding"}),
    (lambda t: gzip.compress(t + b"\xed\xa0\x80"), {"encoding"}),
]


def _refused(contract: DumpContract, text: bytes, rows: int, draw: random.Random) -> Made:
    change, rules = draw.choice(_REFUSED)
    if draw.random() < 0.2:
        # The file may be refused for too many broken rows before its end is reached.
        return Made(
            contract, gzip.compress(text), rows + draw.choice([1, -1, 10**6, 10**30]), None, frozenset({"row_count", "manifest", *_BROKEN})
        )
    return Made(contract, change(text), rows, None, frozenset(rules))


_BROKEN = ("unreadable", "fields", "missing_column")
#: Tokens that have a meaning to one of the readers.
_TOKENS = [b'"', b",", b"\n", b"\r", b"\x00", b"\x1a", b"{", b"}", b"[" * 2_000, b":", b"\\", b"\\u0000", b"\\ud800", b"\xef\xbb\xbf", b"\xff\xfe", b"null", b"NaN",
           b"1e999", b"-", b"\xe2\x80\xa8", b"'", b'""', b'="', b"9" * 400, b";", b"\t", SECRET.encode(), b"\xed\xa0\x80", b"," * 1_500, b"\x1f\x8b\x08"]  # fmt: skip


def _mutated(content: bytes, draw: random.Random) -> bytes:
    """Return the bytes with some changed, doubled, moved or removed, or with tokens put between them."""
    out = bytearray(content)
    for _ in range(draw.choice([1, 1, 2, 5, 20])):
        at, to = sorted(draw.randrange(len(out) + 1) for _ in range(2))
        match draw.randrange(6):
            case 0 if out:
                out[min(at, len(out) - 1)] = draw.randrange(256)
            case 1:
                out[at:at] = draw.choice(_TOKENS)
            case 2:
                del out[at : min(to, at + draw.choice([1, 4, 300]))]
            case 3:
                out[at:at] = out[at : min(to, at + 2_000)]
            case 4 if draw.random() < 0.2:
                del out[at:]
            case _:
                out[at:at] = draw.choice(_TOKENS)
    return bytes(out)
