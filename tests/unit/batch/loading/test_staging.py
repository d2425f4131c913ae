"""No file of a staging table is left behind."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog

from batch.loading.load import stage, unstage
from batch.loading.quality_tables import QualityTables

ROWS = pa.table({"path": ["a"], "n": pa.array([1], pa.int64())})


@pytest.fixture
def lake(tmp_path: Path) -> SqlCatalog:
    made = SqlCatalog("lake", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=f"file://{tmp_path}/lake")
    made.create_namespace("staging")
    return made


def left(tmp_path: Path) -> list[str]:
    """Return the files that have rows or that name files with rows."""
    return [path.name for path in (tmp_path / "lake").rglob("*") if path.suffix in {".parquet", ".avro"}]


def test_what_was_staged_is_gone_with_its_files_once_it_is_loaded(lake: SqlCatalog, tmp_path: Path) -> None:
    assert stage(lake, "x", ROWS) == "lake.staging.x"
    assert left(tmp_path)
    unstage(lake, "x")
    assert not left(tmp_path)
    unstage(lake, "x")


def test_what_a_killed_load_has_left_is_in_nobodys_way(lake: SqlCatalog) -> None:
    stage(lake, "x", ROWS)
    stage(lake, "x", pa.table({"other": ["b"]}))
    assert lake.load_table("staging.x").scan().to_arrow().to_pydict() == {"other": ["b"]}


def test_two_loaders_of_different_dumps_write_down_their_own_rows(lake: SqlCatalog) -> None:
    inserted: list[tuple[str, list[str]]] = []

    class Trino:
        """Stand-in for Trino. During the insert of the first loader, a second loader stages its own rows."""

        def rows(self, query: str) -> list[object]:
            if query.startswith("INSERT"):
                name = query.rsplit(".", 1)[1]
                if not inserted:
                    inserted.append(("", []))
                    tables._replace("lake.quality.quarantine", [{"path": "second", "n": 2}], ROWS.schema, ["second"], "loyalty.points.v1")
                inserted.append((name, lake.load_table(f"staging.{name}").scan().to_arrow().to_pydict()["path"]))
            return []

    trino: object = Trino()
    tables = QualityTables(trino, lake)  # type: ignore[arg-type]
    tables._replace("lake.quality.quarantine", [{"path": "first", "n": 1}], ROWS.schema, ["first"], "loyalty.members.v1")
    assert inserted[1:] == [("quality_quarantine_loyalty_points_v1", ["second"]), ("quality_quarantine_loyalty_members_v1", ["first"])]
