"""What is found on the rows of a receipt, as a reader of print gives them."""

from datetime import date

import pytest

from flink_jobs.voice.photos.receipts import Receipt, receipt

ROWS = [
    "TILLSTREAM MARKET",
    "STORE 735",
    "RECEIPT 32928591681",
    "2026-11-25 04:12",
    "3 x TOMATOES 31.74",
    "TOTAL 55.10",
    "CARD **** 1460",
    "THANK YOU",
]
WHOLE = Receipt("735", "32928591681", date(2026, 11, 25), 5510, "1460")


def test_each_field_is_found_by_its_label() -> None:
    assert receipt(ROWS) == WHOLE
    assert receipt(ROWS).is_one


@pytest.mark.parametrize(
    "rows",
    [
        [*ROWS[:5], "TOTAL", "55.10", "CARD", "**** 1460"],
        [row.replace("TOTAL", "T0TA1").replace("STORE", "ST0RE") for row in ROWS],
        [*ROWS[:5], "SUBTOTAL 60.10", *ROWS[5:]],
        [*ROWS[:5], "TOTAL 55 , 10", *ROWS[6:]],
    ],
    ids=["on the next row", "letters taken for digits", "a subtotal", "a blank in the amount"],
)
def test_what_a_reader_of_print_makes_of_it_is_found_too(rows: list[str]) -> None:
    assert receipt(rows) == WHOLE


def test_a_day_that_is_none_is_not_read() -> None:
    assert receipt(["2026-13-45", "STORE 7", "TOTAL 1.00"]).bought_on is None


def test_nothing_is_no_receipt() -> None:
    assert not receipt([]).is_one


def test_a_label_is_no_receipt() -> None:
    assert not receipt(["BANANAS", "0.59", "2 012345 678905"]).is_one
