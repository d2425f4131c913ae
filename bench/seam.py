"""Measure where hot and cold meet: from which age on the lake has all lines of a minute that Redis has counted. `python -m bench.seam`.

It asks the running platform for six minutes and changes nothing. A minute of age 0 is the current one. A late event counts in its own minute,
in Redis at once and in the lake some seconds later, so a minute may change at any age. A minute of which Redis has nothing yet is left out.
"""

import os
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from trino.dbapi import Connection, connect

from bench.dashboard import settings
from bench.results import record

COMMAND = "python -m bench.seam"
READINGS, PAUSE_SECONDS = 60, 6.0
#: Ages that have figures of their own; older ones up to OLDEST share one.
AGES, OLDEST = 5, 30
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
    """Return by age in minutes how many lines of Redis the lake did not have, of all channels; only ages of which Redis has lines."""
    missing: defaultdict[int, int] = defaultdict(int)
    for (minute, channel), lines in hot.items():
        age = int((now.replace(second=0, microsecond=0) - minute) / timedelta(minutes=1))
        missing[age] += max(0, lines - lake.get((minute, channel), 0))
    return missing


def main() -> None:
    """Print and record by age how often the lake had all lines, and how many it lacked at most."""
    connection = connect(host="127.0.0.1", port=int(settings()["TRINO_PORT"]), user="bench", catalog="lake", schema="live")
    seen: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for _ in range(READINGS):
        now = datetime.now(tz=UTC).replace(tzinfo=None)
        since = now.replace(second=0, microsecond=0) - timedelta(minutes=OLDEST)
        hot = counted(connection, HOT, since)
        missing = behind(hot, counted(connection, LAKE, since.replace(tzinfo=UTC)), now)
        for age, lines in missing.items():
            name = f"age_{age}" if age < AGES else "older"
            seen[name] += 1
            whole[name] += lines == 0
            most[name] = max(most[name], lines)
        time.sleep(PAUSE_SECONDS)
    for name in sorted(seen):
        print(f"{name}: the lake had all lines in {whole[name]} of {seen[name]} readings of a minute, and lacked {most[name]} at most")
        note = f"{seen[name]} readings of a minute, in six minutes of live trade; older is 5 to {OLDEST} minutes"
        record(f"seam.{name}.whole_percent", round(100 * whole[name] / seen[name], 1), "%", COMMAND, note)
        record(f"seam.{name}.most_missing", most[name], "lines", COMMAND, note)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
