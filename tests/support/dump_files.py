"""Write the text of a products or restocks file, and read it as landing does."""

import gzip
import io
import zipfile
from typing import Any

import pytest

from batch.loading.landing import Landed
from batch.loading.records import LINE
from tests.support.dump_rows import good, lines, read_file
from tillstream.core.contracts import dump_contracts
from tillstream.core.errors import FileRefusedError

PRODUCTS, RESTOCKS = dump_contracts()["catalog.products.v1"], dump_contracts()["inventory.restocks.v1"]
#: A file may have one broken row in a hundred products, two in a hundred restocks.
ROWS = 200


def tidy(contract: Any = PRODUCTS) -> str:
    return lines(contract, list(good(contract, ROWS)))


def read(text: str | bytes, contract: Any = PRODUCTS, rows: int = ROWS) -> Landed:
    return read_file(contract, gzip.compress(text.encode() if isinstance(text, str) else text), rows)


def values(landed: Landed) -> list[dict[str, Any]]:
    return landed.rows.drop(columns=LINE).to_dict("records")


def refused(text: str | bytes, contract: Any = PRODUCTS, rows: int = ROWS) -> str:
    with pytest.raises(FileRefusedError) as error:
        read(text, contract, rows)
    return str(error.value)


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("products.csv", text)
    return out.getvalue()
