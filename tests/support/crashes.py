"""Kill loads of a file at a given point, and return the state after the next load."""

import json
from typing import Any, Literal

from tests.support.compose_platform import Platform
from tests.support.landing import in_batch
from tests.support.reloads import contents, contents_query

#: Points at which a load is killed: after a step of the loader, or while Trino runs its MERGE statement.
CRASHES = ("stage", "MERGE", "load", "quarantine")
#: Ends a load of a file abruptly at each of the given points, loads the file again after each, and prints the result of a query.
#: argv: the table, the query for a count and a checksum, the file, and the points. A point is a step of the loader (the load
#: ends just after it), or the first word of the loader's statement on the table (the load ends while Trino runs it).
#: Each load is a forked process, so that it does not import everything again.
CRASH = """
import json, os, sys
import httpx
import batch.loading.check, batch.loading.loader
from batch.paths import HOME
from batch.loading.loader import Loader
from batch.loading.quality_tables import QualityTables
from tillstream.core.clients.trino import Trino
from tillstream.core.settings import TrinoSettings
table, query, path, *points = sys.argv[1:]
real, server = Trino.rows, TrinoSettings()
def die_after(step):
    target = next(place for place in (batch.loading.loader, Loader, QualityTables) if hasattr(place, step))
    whole = getattr(target, step)
    def dies(*args, **named):
        whole(*args, **named)
        os._exit(9)
    setattr(target, step, dies)
def die_at(word):
    def rows(self, sql):
        if not sql.startswith(word) or table not in sql:
            return real(self, sql)
        answer = httpx.post(f"http://{server.host}:{server.port}/v1/statement", content=sql, headers={"X-Trino-User": "tillstream"}).json()
        while answer["stats"]["state"] not in ("RUNNING", "FINISHING", "FINISHED"):
            answer = httpx.get(answer["nextUri"]).json()
        os._exit(9)
    Trino.rows = rows
def load(point=""):
    if point:
        (die_at if point.isupper() else die_after)(point)
    outcomes = list(Loader(HOME).load_path(path))
    print(*outcomes, file=sys.stderr, flush=True)
    os._exit(0 if {outcome.status for outcome in outcomes} == {"LOADED"} else 1)
def ended(*arguments):
    if not (child := os.fork()):
        try:
            load(*arguments)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
for point in points:
    statuses = ended(point), ended()
    rows, checksum = real(Trino(), query)[0]
    print(json.dumps({"point": point, "statuses": statuses, "n": rows, "sum": checksum}), flush=True)
"""


def crash_and_load_again(platform: Platform, dump: str, which: Literal["min", "max"]) -> dict[str, Any]:
    """Crash a load of the oldest ("min") or newest ("max") loaded file of a dump at each of CRASHES, and load the file again after each.

    Returns:
        The contents of the dump's table: under "before" as they were first, and under each point's name as they were after the crash and the
        next load, with the exit statuses of both loads.
    """
    path = platform.sql(f"SELECT {which}(path) AS path FROM lake.quality.files WHERE dump = '{dump}.v1' AND status = 'LOADED'")[0]["path"]
    before = contents(platform, dump)
    printed = in_batch(platform, CRASH, f"lake.{dump}", contents_query(dump), str(path), *CRASHES)
    after = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return {"before": before} | {crash.pop("point"): crash for crash in after}
