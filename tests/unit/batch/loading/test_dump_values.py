"""A value is loaded exactly as its sender meant it, or its row is set aside with the reason."""

import time
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from batch.loading.standards import NotStandardError
from batch.loading.values import NO_DATE, TRIMMED, UNWRAPPED, WHOLE_MICROSECONDS, Field, convert, field_of
from tillstream.core.contracts import dump_contracts


def field(dump: str, name: str) -> Field:
    contract = dump_contracts()[dump]
    return field_of(next(spec for spec in contract.fields if spec["name"] == name), contract.key)


COST = field("inventory.restocks.v1", "unit_cost")
DELIVERED = field("inventory.restocks.v1", "delivered_at")
EXPECTED = field("inventory.restocks.v1", "expected_on")
PRODUCT = field("catalog.products.v1", "product_id")
SIZE = field("catalog.products.v1", "package_size")
POSTAL = field("loyalty.members.v1", "postal_code")
UPDATED = field("loyalty.members.v1", "updated_at")
NAME = field("loyalty.members.v1", "last_name")
DEPARTMENT = field("catalog.products.v1", "department")
PHONE = field("loyalty.members.v1", "phone")
COUNT = field("inventory.stock_counts.v1", "quantity")
CONSENT = field("loyalty.members.v1", "consent_marketing")


