"""Run the upkeep of the lake by hand: it compacts files, deletes old rows and changes no other row."""

import re

from tests.support.compose_platform import Platform, eventually


def newest_checkpoint(platform: Platform) -> int:
    """Return the id of the sales job's newest checkpoint, or 0 if it has none yet."""
    return int((platform.checkpoints()["latest"]["completed"] or {"id": 0})["id"])


def test_upkeep_makes_few_files_deletes_what_is_past_its_retention_and_changes_no_line(platform: Platform) -> None:
    before = platform.sql("SELECT count(*) AS n, sum(net_amount) AS amount FROM lake.sales.lines WHERE run_id = 'history'")
    platform.tools(
        "ask", "sql", "INSERT INTO lake.quality.dead_letters VALUES ('old.v1', 0, 0, TIMESTAMP '2020-01-01 00:00:00 UTC', 'X', 'x', X'00')"
    )
    # Another test may be restarting the job at this moment.
    committed = eventually("a checkpoint of the job", lambda: newest_checkpoint(platform), 120)
    # A streamed table that is compacted, a table with a row past its retention, and a table that is loaded from dumps.
    tables = "lake.sales.lines", "lake.quality.dead_letters", "lake.loyalty.members"

    def fewer() -> bool:
        printed = platform.one_off("batch-code", "bench-lake", *tables)
        found = re.search(r"lake\.sales\.lines: ([\d,]+) files, now ([\d,]+)", printed)
        return bool(found) and int(found[2].replace(",", "")) < int(found[1].replace(",", ""))

    # Soon after the start a day may have only one file. It has more after some commits.
    eventually("a compaction that finds something to do", fewer, 300, every=10)
    assert platform.sql("SELECT count(*) AS n, sum(net_amount) AS amount FROM lake.sales.lines WHERE run_id = 'history'") == before
    assert platform.sql("SELECT count(*) AS n FROM lake.quality.dead_letters WHERE topic = 'old.v1'") == [{"n": 0}]
    eventually("the job to go on committing", lambda: newest_checkpoint(platform) > committed + 1, 90)
