"""A type of a contract has the same meaning in each engine."""

import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest

from batch.loading.load import arrow_type
from batch.loading.values import TYPES
from tillstream.core.avro_types import ArrowType, field_type
from tillstream.core.contracts import contracts, dump_contracts
from tillstream.core.errors import ContractError

MONEY = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
MOMENT = {"type": "long", "logicalType": "timestamp-micros"}
DAY = {"type": "int", "logicalType": "date"}
LINE = {"type": "record", "name": "Line", "fields": [{"name": "line_no", "type": "int"}, {"name": "net_amount", "type": MONEY}]}


@pytest.mark.parametrize(
    ("avro", "flink", "trino"),
    [
        ("string", "STRING", "varchar"),
        ("int", "INT", "integer"),
        ("long", "BIGINT", "bigint"),
        ("boolean", "BOOLEAN", "boolean"),
        ("double", "DOUBLE", "double"),
        ("bytes", "BYTES", "varbinary"),
        (["null", "string"], "STRING", "varchar"),
        (MONEY, "DECIMAL(12, 2)", "decimal(12, 2)"),
        (["null", MOMENT], "TIMESTAMP_LTZ(6)", "timestamp(6) with time zone"),
        ({"type": "array", "items": "string"}, "ARRAY<STRING>", "array(varchar)"),
    ],
)
def test_a_type_has_its_name_in_flink_and_in_trino(avro: Any, flink: str, trino: str) -> None:
    assert (field_type(avro).flink, field_type(avro).trino) == (flink, trino)


def test_the_lines_of_a_basket_are_an_array_of_rows() -> None:
    assert field_type({"type": "array", "items": LINE}).flink == "ARRAY<ROW<`line_no` INT, `net_amount` DECIMAL(12, 2)>>"


@pytest.mark.parametrize(
    ("avro", "arrow", "dtype"),
    [
        ("string", pa.string(), "string[pyarrow]"),
        ("int", pa.int32(), "Int64"),
        (["null", "long"], pa.int64(), "Int64"),
        ("boolean", pa.bool_(), "boolean"),
        (DAY, pa.date32(), "object"),
        (MOMENT, pa.timestamp("us", tz="UTC"), "datetime64[ns, UTC]"),
        (["null", MONEY], pa.decimal128(12, 2), "object"),
    ],
)
def test_a_type_has_its_name_in_arrow_and_in_pandas(avro: Any, arrow: pa.DataType, dtype: str) -> None:
    assert (arrow_type(field_type(avro)), field_type(avro).pandas) == (arrow, dtype)


def test_a_field_may_be_null_where_its_contract_says_so() -> None:
    assert field_type(["null", "string"]).nullable
    assert not field_type("string").nullable


@pytest.mark.parametrize(
    "avro", ["float", "date", ["string", "int"], {"type": "long", "logicalType": "timestamp-millis"}, {"type": "map", "values": "int"}]
)
def test_a_type_that_nothing_here_reads_is_refused(avro: Any) -> None:
    with pytest.raises(ContractError):
        field_type(avro)


def test_an_engine_refuses_a_type_that_it_has_not() -> None:
    with pytest.raises(ContractError, match="date has no type in flink"):
        _ = field_type(DAY).flink
    with pytest.raises(ContractError, match="record has no type in trino"):
        _ = field_type(LINE).trino
    assert field_type(DAY).arrow == ArrowType("date32")


def test_every_field_of_a_contract_has_a_type_wherever_it_goes() -> None:
    for contract in contracts().values():
        types = [field_type(field["type"]) for field in contract.fields]
        assert all(of.flink for of in types)
        # The lines of a basket and the turns of a call are not columns of a table.
        assert all(of.trino for of in types if not (of.items and of.items.kind == "record"))
    for dump in dump_contracts().values():
        types = [field_type(field["type"]) for field in dump.fields]
        assert {of.kind for of in types} <= set(TYPES)
        assert all(arrow_type(of) and of.trino and of.pandas for of in types)


def test_core_imports_neither_pandas_nor_pyarrow() -> None:
    code = "import sys, tillstream.core.avro_types, tillstream.core.topology; sys.exit(bool({'pandas', 'pyarrow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
