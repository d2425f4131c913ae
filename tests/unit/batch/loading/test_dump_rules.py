"""For each rule of each dump, a row that breaks only this rule is found under this rule and no other."""

import gzip
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from batch.loading.suites import rules
from batch.loading.validation import validate
from tests.support.dump_rows import DAY, NOON, good, known, lines, read_file
from tillstream.core.contracts import DumpContract, dump_contracts

#: Rows that break a rule of rules.yaml and nothing else.
BUSINESS: dict[str, dict[str, Any]] = {
    "a reward takes points off": {"kind": "SPEND", "points": 5},
    "a purchase earns points": {"kind": "EARN", "points": -5},
    "a coupon has its code": {"kind": "COUPON", "coupon_id": None},
    "a campaign ends after it starts": {"starts_on": DAY, "ends_on": DAY - timedelta(days=1)},
    "a delivery says what came": {"status": "DELIVERED", "delivered_quantity": None},
    "a delivery says when it came": {"status": "DELIVERED", "delivered_at": None},
}
NOT_STANDARD = {"phone": "12", "email": "nobody@@nowhere", "country": "Erewhon", "currency": "shells"}
NOT_OF_TYPE = {"int": "five", "long": "five", "decimal": "1,25", "boolean": "maybe", "date": "03-04-2026", "timestamp-micros": "yesterday"}
UNKNOWN = {"M": "M9999999", "S": "S999"}
AFTER = {"date": DAY + timedelta(days=1), "timestamp-micros": NOON + timedelta(days=1)}


def kind_of(spec: dict[str, Any]) -> str:
    avro = next(t for t in spec["type"] if t != "null") if isinstance(spec["type"], list) else spec["type"]
    return str(avro["logicalType"] if isinstance(avro, dict) else avro)


def bad_row(
    contract: DumpContract, rule: str, row: dict[str, Any], before: dict[str, Any], known_keys: dict[str, set[str]]
) -> dict[str, Any]:
    """Return the row with a change that breaks this rule and no other."""
    if rule in BUSINESS:
        return row | BUSINESS[rule]
    of, what = rule.rsplit(": ", 1)
    if what == "unique key":
        return row | {name: before[name] for name in contract.key}
    spec = next(field for field in contract.fields if field["name"] == of)
    match what:
        case "type and standard":
            plain = "a\x01b" if "standard" in spec or "allowed" in spec else "4.01E+12"
            value = NOT_STANDARD.get(spec.get("standard", ""), NOT_OF_TYPE.get(kind_of(spec), plain))
        case "not empty":
            value = None
        case "allowed":
            value = {"currency": "EUR"}.get(spec.get("standard", ""), "NONE SUCH")
        case "range":
            value = spec["maximum"] + 1
        case "pattern":
            value = "X-1"
            if "references" in spec:
                known_keys[spec["references"]].add(value)
        case "length":
            value = "a"
        case "known":
            value = UNKNOWN.get(row[of][0], "none-such")
        case "not after the business date":
            value = AFTER[kind_of(spec)]
    return row | {of: value}


@pytest.mark.parametrize("contract", dump_contracts().values(), ids=lambda c: c.name)
@pytest.mark.filterwarnings("ignore")  # warnings of libraries that Great Expectations uses
def test_each_rule_is_broken_by_one_row_which_is_found_under_that_rule_alone_and_the_others_are_loaded_as_they_were_meant(
    contract: DumpContract, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys, of_rows = known(), [rule for rule in rules(contract) if not rule.refuses]
    # There are so many good rows that the share of bad rows is within the contract's tolerance.
    rows = list(good(contract, 40 + int(len(of_rows) / contract.tolerance)))
    meant, planted = [dict(row) for row in rows], {}
    for place, rule in enumerate(of_rows, 40):
        rows[place] = bad_row(contract, rule.name, rows[place], rows[place - 40], keys)
        planted[place] = rule.name
    file = read_file(contract, gzip.compress(lines(contract, rows).encode()), len(rows))
    found = validate(file, keys, tmp_path_factory.getbasetemp() / "gx")
    first = 2 if contract.format == "csv" else 1
    assert {bad.line: bad.rule for bad in found.checked.bad} == {place + first: rule for place, rule in planted.items()}
    assert len(found.checked.bad) == len(planted), "a row stands under a second rule"
    of_each = {result.rule: result.failed for result in found.checked.results if result.rule in planted.values()}
    assert of_each == dict.fromkeys(planted.values(), 1)
    assert all(bad.reason.startswith(f"{rule.column}: ") for bad in found.checked.bad for rule in of_rows if rule.name == bad.rule)
    assert found.refusal is None
    told = {"business_date": DAY, "source_file": file.announced.path}
    exact = {field["name"] for field in contract.fields if kind_of(field) == "decimal"}
    assert found.table.to_pylist() == [
        {name: Decimal(value) if name in exact else value for name, value in row.items()} | told
        for place, row in enumerate(meant)
        if place not in planted
    ]
