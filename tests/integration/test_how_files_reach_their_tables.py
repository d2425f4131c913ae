"""Run the SQL of loads on the real Trino, in tables for the tests. Readers find the right rows in whatever order files come."""

from collections.abc import Iterator
from datetime import date

import pytest

from batch.loading import conflicts
from batch.loading.history_rebuild import has_later, swap_table, table_copy
from batch.loading.load import load
from tests.support.compose_platform import Platform
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.deploy.dump_tables import statements

D1, D2, D3 = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
SCHEMA = "lake.staging_of_tests"
FIELDS = [{"name": "id", "type": "string", "doc": "Key."}, {"name": "said", "type": ["null", "string"], "doc": "Value."}]


@pytest.fixture(scope="module")
def trino(platform: Platform) -> Iterator[Trino]:
    connection = platform.trino()
    connection.rows(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    connection.rows("CREATE SCHEMA IF NOT EXISTS lake.staging")
    yield connection
    for (table,) in connection.rows(f"SHOW TABLES FROM {SCHEMA}"):
        connection.rows(f"DROP TABLE {SCHEMA}.{table}")
    connection.rows(f"DROP SCHEMA {SCHEMA}")


def dump(trino: Trino, way: str, name: str) -> DumpContract:
    """Return the contract of a dump that is loaded in this way ("merge", "append" or "history"), and create its empty table."""
    contract = DumpContract(f"test.{name}.v1", {"dump": {"table": f"{SCHEMA}.{name}", "key": ["id"], "load": way}, "fields": FIELDS})
    trino.rows(f"DROP TABLE IF EXISTS {contract.table}")
    for statement in statements(contract, set()):
        trino.rows(statement)
    return contract


def staged(trino: Trino, day: date, **said: str | None) -> str:
    """Create a staging table with the rows of a file of this day, and return its name. Names of arguments are the keys of rows."""
    table = f"{SCHEMA}.staged"
    trino.rows(f"DROP TABLE IF EXISTS {table}")
    trino.rows(f"CREATE TABLE {table} (id varchar, said varchar, business_date date, source_file varchar, _line bigint)")
    values = ", ".join(
        f"('{key}', {'NULL' if text is None else repr(text)}, DATE '{day}', 'file of {day}', {line})"
        for line, (key, text) in enumerate(said.items(), 2)
    )
    trino.rows(f"INSERT INTO {table} VALUES {values}")
    return table


def tell(trino: Trino, contract: DumpContract, day: date, table: str = "", **said: str | None) -> None:
    load(trino, contract, staged(trino, day, **said), day, table)


def said(trino: Trino, contract: DumpContract) -> dict[str, str]:
    now = " WHERE is_current" if contract.load == "history" else ""
    return dict(trino.rows(f"SELECT id, said FROM {contract.table}{now}"))


def test_a_late_file_between_two_that_agree_is_no_news(trino: Trino) -> None:
    contract = dump(trino, "merge", "merged")
    tell(trino, contract, D1, a="X", b="X")
    tell(trino, contract, D3, a="X")
    tell(trino, contract, D2, a="Y", b="Y")
    assert said(trino, contract) == {"a": "X", "b": "Y"}
    assert trino.rows(f"SELECT id, business_date, known_since FROM {contract.table} ORDER BY 1") == [["a", D3, D1], ["b", D2, D1]]
    tell(trino, contract, D3, a="Z")
    assert said(trino, contract)["a"] == "Z"


def test_a_row_that_tells_otherwise_of_what_was_loaded_is_found_with_what_differs(trino: Trino) -> None:
    contract = dump(trino, "append", "appended")
    tell(trino, contract, D1, a="12", b="7", c=None)
    corrected = staged(trino, D2, a="21", b="7", c="1", d="5")
    found = sorted(conflicts.conflicts(trino, contract, corrected))
    assert found == [(2, "said", f"file of {D1}"), (4, "said", f"file of {D1}")]
    load(trino, contract, corrected, D2)
    assert said(trino, contract) == {"a": "12", "b": "7", "c": None, "d": "5"}


def test_while_a_history_is_rebuilt_readers_find_what_was_there_before(trino: Trino) -> None:
    contract = dump(trino, "history", "history")
    tell(trino, contract, D1, a="consents", b="consents")
    tell(trino, contract, D3, a="withdrew", b="consents")
    assert has_later(trino, contract, D2)
    assert not has_later(trino, contract, D3)
    in_order = dump(trino, "history", "in_order")
    for day, words in (
        (D1, {"a": "consents", "b": "consents"}),
        (D2, {"a": "moved", "b": "left"}),
        (D3, {"a": "withdrew", "b": "consents"}),
    ):
        tell(trino, in_order, day, **words)
    versions = f'SELECT count(*) FROM {SCHEMA}."history$snapshots"'
    before = trino.scalar(versions)
    with table_copy(trino, contract) as copy:
        for day, words in ((D2, {"a": "moved", "b": "left"}), (D3, {"a": "withdrew", "b": "consents"})):
            tell(trino, contract, day, copy, **words)
            assert said(trino, contract) == {"a": "withdrew", "b": "consents"}
        assert trino.scalar(versions) == before
        swap_table(trino, contract, copy)
    assert trino.scalar(versions) == before + 1
    columns = "id, said, business_date, source_file, valid_from, valid_to, is_current"
    everything = [sorted(map(str, trino.rows(f"SELECT {columns} FROM {table.table}"))) for table in (contract, in_order)]
    assert everything[0] == everything[1]
    assert len(everything[0]) == 6
    assert not [name for (name,) in trino.rows("SHOW TABLES FROM lake.staging") if name.startswith("test_")]
