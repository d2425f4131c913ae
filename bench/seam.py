"""Measure where hot and cold meet: from which age on the lake has all lines of a minute that Redis has counted. `python -m bench.seam`.

It asks the running platform for six minutes and changes nothing. A minute of age 0 is the current one. Late events count in their own minute,
so a minute may change at any age.
"""

import os
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from trino.dbapi import Connection, connect

from bench.dashboard import settings
from bench.results import record

COMMAND = "python -m bench.seam"
READINGS, PAUSE_SECONDS, AGES = 60, 6.0, 5
HOT = 'SELECT "minute", channel, lines FROM lake.live.sales_by_minute WHERE "minute" >= ?'
LAKE = """SELECT CAST(date_trunc('minute', event_time) AT TIME ZONE 'UTC' AS timestamp(6)), channel, count(*)
FROM lake.sales.lines WHERE event_time >= ? GROUP BY 1, 2"""
Lines = dict[tuple[datetime, str], int]
"""Lines by minute and channel."""


def counted(connection: Connection, query: str, *parameters: object) -> Lines:
    """Return the lines of each minute and channel."""
    cursor = connection.cursor()
    cursor.execute(query, parameters)
    return {(minute, channel): lines for minute, channel, lines in cursor.fetchall()}


def behind(hot: Lines, lake: Lines, now: datetime) -> dict[int, int]:
    """Return by age in minutes how many lines of Redis the lake did not have, of all channels."""
    missing: defaultdict[int, int] = defaultdict(int)
    for (minute, channel), lines in hot.items():
        age = int((now.replace(second=0, microsecond=0) - minute) / timedelta(minutes=1))
        missing[age] += max(0, lines - lake.get((minute, channel), 0))
    return missing


def main() -> None:
    """Print and record by age how often the lake had all lines, and how many it lacked at most."""
    connection = connect(host="127.0.0.1", port=int(settings()["TRINO_PORT"]), user="bench", catalog="lake", schema="live")
    whole: Counter[int] = Counter()
    most: Counter[int] = Counter()
    for _ in range(READINGS):
        now = datetime.now(tz=UTC).replace(tzinfo=None)
        since = now.replace(second=0, microsecond=0) - timedelta(minutes=AGES - 1)
        hot = counted(connection, HOT, since)
        missing = behind(hot, counted(connection, LAKE, since.replace(tzinfo=UTC)), now)
        for age in range(AGES):
            whole[age] += missing[age] == 0
            most[age] = max(most[age], missing[age])
        time.sleep(PAUSE_SECONDS)
    for age in range(AGES):
        print(f"a minute of age {age}: the lake had all lines in {whole[age]} of {READINGS} readings, and lacked {most[age]} at most")
        note = f"minutes of age {age}, {READINGS} readings of a quiet platform"
        record(f"seam.age_{age}.whole_percent", round(100 * whole[age] / READINGS), "%", COMMAND, note)
        record(f"seam.age_{age}.most_missing", most[age], "lines", COMMAND, note)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
