"""Each dialect of a file is read, or the file is refused with the rule. A row that cannot be read is set aside with its line."""

import gzip
import json
import random
from typing import Any

import pytest

from batch.loading import records
from batch.loading.records import LINE
from tests.support.dump_files import PRODUCTS, RESTOCKS, ROWS, read, refused, tidy, values, zipped
from tests.support.dump_rows import good, lines
from tillstream.core.contracts import dump_contracts
from tillstream.core.errors import FileRefusedError

CONTRACTS = pytest.mark.parametrize("contract", [PRODUCTS, RESTOCKS], ids=["CSV", "JSON Lines"])


@CONTRACTS
@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n", "mixed"])
def test_every_end_of_line_is_read(contract: Any, ending: str) -> None:
    ends = ["\r", "\n", "\r\n"] if ending == "mixed" else [ending]
    written = "".join(line + ends[i % len(ends)] for i, line in enumerate(tidy(contract).splitlines()))
    landed = read(written, contract)
    assert values(landed) == values(read(tidy(contract), contract))
    first = 2 if contract is PRODUCTS else 1
    assert landed.rows[LINE].tolist() == list(range(first, ROWS + first))


@CONTRACTS
def test_a_byte_order_mark_is_taken_off_and_noted(contract: Any) -> None:
    landed = read(b"\xef\xbb\xbf" + tidy(contract).encode(), contract)
    assert values(landed) == values(read(tidy(contract), contract))
    assert landed.noted == {": byte order mark taken off": 1}


@CONTRACTS
def test_blank_lines_are_passed_over_and_the_lines_keep_their_numbers(contract: Any) -> None:
    head, *rest = tidy(contract).splitlines(keepends=True)
    landed = read("\n" + head + "\n \n" + "".join(rest) + "\n\n", contract)
    assert values(landed) == values(read(tidy(contract), contract))
    assert landed.rows[LINE].iloc[-1] == ROWS + 3 + (contract is PRODUCTS)


def test_a_header_padded_with_blanks_is_read_and_noted() -> None:
    head, rest = tidy().split("\n", 1)
    landed = read(" , ".join(head.split(",")) + " \n" + rest)
    assert values(landed) == values(read(tidy()))
    assert landed.noted == {": header trimmed": 1}


def test_a_quoted_line_break_belongs_to_its_field_and_lines_are_counted_as_an_editor_does() -> None:
    rows = list(good(PRODUCTS, ROWS))
    rows[0]["category"] = 'two\nlines, "quoted"\u2028'
    landed = read(lines(PRODUCTS, rows))
    assert landed.rows["category"][0] == rows[0]["category"]
    assert landed.rows[LINE].tolist()[:2] == [2, 4]


def test_a_row_with_a_field_too_many_or_too_few_is_set_aside_with_its_line_and_the_count() -> None:
    written = tidy().splitlines()
    written[7] = written[7].rsplit(",", 2)[0]
    written[9] += ",more"
    landed = read("\n".join(written))
    assert [(b.line, b.rule, b.reason) for b in landed.broken] == [
        (8, "fields", "it has 4 fields, the header has 6"),
        (10, "fields", "it has 7 fields, the header has 6"),
    ]
    assert json.loads(landed.broken[0].row) == written[7].split(",")
    assert landed.count == ROWS
    assert len(landed.rows) == ROWS - 2


@pytest.mark.parametrize("mark", ["", "\ufeff", " "])
def test_a_header_that_comes_once_more_where_files_were_put_together_is_set_aside_as_that(mark: str) -> None:
    head, *rest = tidy().splitlines()
    (broken,) = read("\n".join([head, *rest[:99], mark + head, *rest[99:]]), rows=ROWS + 1).broken
    assert (broken.line, broken.rule, broken.reason) == (101, "repeated_header", "it is the header once more")
    twice = refused("\n".join([head, head, *rest]))
    assert twice.startswith("row_count: it has 201 rows, the manifest says 200; 1 cannot be read, the first in line 2")


def test_a_comma_at_the_end_of_each_row_does_not_shift_the_columns() -> None:
    head, *rest = tidy().splitlines()
    assert refused("\n".join([head, *(line + "," for line in rest)])).startswith("fields: line 2: it has 7 fields, the header has 6")


def test_a_comma_at_the_end_of_every_line_is_a_column_without_a_name() -> None:
    assert values(read("".join(line + ",\n" for line in tidy().splitlines()))) == values(read(tidy()))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"order_id": "O-1", ', "no JSON object"),
        ("[1]", "a JSON array"),
        ("null", "a JSON null"),
        ("17", "not an object"),
        ('"text"', "not an object"),
        ("[" * 100_000, "too deeply"),
        (' {"a":' * 100_000, "too deeply"),
        ("{row}{row}", "no JSON object"),
        ("x" * (1 << 21), "longer than"),
    ],
)
def test_a_line_that_is_no_object_is_set_aside(line: str, reason: str) -> None:
    written = tidy(RESTOCKS).splitlines()
    written[4] = line.replace("{row}", written[4])
    (broken,) = read("\n".join(written), RESTOCKS).broken
    assert (broken.line, broken.rule) == (5, "unreadable")
    assert reason in broken.reason
    assert len(broken.row) <= records.MOST_OF_BROKEN


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ('"supplier_id": {"id": "S001"}', "supplier_id: a JSON object"),
        ('"supplier_id": ["S001"]', "supplier_id: a JSON array"),
        ('"supplier_id": true', "supplier_id: a JSON true or false"),
        ('"supplier_id": NaN', "NaN and Infinity"),
        ('"supplier_id": -Infinity', "NaN and Infinity"),
        ('"supplier_id": "\\ud800"', "surrogate"),
        ('"supplier_id": "S001", "supplier_id": "S002"', "twice"),
        ('"supplier": "S001"', "it has no member supplier_id"),
    ],
)
def test_a_member_that_is_no_single_value_sets_its_row_aside(member: str, reason: str) -> None:
    written = tidy(RESTOCKS).splitlines()
    at = written[4].index('"supplier_id"')
    written[4] = written[4][:at] + member + written[4][written[4].index(",", at) :]
    (broken,) = read("\n".join(written), RESTOCKS).broken
    assert broken.line == 5
    assert reason in broken.reason


