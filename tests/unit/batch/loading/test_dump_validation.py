"""From the bytes of a file to the rows of the lake: each row is loaded with the sender's values or set aside, and no value stops a load."""

import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from batch.loading import check
from batch.loading.check import READABLE
from batch.loading.validation import ValidatedFile, validate
from tests.support.dump_rows import DAY, good, known, lines, read_file
from tillstream.core.contracts import dump_contracts

pytestmark = pytest.mark.filterwarnings("ignore")  # warnings of libraries that Great Expectations uses
RESTOCKS = dump_contracts()["inventory.restocks.v1"]
MEMBERS = dump_contracts()["loyalty.members.v1"]


def validated(contract: Any, rows: list[dict[str, Any]], home: Path, spoil: Any = str) -> ValidatedFile:
    file = read_file(contract, gzip.compress(spoil(lines(contract, rows)).encode()), len(rows))
    return validate(file, known(), home)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of one Great Expectations project for all tests, because creating a project takes a second."""
    return tmp_path_factory.getbasetemp() / "gx"


def test_costs_dates_and_identifiers_of_the_field_are_loaded_exactly_or_set_aside(home: Path) -> None:
    rows = list(good(RESTOCKS, 400))
    for place, cost in enumerate(["0.125", "0.1250", "1,25", "$1.25", "-5.00", "10000.01", "9999999.99"]):
        rows[place]["unit_cost"] = cost
    exact = {10: ("0.1200", "0.12"), 11: ("10000", "10000.00"), 12: ("+7.5", "7.50"), 13: ("0", "0.00")}
    for place, (written, _) in exact.items():
        rows[place]["unit_cost"] = written
    rows[20] |= {"status": "ORDERED", "delivered_at": "0001-01-01T00:00:00Z", "product_id": f' ="{rows[20]["product_id"]}"'}
    rows[21] |= {"status": "CANCELLED", "delivered_at": "9999-12-31T23:59:59Z"}
    rows[22]["expected_on"] = "9999-12-31"
    file = validated(RESTOCKS, rows, home)
    assert file.refusal is None
    assert {bad.line: bad.rule for bad in file.checked.bad} == {
        **dict.fromkeys(range(1, 5), "unit_cost: type and standard"),
        **dict.fromkeys(range(5, 8), "unit_cost: range"),
        23: "expected_on: type and standard",
    }
    loaded = {row["order_id"]: row for row in file.table.to_pylist()}
    assert len(loaded) == 392
    for place, (_, value) in exact.items():
        assert loaded[rows[place]["order_id"]]["unit_cost"] == Decimal(value)
    for place in (20, 21):
        assert loaded[rows[place]["order_id"]]["delivered_at"] is None
    assert loaded[rows[20]["order_id"]]["product_id"] == "product-id-00022"
    assert loaded[rows[30]["order_id"]] == rows[30] | {
        "unit_cost": Decimal(rows[30]["unit_cost"]),
        "delivered_at": rows[30]["delivered_at"],
        "business_date": DAY,
        "source_file": f"inventory/restocks/{DAY}/restocks-{DAY}-1.jsonl.gz",
    }
    assert file.changed["delivered_at: no date"] == 2
    assert file.changed["product_id: unwrapped from a spreadsheet's formula"] == 1
    assert file.changed["product_id: trimmed"] == 1


def test_a_row_cut_short_is_set_aside_with_its_line_and_the_rest_is_loaded(home: Path) -> None:
    def cut(text: str) -> str:
        rows = text.splitlines()
        rows[7] = rows[7].rsplit(",", 4)[0]
        return "\n".join(rows)

    file = validated(MEMBERS, list(good(MEMBERS, 40)), home, cut)
    assert file.refusal is None
    assert [(bad.line, bad.rule, bad.reason) for bad in file.checked.bad] == [(8, "fields", "it has 11 fields, the header has 15")]
    assert file.table.num_rows == 39
    assert next(result for result in file.checked.results if result.rule == READABLE).failed == 1


def test_no_reason_for_a_row_quotes_a_value(home: Path) -> None:
    secret = "Featherstonehaugh"  # noqa: S105 - a name
    rows = list(good(MEMBERS, 60))
    for place, field in enumerate(MEMBERS.fields):
        rows[place][field["name"]] = f"{secret}\x01 2026-11-20"
    file = validated(MEMBERS, rows, home)
    assert len(file.checked.bad) >= len(MEMBERS.fields)
    assert not [bad for bad in file.checked.bad if secret in bad.reason or secret in bad.rule]
    assert file.refusal is not None
    assert secret not in file.refusal
    for page in home.rglob("*"):
        if page.is_file():
            assert secret not in page.read_text(encoding="utf-8", errors="replace"), page


def test_the_pages_of_data_docs_have_no_value_of_a_file_be_it_a_script(home: Path) -> None:
    rows = list(good(RESTOCKS, 200))
    rows[3]["status"], rows[4]["supplier_id"] = "<script>alert(1)</script>", "S999<b>"
    file = validated(RESTOCKS, rows, home)
    assert sorted(bad.rule for bad in file.checked.bad) == ["status: allowed", "supplier_id: known"]
    pages = [page.read_text(encoding="utf-8") for page in home.rglob("*.html")]
    assert any("restocks" in page for page in pages)
    assert not [page for page in pages if "alert(1)" in page or "S999" in page]


def test_identifiers_that_are_words_for_no_value_are_set_aside_also_where_all_look_plain(home: Path) -> None:
    rows = list(good(RESTOCKS, 400))
    for place, word in enumerate(["NULL", "None", "nan", "undefined", "N/A"]):
        rows[place]["order_id"] = word
    file = validated(RESTOCKS, rows, home)
    assert [(bad.line, bad.rule) for bad in file.checked.bad] == [(line, "order_id: type and standard") for line in range(1, 6)]


def test_a_json_number_with_an_exponent_is_no_identifier_but_the_same_text_is(home: Path) -> None:
    rows = list(good(RESTOCKS, 100))
    rows[0]["order_id"], rows[1]["order_id"] = "1e5", "2e5"
    file = validated(RESTOCKS, rows, home, lambda text: text.replace('"1e5"', "1e5"))
    assert [(bad.line, bad.rule) for bad in file.checked.bad] == [(1, "order_id: type and standard")]


def test_a_file_of_many_bad_rows_is_refused_with_the_rule_that_they_break_most(home: Path) -> None:
    rows = list(good(RESTOCKS, 50))
    for row in rows[:5]:
        row["currency"] = "shells"
    file = validated(RESTOCKS, rows, home)
    assert file.refusal == "tolerance: 10.0% of its rows are bad, 2.0% may be; most often 'currency: type and standard', 5 times"
    assert file.table.num_rows == 0


def test_a_file_without_rows_is_loaded_unless_a_rule_says_otherwise(home: Path) -> None:
    assert validated(RESTOCKS, [], home).refusal is None
    assert validated(MEMBERS, [], home).refusal == "rules: members do not vanish"


def test_of_a_file_with_very_many_bad_rows_each_is_counted_and_the_first_are_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MOST_NAMED", 10)
    rows = list(good(RESTOCKS, 50))
    for row in rows[:30]:
        row |= {"supplier_id": "S999", "currency": "shells"}
    file = validated(RESTOCKS, rows, home)
    assert file.refusal is not None
    assert len(file.good) == 20
    assert {result.failed for result in file.checked.results if result.rule in {"supplier_id: known", "currency: type and standard"}} == {
        30
    }
    assert len(file.checked.bad) < 30
