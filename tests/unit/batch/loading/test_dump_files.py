"""A dump's file is read completely, or refused with the rule that it breaks."""

import random
from datetime import UTC, date, datetime
from typing import Any

import pytest

from batch.loading import landing
from batch.loading.records import LINE
from producers.back_office.faults import FILE_FAULTS, REFUSED_FILE_FAULTS, file_fault
from producers.back_office.files import write
from tests.support.dump_rows import Bucket
from tillstream.core.contracts import dump_contracts
from tillstream.core.errors import FileRefusedError
from tillstream.verify.dumps import REFUSED_BY

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
STORES = [{"store_id": str(i), "store_name": f"Store {i}", "region": "North", "country": "US"} for i in range(1, 20)]
CAMPAIGNS = [
    {"campaign_id": str(i), "campaign_type": "Type A", "starts_on": DAY, "ends_on": DAY, "coupons": 3, "households": 70}
    for i in range(1, 20)
]


def read(dump: str, rows: list[dict[str, Any]], fault: str | None) -> landing.Landed:
    contract = dump_contracts()[dump]
    file = write(contract, DAY, 1, rows, fault, NOW)
    announced = landing.Announced(file.manifest_path, dump, DAY, NOW, "etag")
    assert announced.path == file.path
    bucket: Any = Bucket({file.path: file.body, file.manifest_path: file.manifest})
    return landing.read(bucket, announced)


@pytest.mark.parametrize(("dump", "rows"), [("catalog.stores.v1", STORES), ("loyalty.campaigns.v1", CAMPAIGNS)])
def test_a_whole_file_is_read_row_by_row_with_its_lines(dump: str, rows: list[dict[str, Any]]) -> None:
    landed = read(dump, rows, None)
    assert len(landed.rows) == len(rows)
    assert list(landed.rows[LINE])[:2] == ([2, 3] if dump_contracts()[dump].format == "csv" else [1, 2])
    assert landed.extra_columns == []


@pytest.mark.parametrize(("dump", "rows"), [("catalog.stores.v1", STORES), ("loyalty.campaigns.v1", CAMPAIGNS)])
@pytest.mark.parametrize("fault", sorted(REFUSED_FILE_FAULTS))
def test_each_fault_of_a_file_is_refused_by_its_own_rule(dump: str, rows: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read(dump, rows, fault)
    assert refused.value.rule in REFUSED_BY[fault]


def test_a_column_more_does_no_harm_and_is_named() -> None:
    landed = read("catalog.stores.v1", STORES, "extra_column")
    assert landed.extra_columns == ["internal_note"]
    assert len(landed.rows) == len(STORES)


def test_every_fault_of_a_file_comes_up() -> None:
    draw = random.Random(1)  # noqa: S311 - a simulation
    assert {file_fault(1.0, draw) for _ in range(200)} == set(FILE_FAULTS)
