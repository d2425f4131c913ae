"""A run of the sales job remembers event ids for a limited time. Its Java code runs in the Flink image."""

import json
import uuid
from typing import Any

import pytest

from tests.support.containers import run

#: Reads ids. Prints the bits of each, and how many of 3,000 numbers are new, at several minutes, to a table that remembers for 60 minutes.
LOOK = """
import json, sys
from pyflink.java_gateway import get_gateway
java = get_gateway().jvm.tillstream
text = get_gateway().jvm.org.apache.flink.table.data.StringData.fromString
bits = [(one.high(), one.low()) for one in (java.lake.EventId().of(text(id)) for id in json.load(sys.stdin))]
table, new = java.sales.IdTable(60), {}
for minute, numbers in ((1000, range(3000)), (1001, range(3000)), (1061, range(0, 3000, 3)), (1062, range(3000)), (1063, range(3000))):
    new[minute] = sum(table.add(number, -number, minute) for number in numbers)
print(json.dumps({"bits": [f"{high % 2**64:016x}{low % 2**64:016x}" for high, low in bits], "new": new}))
"""
MANY = [str(uuid.UUID(int=number * 2**64 + number)) for number in range(200)]
IDS = [*MANY, MANY[77].upper(), "77", "", "x" * 36, "0" * 36, "é" * 18, "00000000-0000-0000-0000-00000000000g"]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    command = 'mkdir -p $FLINK_CONF_DIR && cp /opt/flink/config.yaml $FLINK_CONF_DIR/ && exec python3 -c "$0"'
    container = ["docker", "run", "--rm", "-i", "--network", "none", "--entrypoint", "bash", "tillstream/flink:dev", "-c", command, LOOK]
    done = run(container, input=json.dumps(IDS), timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_uuid_is_its_own_number_and_any_other_text_another_id(told: dict[str, Any]) -> None:
    assert told["bits"][: len(MANY)] == [one.replace("-", "") for one in MANY]
    assert len(set(told["bits"])) == len(IDS)


def test_an_id_is_new_once_in_an_hour(told: dict[str, Any]) -> None:
    """Check also that a copy does not prolong the time for which an id is remembered."""
    assert told["new"] == {"1000": 3000, "1001": 0, "1061": 1000, "1062": 2000, "1063": 0}
