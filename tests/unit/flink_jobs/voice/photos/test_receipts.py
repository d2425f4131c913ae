"""The values of a receipt are found in the rows that OCR returns."""

from datetime import date

import numpy as np
import pytest

from flink_jobs.voice.photos.ocr import Part, row_text, touched
from flink_jobs.voice.photos.receipts import Receipt, receipt
from flink_jobs.voice.text.forms import forms

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


@pytest.mark.parametrize(
    ("texts", "personal"),
    [
        (["CARD", "4111 1111", "1111 1111", "PAID"], [False, True, True, False]),
        (["4111", "1111", "1111", "1111"], [True] * 4),
        (["Tel", "+34 612", "345 678"], [False, True, True]),
        (["jane.doe@", "example.com"], [True, True]),
        (["TOTAL", "3.49", "2.99"], [False] * 3),
        ([""], [False]),
        ([], []),
    ],
)
def test_a_number_that_is_printed_in_parts_is_found_on_all_of_them(texts: list[str], personal: list[bool]) -> None:
    row = [Part(np.zeros((4, 2)), text) for text in texts]
    assert touched(row, [(found.start, found.end) for found in forms(row_text(row))]) == personal
