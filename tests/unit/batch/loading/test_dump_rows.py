"""Each faulty row is found with its rule, good rows pass, and untidy values are standardised."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from batch.loading import standards
from batch.loading.announced import Announced
from batch.loading.check import check
from batch.loading.landing import Landed
from batch.loading.records import LINE
from batch.loading.standardise import standardise
from producers.back_office.faults import spoil_rows, untidy
from tillstream.core.contracts import dump_contracts
from tillstream.verify.dumps import rule_broken

DAY = date(2026, 11, 20)
KNOWN = {
    "catalog.stores.v1": {"31", "32"},
    "catalog.products.v1": {"1000", "1001"},
    "inventory.suppliers.v1": {"S001"},
    "loyalty.members.v1": {f"M{i:07d}" for i in range(1, 400)},
    "loyalty.campaigns.v1": {"26"},
}


def rows_of(dump: str) -> Iterator[dict[str, Any]]:
    """Yield good rows of a dump, with values that its rules need."""
    at = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    for i in range(1, 400):
        yield {
            "loyalty.members.v1": {
                "member_id": f"M{i:07d}", "customer_id": f"c-{i:08d}", "first_name": "Ana", "last_name": "de la Cruz", "email": f"ana{i}@example.com",
                "phone": f"+1214555{i:04d}", "street": "1 High Street", "city": "Dallas", "postal_code": "75001", "country": "US",
                "joined_on": date(2015, 3, 4), "tier": "GOLD", "consent_marketing": True, "consent_profiling": False, "updated_at": at,
            },
            "loyalty.points.v1": {
                "entry_id": f"p-{i:08d}", "member_id": f"M{i:07d}", "event_id": f"e-{i}", "kind": "EARN", "points": i, "booked_at": at,
            },
            "inventory.restocks.v1": {
                "order_id": f"O-{i}", "line_no": 1, "supplier_id": "S001", "store_id": "31", "product_id": "1000", "status": "ORDERED",
                "ordered_quantity": i, "delivered_quantity": None, "unit_cost": "1.25", "currency": "USD", "ordered_at": at,
                "expected_on": DAY, "delivered_at": None,
            },
        }[dump]  # fmt: skip


def landed(dump: str, rows: list[dict[str, Any]]) -> Landed:
    def text(value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return value.isoformat() if isinstance(value, date) else str(value)

    frame = pd.DataFrame([{name: text(value) for name, value in row.items()} for row in rows], dtype=object)
    frame[LINE] = range(1, len(rows) + 1)
    return Landed(Announced("a.manifest.json", dump, DAY, datetime.now(tz=UTC), "etag"), "0", frame, [])


@pytest.mark.parametrize("dump", ["loyalty.members.v1", "loyalty.points.v1", "inventory.restocks.v1"])
@pytest.mark.filterwarnings("ignore")  # warnings of libraries that Great Expectations uses
def test_every_faulty_row_is_found_and_no_other(dump: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    contract = dump_contracts()[dump]
    draw = random.Random(7)  # noqa: S311 - a simulation
    spoilt = spoil_rows(list(rows_of(dump)), set(contract.references), 0.2, draw)
    untidy(spoilt.rows, contract.standards, 0.5, draw)
    file = landed(dump, spoilt.rows)
    checked = check(file, standardise(file.rows, contract, LINE), KNOWN, _home(tmp_path_factory))
    assert checked.bad_lines == {line for _, line, _ in spoilt.faults}
    assert {fault for fault, _, _ in spoilt.faults} >= {"duplicate_key", "impossible_value"}
    named = {(bad.line, bad.rule) for bad in checked.bad}
    assert {(line, rule_broken(contract, fault, column)) for fault, line, column in spoilt.faults} <= named
    assert not checked.refusals
    assert all(found.rule and found.reason for found in checked.bad)


def _home(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of one Great Expectations project for all tests, because creating a project takes a second."""
    return factory.getbasetemp() / "gx"


@pytest.mark.parametrize(
    ("convert", "written", "standard"),
    [
        (standards.phone, "(214) 555-0123", "+12145550123"),
        (standards.phone, "00 44 20 7946 0958", "+442079460958"),
        (standards.email, " Ana.Cruz@Example.COM", "ana.cruz@example.com"),
        (standards.country, "United States", "US"),
        (standards.country, "DEU", "DE"),
        (standards.currency, "US Dollar", "USD"),
        (standards.text, "  de\u00a0la  Cruz\u200b ", "de la Cruz"),
        (standards.text, "Cafe\u0301", "Café"),
        (standards.department, " dairy", "DAIRY"),
    ],
)
def test_what_is_untidy_is_brought_to_its_standard(convert: Any, written: str, standard: str) -> None:
    assert convert(written) == standard


@pytest.mark.parametrize(
    ("convert", "written"),
    [
        (standards.phone, "12"),
        (standards.email, "nobody@@nowhere"),
        (standards.country, "Erewhon"),
        (standards.currency, "shells"),
    ],
)
def test_what_cannot_be_brought_to_its_standard_is_refused_rather_than_guessed(convert: Any, written: str) -> None:
    with pytest.raises(standards.NotStandardError):
        convert(written)


@pytest.mark.parametrize(
    "written",
    [
        "ana.cruz+shop@example.com", "a@b.co", "a@xn--bcher-kva.example.com", "a@b\u00fccher.example.com", "a.@example.com", "a..b@example.com", "a@localhost", "a@b", "@example.com",
        "a@example.com.", "a@-b.com", f"{'a' * 65}@example.com", f"a@{'b' * 64}.com", "A@example.com", "a@EXAMPLE.com", "a@b@example.com", "a@[127.0.0.1]", "a@test", "a@b_c.com",
        f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.com", "a@1.2.3.4", "a@b.invalid", "\uff41@example.com",
    ],
)  # fmt: skip
def test_the_short_way_through_an_address_leads_where_the_long_one_does(written: str) -> None:
    def of(normalise: Any) -> str:
        try:
            return str(normalise(written))
        except standards.NotStandardError as error:
            return str(error)

    assert of(standards.email) == of(standards._normalised)