@pytest.mark.parametrize("number", ["0.1250", "1.20", "1e400", "-0", "123456789012345678901234567890", "9" * 5_000])
def test_a_json_number_is_kept_as_it_is_written(number: str) -> None:
    written = tidy(RESTOCKS).splitlines()
    written[0] = written[0].replace('"unit_cost": "1.25"', f'"unit_cost": {number}')
    assert read("\n".join(written), RESTOCKS).rows["unit_cost"][0] == number.replace("e", "E+")  # two ways to write the same number


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (lambda t: t.replace(",", ";"), "delimiter", "semicolons"),
        (lambda t: t.replace(",", "\t"), "delimiter", "tabs"),
        (lambda t: t.replace(",", "\x01"), "delimiter", "control characters"),
        (lambda t: t.replace(",", "^"), "delimiter", "carets"),
        (lambda t: "sep=,\n" + t, "delimiter", "sep="),
        (lambda t: '"SEP=;"\n' + t, "delimiter", "sep="),
        (lambda t: t.split("\n", 1)[1], "missing_column", "has no column product_id, department"),
        (lambda t: t.replace("brand", "marke", 1), "missing_column", "no column brand; 1 of its 6 columns"),
        (lambda t: t.replace("brand", "category", 1), "missing_column", "no column brand"),
        (lambda t: "".join(f"{line},x\n" for line in t.replace("size", "size,brand", 1).split("\n")), "duplicate_column", "brand"),
        (lambda _: "", "missing_column", "0 of its 0"),
        (lambda t: "," * 1_000_000 + "\n" + t, "too_large", "1,000,001 columns"),
        (lambda t: '"' + t, "unreadable", "header"),
        (lambda t: t.encode("utf-16"), "encoding", "UTF-16"),
        (lambda t: t.encode("utf-16-le"), "encoding", "UTF-16"),
        (lambda t: t.encode("utf-32"), "encoding", "UTF-32"),
        (lambda t: t.encode("utf-32-le"), "encoding", "UTF-32"),
        (lambda t: t.encode("utf-32-be"), "encoding", "UTF-32"),
        (lambda t: t.replace("text 8,", "Käse,").encode("cp1252"), "encoding", "in line 9"),
        (lambda t: t.encode() + b"\xc3", "encoding", "in line 202"),
        (lambda t: gzip.compress(t.encode()), "format", "packed twice"),
        (zipped, "format", "ZIP"),
        (lambda t: b"PAR1" + t.encode(), "format", "Parquet"),
        (lambda t: b"\x28\xb5\x2f\xfd" + t.encode(), "format", "Zstandard"),
        (lambda t: "<html>" + t, "format", "HTML"),
        (lambda t: t.rsplit("\n", 3)[0], "row_count", "198 rows, the manifest says 200"),
        (lambda t: t.replace("text 8,", '"text 8,', 1), "row_count", "1 cannot be read, the first in line 9"),
        (lambda t: "".join(f"{line}\n" for line in t.replace(",", '","').split("\n")), "unreadable", "quotation"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(text: Any, rule: str, words: str) -> None:
    reason = refused(text(tidy()))
    assert reason.startswith(f"{rule}: ")
    assert words in reason


@CONTRACTS
@pytest.mark.parametrize("seed", range(20))
def test_a_file_of_random_bytes_in_the_place_of_some_is_read_or_refused(contract: Any, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a simulation
    text = bytearray(tidy(contract).encode())
    for _ in range(draw.randrange(1, 6)):
        text[draw.randrange(len(text))] = draw.choice(b"\x00\x1a\"',\n\r\\{}:\xff \t")
    try:
        count, rule = read(bytes(text), contract).count, ""
    except FileRefusedError as error:
        count, rule = ROWS, error.rule
    assert count == ROWS
    assert rule in {"", "unreadable", "fields", "row_count", "encoding", "missing_column", "duplicate_column", "delimiter"}


def test_the_reason_for_a_members_file_without_header_names_no_member() -> None:
    members = dump_contracts()["loyalty.members.v1"]
    rows = list(good(members, 50))
    for row in rows:
        row |= {"first_name": "Philippa", "last_name": "Featherstonehaugh", "street": "12 Elm Row", "email": "pip@example.com"}
    reason = refused(lines(members, rows).split("\n", 1)[1], members, 49)
    assert reason.startswith("missing_column: it has no column member_id, customer_id, first_name")
    for personal in ("Philippa", "Featherstonehaugh", "Elm", "pip", "example.com", "M0000001", "1214555"):
        assert personal not in reason


@CONTRACTS
def test_a_file_of_more_rows_than_the_memory_holds_is_refused(contract: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 16)
    monkeypatch.setattr(records, "MOST_ROWS", ROWS - 32)
    assert refused(tidy(contract), contract).startswith("too_large: it has more than 168 rows")
