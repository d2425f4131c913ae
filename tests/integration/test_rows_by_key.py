"""The jobs find reference rows by key, whether the key is a number or only looks like one. Runs in the Flink image."""

import json
import random

import pytest

from tests.support.containers import run

#: Reads lists of [keys, keys to look up] as JSON. Prints the number of rows and the key of each row found, or null.
LOOK = """
import json, sys
from pyflink.java_gateway import get_gateway
jvm = get_gateway().jvm
text, row = jvm.org.apache.flink.table.data.StringData.fromString, jvm.tillstream.reference.KnownRow
told = []
for keys, asked in json.load(sys.stdin):
    held = jvm.java.util.HashMap()
    for key in keys:
        texts = get_gateway().new_array(jvm.org.apache.flink.table.data.StringData, 1)
        texts[0] = text(key)
        held.put(text(key), row(texts, held, held.size()))
    rows = jvm.tillstream.reference.Rows(held)
    found = [rows.get(text(key)) for key in asked]
    told.append([rows.size(), [one and one.getString(0).toString() for one in found]])
print(json.dumps(told))
"""
SOME = random.Random(1)  # noqa: S311 - the same each time
KEYS = [
    "0",
    "7",
    "07",
    "",
    "9" * 18,
    "9" * 19,
    "-7",
    "7 ",
    "é7",
    "\uff11\uff12",
    "EU:12",
    *{str(SOME.randrange(10**8)) for _ in range(500)},
]
ABSENT = ["00", "007", "1e3", "8" * 18, "9" * 20, " 7", "+7", "eu:12", "x" * 300]


SETS = {"many": KEYS, "none": [], "one": ["5"], "two": ["5", "6"]}


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[int, list[str | None]]]:
    """Return the number of rows and the keys of the rows found, for each set of keys."""
    command = 'mkdir -p $FLINK_CONF_DIR && cp /opt/flink/config.yaml $FLINK_CONF_DIR/ && exec python3 -c "$0"'
    container = ["docker", "run", "--rm", "-i", "--network", "none", "--entrypoint", "bash", "tillstream/flink:dev", "-c", command, LOOK]
    done = run(container, input=json.dumps([[keys, [*keys, *ABSENT]] for keys in SETS.values()]), timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(SETS, json.loads(done.stdout.splitlines()[-1]), strict=True))


@pytest.mark.parametrize("name", SETS)
def test_a_row_is_found_by_its_key_and_by_no_other(told: dict[str, tuple[int, list[str | None]]], name: str) -> None:
    size, found = told[name]
    assert size == len(SETS[name])
    assert found == [*SETS[name], *[None] * len(ABSENT)]
