"""The inventory job's Java code keeps the stock of one store and product. It runs in the Flink image, without other services."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.containers import run

SCRIPT = Path(__file__).parent / "books_in_the_jvm.py"
FIELDS = ("of_department", "department_products_change", "department_units_change", "department_low_change", "department_out_change")

#: A movement is: kind, second, units, department, lead time. "kept" is the state of version 0; its deliveries are: id, business day, second, units.
CASES: dict[str, dict[str, Any]] = {
    "no master yet": {"movements": [["COUNT", 1000, 5], ["SALE", 1100, 1, "A", 2], ["SALE", 1200, 1, "A", 2]]},
    "gone from the master": {"movements": [["COUNT", 1000, 5, "A", 2], ["SALE", 1100, 5, "A", 2], ["SALE", 1200, 1]]},
    "moved while low": {
        "movements": [["COUNT", 1000, 3, "A", 2], ["SALE", 1100, 2, "A", 2], ["SALE", 1200, 1, "B", 2], ["DELIVERY", 1300, 9, "A", 2]]
    },
    "version 0": {
        "kept": {
            "countedAt": 1_000_000_000,
            "counted": 10,
            "version": 4,
            "stockUnits": 17,
            "deliveries": [[0x1234567812343678, 1, 1050, 7]],
        },
        "movements": [["SALE", 1100, 1, "A", 2], ["SALE", 1200, 1, "B", 2]],
    },
    # A line may have a million units. The sum is more than an int holds, and the units a day are more than an alert's field holds.
    "millions sold at once": {"movements": [["COUNT", 1000, 5, "A", 2], *([["SALE", 1100, 1_000_000, "A", 2]] * 3000)]},
    "millions brought back in an hour": {
        "movements": [
            ["COUNT", 1000, 5, "A", 2],
            *(["SALE", second, -1_000_000, "A", 2] for second in range(1100, 3600)),
            ["SALE", 300_000, 1, "A", 2],
        ]
    },
    "millions delivered": {
        "movements": [["COUNT", 1000, 5, "A", 2], *(["DELIVERY", 1100, 100_000_000, "A", 2, str(number)] for number in range(30))]
    },
    "version 0 without deliveries": {
        "kept": {"countedAt": 1_000_000_000, "counted": 10, "version": 4, "stockUnits": 10, "deliveries": []},
        "movements": [["SALE", 1100, 1, "A", 2], ["SALE", 1200, 1, "B", 2]],
    },
}


@pytest.fixture(scope="module")
def told() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each case, in order."""
    command = "mkdir -p $FLINK_CONF_DIR && cp /opt/flink/config.yaml $FLINK_CONF_DIR/ && exec python3 /books.py"
    container = ["docker", "run", "--rm", "-i", "--network", "none", "--entrypoint", "bash", "-v", f"{SCRIPT}:/books.py:ro"]
    done = run([*container, "tillstream/flink:dev", "-c", command], input=json.dumps(list(CASES.values())), timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(CASES, json.loads(done.stdout.splitlines()[-1]), strict=True))


def department(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in FIELDS) for row in rows]


def test_a_count_before_its_master_is_kept_and_moves_to_the_department_once_that_is_known(told: dict[str, Any]) -> None:
    assert department(told["no master yet"]) == [
        ("UNKNOWN", 1, 5, 0, 0),
        ("UNKNOWN", -1, -5, 0, 0),
        ("A", 1, 4, 0, 0),
        ("A", 0, -1, 1, 0),
    ]
    assert [row["products_change"] for row in told["no master yet"]] == [1, 0, 0, 0]


def test_a_product_that_has_gone_from_the_master_stays_in_its_department(told: dict[str, Any]) -> None:
    assert department(told["gone from the master"])[-1] == ("A", 0, -1, 0, 0)


def test_a_pair_whose_product_changes_its_department_is_taken_out_of_one_and_put_into_the_other(told: dict[str, Any]) -> None:
    rows = told["moved while low"]
    sums: dict[str, list[int]] = {}
    for name, *changes in department(rows):
        sums[name] = [a + b for a, b in zip(sums.get(name, [0, 0, 0, 0]), changes, strict=True)]
    assert sums == {"A": [1, 9, 0, 0], "B": [0, 0, 0, 0]}
    assert sum(row["units_change"] for row in rows) == 9, "by store nothing is counted twice"
    assert [row["level"] for row in rows if row["alert_no"]] == ["LOW", "OUT", "OK"]


@pytest.mark.parametrize(("case", "units"), [("version 0", 17), ("version 0 without deliveries", 10)])
def test_what_the_first_release_kept_is_read_and_is_in_the_department_of_the_next_movement(
    told: dict[str, Any], case: str, units: int
) -> None:
    rows = told[case]
    assert [row["stock_units"] for row in rows] == [units - 1, units - 2, units - 2]
    assert department(rows) == [("A", 0, -1, 0, 0), ("A", -1, 1 - units, 0, 0), ("B", 1, units - 2, 0, 0)]


@pytest.mark.parametrize(
    ("case", "units"),
    [
        ("millions sold at once", 5 - 3_000_000_000),
        ("millions brought back in an hour", 4 + 2_500_000_000),
        ("millions delivered", 5 + 3_000_000_000),
    ],
)
def test_stock_is_right_however_much_is_sold_brought_back_or_delivered(told: dict[str, Any], case: str, units: int) -> None:
    rows = told[case]
    assert rows[-1]["stock_units"] == sum(row["units_change"] for row in rows) == units
    assert all(0 <= float(row["units_a_day"]) < 1_000_000_000 for row in rows), "what an alert can tell"