@pytest.mark.parametrize(
    ("what", "written", "value"),
    [
        (COST, "1.25", Decimal("1.25")),
        (COST, "0.1200", Decimal("0.12")),
        (COST, "12", Decimal("12.00")),
        (COST, "+7.5", Decimal("7.50")),
        (COST, ".5", Decimal("0.50")),
        (COST, "-0", Decimal("0.00")),
        (COST, "9999999999.99", Decimal("9999999999.99")),
        (COUNT, "12", 12),
        (COUNT, " 012 ", 12),
        (COUNT, "12.0", 12),
        (CONSENT, "TRUE", True),
        (CONSENT, "false", False),
        (EXPECTED, "2026-11-20", date(2026, 11, 20)),
        (EXPECTED, "2026/11/20", date(2026, 11, 20)),
        (EXPECTED, "20261120", date(2026, 11, 20)),
        (EXPECTED, "1 Nov 2026", date(2026, 11, 1)),
        (DELIVERED, "2026-11-20T07:00:00-05:00", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        (DELIVERED, "2026-11-20 12:30:00.25", datetime(2026, 11, 20, 12, 30, 0, 250_000, UTC)),
        (DELIVERED, "2026-11-20T12:30Z", datetime(2026, 11, 20, 12, 30, tzinfo=UTC)),
        (DELIVERED, "1795219200000", datetime(2026, 11, 21, tzinfo=UTC)),
        (PRODUCT, "", None),
        (PRODUCT, "00088888", "00088888"),
        (PRODUCT, "1e5f-77", "1e5f-77"),
        (PRODUCT, "#12", "#12"),
        (PRODUCT, "12,34", "12,34"),
        (POSTAL, "SW1A\u00a0 1AA", "SW1A 1AA"),
        (POSTAL, "02134", "02134"),
        (PHONE, "+33.1.02.03.04.00", "+33102030400"),
        (EXPECTED, "1970-01-02", date(1970, 1, 2)),
        (SIZE, "1.5E+2", "1.5E+2"),  # a text may look like a number
        (SIZE, "12  OZ\u00a0", "12 OZ"),
        (SIZE, "N/A", "N/A"),
        (NAME, "Null", "Null"),  # Null is also a surname
        (NAME, "'t Hooft", "'t Hooft"),
        *(
            (NAME, name, name)
            for name in ("Jos\u00e9", "\u00c2ngela", "S\u00c3O", "M\u00fcller-L\u00fcdenscheid", "\u00a9\u00ae", "\u674e", "\u00c3\u00c9")
        ),
        (PRODUCT, "NA", "NA"),
        (PRODUCT, "1e5", "1e5"),
        (PRODUCT, "p" * 64, "p" * 64),
        (PRODUCT, f'="{"9" * 64}"', "9" * 64),
        (PHONE, "tel:+1-214-555-0123", "+12145550123"),
        (DELIVERED, "2026-11-20T12:00:00+14:00", datetime(2026, 11, 19, 22, tzinfo=UTC)),
        (DELIVERED, "2026-11-20T12:00:00-0330", datetime(2026, 11, 20, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_value_is_what_its_sender_meant(what: Field, written: str, value: Any) -> None:
    found = convert(written, what).value
    assert found == value
    assert type(found) is type(value)
    assert str(found) == str(value)


@pytest.mark.parametrize(
    ("what", "written", "reason"),
    [
        (COST, "0.125", "finer than the 2 digits"),
        (COST, "0.1250", "finer than the 2 digits"),
        (COST, "10000000000.00", "more than the 12 digits"),
        *((COST, written, "plain digits") for written in ("Infinity", "-inf", "NaN", "1,25", "1,250.00", "$1.25", "1.25 USD", "(1.25)", "5%")),
        *((COST, written, "plain digits") for written in ("1E2", "1e400", "\uff11.\uff12\uff15", "\u0661", "1 250", "1_000", "0x10", "--1", ".", "1.2.3", "\u22121")),
        *((COUNT, written, "plain digits") for written in ("1.5", "1e3", "1,000", "\uff14", "NULL", "true", "9" * 40)),
        (COUNT, "2147483648", "32 bits"),
        *((CONSENT, written, "neither") for written in ("1", "yes", "ja", "t")),
        *((EXPECTED, written, "not a day") for written in ("03-04-2026", "13-04-2026", "May", "12", "Friday", "46000", "2026-W14-5", "2026-04")),
        *((EXPECTED, written, "not a day") for written in ("03/04/2026", "3.4.2026", "26-04-03", "2026-4-3", "today", "\uff12\uff10\uff12\uff16-04-03", "2026-11-20T")),
        *((EXPECTED, written, "calendar") for written in ("2026-02-29", "20261331", "31 Abc 2026", "0000-00-00")),
        *((EXPECTED, written, "between the years") for written in ("0001-01-01", "9999-12-31", "1753-01-01", "1677-09-21", "2262-04-12")),
        *((DELIVERED, written, "not a time") for written in ("yesterday", "2026-11-20", "1795219200", "2026-11-20T12", "20 Nov 2026 12:00", "2026-11-20T12:00 EST")),
        *((DELIVERED, written, "the clock") for written in ("2026-11-20T24:00:00Z", "2026-12-31T23:59:60Z", "2026-11-31T00:00:00Z")),
        *((DELIVERED, written, "between the years") for written in ("1700-01-01T00:00:00Z", "2262-04-12T00:00:00Z", "9998-12-31T00:00:00Z", "9999999999999", "1999-12-31T23:59:59Z", "1980-01-01T00:00:00Z")),
        *((UPDATED, written, "systems count") for written in ("1980-01-01T00:00:00Z", "1904-01-01T12:00:00Z")),
        *((PRODUCT, written, "has changed its digits") for written in ("4.01E+12", "4,01E+12", "4.01e12", "1E-05", "88888.0", '="4.01E+12"')),
        *((PRODUCT, written, "has changed its digits") for written in ("1,234", "1,234,567", "88888,00")),
        *((POSTAL, written, "has changed its digits") for written in ("75001.0", "2.134E+3", "75,001")),
        *((EXPECTED, written, "systems count") for written in ("1900-01-01", "1970-01-01")),
        *((UPDATED, written, "systems count") for written in ("1970-01-01T00:00:00Z", "1900-01-01 00:00:00", "0000000000000", "1969-12-31T19:00:00-05:00")),
        *((what, written, "spreadsheet's error") for what in (PRODUCT, SIZE, COST) for written in ("#N/A", "#REF!", "#DIV/0!", "#NAME?", "########", ' ="#VALUE!"')),
        *((PHONE, written, "has changed its digits") for written in ("+4915123456780.0", "+39 06 1234567.0", "2145550001,00")),
        *((PRODUCT, written, "cannot be seen") for written in ("99\u200b999", "99\x00999", "99\n999", "99\u00a0999", "99\u2028999")),
        *((DELIVERED, f"2026-11-20T00:00:00{zone}", "not a time") for zone in ("+05:60", "+05:99", "+0199", "+15:00", "+23:59", "+24:00")),
        *((PRODUCT, f"{mark}12345{mark}", "quotation marks") for mark in ("'", '"', "`", "\u201d", "\u2019", "''")),
        *((PRODUCT, written, "quotation marks") for written in ("\u201c12345\u201d", "\u00ab12345\u00bb", '"12345', '="""12345"""')),
        *((what, f'{blank}"12345"', "after blanks") for what in (PRODUCT, SIZE, COST, EXPECTED) for blank in (" ", "\t", "\ufeff", "\u00a0")),
        *((PRODUCT, written, "formula") for written in ("=12345", '=T("12345")', '="12"&"345"', '="12345')),
        *((PRODUCT, written, "no value") for written in ("NULL", "null", "None", "nan", "NaN", "NaT", "\\N", "<NA>", "(null)", "N/A", "undefined", '="NULL"', " \\N ")),
        *((what, written, "no value") for what in (SIZE, NAME) for written in ("\\N", "(null)", "<NA>", "NaN", "undefined")),
        *((DEPARTMENT, written, "no value") for written in ("NULL", "None", "nan", "n/a")),
        *((what, written, "another encoding") for what in (PRODUCT, NAME, DEPARTMENT) for written in ("Jos\ufffd", "Jos\u00c3\u00a9", "\u00e2\u201a\u00ac 5", "M\u00c3\u00bcller-L\u00c3\u00bcdenscheid")),
        (PRODUCT, "p" * 65, "longer than 64"),
        (PRODUCT, "\u674e" * 1_000, "longer than 64"),
        *((PHONE, written, "has letters") for written in ("Jane Doe 214-555-0123", "214-555-0123 ext. 45", "214-555-0123 x45", "+12145550123;ext=45", "1-800-FLOWERS", "214-555-0123 (home)")),
        *((PHONE, written, "extension") for written in ("214-555-0123 #45", "+1 214 555 0123#45")),
        *((PHONE, written, "with its area") for written in ("555-0123", "+1 5550123")),
        (SIZE, "12\x00OZ", "control characters"),
        (SIZE, "x" * 1_001, "longer than 1,000"),
        (PRODUCT, "9" * 1_001, "longer than 64"),
    ],
)  # fmt: skip
def test_what_is_not_exact_is_set_aside_with_a_reason_that_does_not_quote_it(what: Field, written: str, reason: str) -> None:
    with pytest.raises(NotStandardError, match=reason) as refused:
        convert(written, what)
    assert len(written) < 3 or written not in str(refused.value)


@pytest.mark.parametrize(
    "written",
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31 23:59:59.9999999", "0001-01-01T00:00:00+05:00", "0000-00-00 00:00:00"],
)
def test_a_contracts_way_to_say_no_date_is_null_and_noted(written: str) -> None:
    assert convert(written, DELIVERED).value is None
    assert convert(written, DELIVERED).rules == (NO_DATE,)


@pytest.mark.parametrize(
    ("what", "written", "rules"),
    [
        (PRODUCT, " 99999 ", (TRIMMED,)),
        (PRODUCT, "\ufeff99999\u3000", (TRIMMED,)),
        (PRODUCT, '="00088888"', (UNWRAPPED,)),
        (PRODUCT, '="00""8"', (UNWRAPPED,)),
        (PRODUCT, "'00088888", (UNWRAPPED,)),
        (PRODUCT, "' 00088888", (UNWRAPPED,)),
        (PRODUCT, ' ="00088888"', (TRIMMED, UNWRAPPED)),
        (PRODUCT, "99999", ()),
        (SIZE, " 12 OZ ", ("trimmed Unicode",)),
        (SIZE, "'s-Gravenhage", ()),
        (COST, "1.25", ()),
        (COST, "1.2500", ("number written plainly",)),
        (COUNT, "007", ("number written plainly",)),
        (CONSENT, "True", ("true or false in small letters",)),
        (EXPECTED, "20261120", ("day to ISO 8601",)),
        (DELIVERED, "2026-11-20T12:30:00+00:00", ()),
        (DELIVERED, "2026-11-20T12:30:00Z", ("time to UTC",)),
        (DELIVERED, "2026-11-20T12:30:00.123456789Z", (WHOLE_MICROSECONDS, "time to UTC")),
    ],
)
def test_what_was_changed_is_noted(what: Field, written: str, rules: tuple[str, ...]) -> None:
    assert convert(written, what).rules == rules


@pytest.mark.parametrize("what", [PRODUCT, SIZE, COST, PHONE, EXPECTED, DELIVERED])
@pytest.mark.parametrize("within", [" " * 998, "\u200b" * 998, " \u00a0" * 499, '""' * 499, "1" * 998, "1-" * 499])
def test_a_value_of_any_shape_takes_less_than_the_thousandth_of_a_second(what: Field, within: str) -> None:
    begun = time.process_time()
    for mark in "\u00e9\u00ef\u00f6":  # several characters, so that no cache has the result
        for _ in range(10):
            with suppress(NotStandardError):
                convert(mark + within + mark, what)
    assert time.process_time() - begun < 0.03


def test_only_what_a_contract_calls_an_identifier_is_held_to_its_digits() -> None:
    identifying = {(c.name, spec["name"]) for c in dump_contracts().values() for spec in c.fields if field_of(spec, c.key).identifies}
    assert ("catalog.products.v1", "product_id") in identifying
    assert ("loyalty.points.v1", "event_id") in identifying
    assert ("inventory.suppliers.v1", "supplier_name") not in identifying
