"""The upkeep of the lake, run by hand."""

import re

from tests.support.compose_platform import Platform, eventually


def newest_checkpoint(platform: Platform) -> int:
    """Return the id of the sales job's newest checkpoint; 0 where it has none yet."""
    return int((platform.checkpoints()["latest"]["completed"] or {"id": 0})["id"])


def test_upkeep_makes_few_files_deletes_what_is_past_its_retention_and_changes_no_line(platform: Platform) -> None:
    before = platform.sql("SELECT count(*) AS n, sum(net_amount) AS amount FROM lake.sales.lines WHERE run_id = 'history'")
    platform.tools(
        "ask", "sql", "INSERT INTO lake.quality.dead_letters VALUES ('old.v1', 0, 0, TIMESTAMP '2020-01-01 00:00:00 UTC', 'X', 'x', X'00')"
    )
    # Other tests may just be restarting the job.
    committed = eventually("a checkpoint of the job", lambda: newest_checkpoint(platform), 120)
    # One that is streamed and compacted, one with what is past its retention, one that is loaded.
    tables = "lake.sales.lines", "lake.quality.dead_letters", "lake.loyalty.members"

    def fewer() -> bool:
        printed = platform.one_off("batch-code", "bench-lake", *tables)
        found = re.search(r"lake\.sales\.lines: ([\d,]+) files, now ([\d,]+)", printed)
        return bool(found) and int(found[2].replace(",", "")) < int(found[1].replace(",", ""))

    # Right after the start there may be just one file a day: some commits later there are more.
    eventually("a compaction that finds something to do", fewer, 300, every=10)
    assert platform.sql("SELECT count(*) AS n, sum(net_amount) AS amount FROM lake.sales.lines WHERE run_id = 'history'") == before
    assert platform.sql("SELECT count(*) AS n FROM lake.quality.dead_letters WHERE topic = 'old.v1'") == [{"n": 0}]
    eventually("the job to go on committing", lambda: newest_checkpoint(platform) > committed + 1, 90)
