"""Find in a text the product types of the catalogue by their names, and its stores by their numbers."""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

from flink_jobs.voice.text.words import listed, plain
from tillstream.core.settings import JobSettings

#: Product types of one word that mostly means something else in a sentence.
NOT_ALONE = listed(Path(__file__).parent / "ambiguous_product_types.txt")
_WORD = re.compile(r"[a-z0-9&']+(?:-[a-z0-9]+)*")
_STORE = re.compile(
    r"\b(?:store|shop|branch|tienda|sucursal)\s{0,3}(?:no\.?|number|num\.?|número|numero|#)?\s{0,3}(\d{1,5})\b", re.IGNORECASE
)


def words(text: str) -> list[str]:
    """Split a text into words in small letters without accents."""
    return _WORD.findall(plain(text))


class Catalogue:
    """The product types and stores that a text may name."""

    def __init__(self, product_types: Iterable[str], stores: Iterable[str]) -> None:
        self._types: dict[tuple[str, ...], str] = {}
        for product_type in sorted(product_types):
            # After a slash, a colon or a bracket comes a buyer's remark.
            name = tuple(words(re.split(r"[/:(]", product_type)[0]))
            if len(name) > 1 or (name and name[0] not in NOT_ALONE and len(name[0]) > 2):
                self._types.setdefault(name, product_type)
        self._longest = max(map(len, self._types), default=0)
        self._stores = frozenset(stores)

    def product_types(self, text: str) -> list[str]:
        """Return the product types that a text names, each once, in the text's order. Of overlapping ones the longest counts."""
        matches, tokens, at = [], words(text), 0
        while at < len(tokens):
            for length in range(min(self._longest, len(tokens) - at), 0, -1):
                if (known := self._types.get(tuple(tokens[at : at + length]))) is not None:
                    matches.append(known)
                    at += length
                    break
            else:
                at += 1
        return list(dict.fromkeys(matches))

    def store(self, text: str) -> str | None:
        """Return the first store that a text names by its number, or None."""
        return next((number for number in _STORE.findall(text) if number in self._stores), None)


class ReferenceCatalogue:
    """The catalogue of the reference database, read again every hour."""

    RELOAD_SECONDS = 3600.0

    def __init__(self, settings: JobSettings) -> None:
        host, _, port = settings.postgres.partition(":")
        self._connection: dict[str, Any] = {
            "host": host,
            "port": int(port or 5432),
            "dbname": "reference",
            "user": "reference",
            "password": settings.reference_password.get_secret_value(),
            "connect_timeout": 10,
        }
        self._held: Catalogue | None = None
        self._read_at = 0.0

    def current(self) -> Catalogue:
        """Return the catalogue. If it cannot be read again, return the last one.

        Raises:
            psycopg.Error: the catalogue could never be read.
        """
        if self._held is None or time.monotonic() - self._read_at > self.RELOAD_SECONDS:
            try:
                self._held = self._read()
            except psycopg.Error:
                if self._held is None:
                    raise
            self._read_at = time.monotonic()
        return self._held

    def _read(self) -> Catalogue:
        with psycopg.connect(**self._connection) as db:
            types = [row[0] for row in db.execute("SELECT DISTINCT product_type FROM products WHERE product_type IS NOT NULL")]
            return Catalogue(types, [row[0] for row in db.execute("SELECT store_id FROM stores")])
