"""The books of stock in the lake are read for products of any name."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tillstream.verify.stock import Books, parse_books


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), st.integers(-9, 9), min_size=1, max_size=5))
def test_a_product_of_any_name_is_read_from_the_lakes_books(units: dict[str, int]) -> None:
    def url_encoded(text: str) -> str:
        """As Trino's url_encode does it."""
        kept = re.compile(r"[A-Za-z0-9.*_-]")
        return "".join(c if kept.match(c) else "+" if c == " " else "".join(f"%{b:02X}" for b in c.encode()) for c in text)

    row = " ".join(f"{url_encoded(product)}:{held}:0:0" for product, held in units.items())
    assert dict(parse_books(row)) == {product: Books(held, 0, 0) for product, held in units.items()}
