"""The state of an old sales job, whose operators had no names of their own, is found under the names of now."""

import mmh3

from flink_jobs.sales.state_before import BEFORE, KEPT


def test_what_must_keep_its_name_has_a_text_of_which_flink_makes_it() -> None:
    assert {name: mmh3.hash_bytes(text.encode(), 0, True).hex() for name, text in KEPT.items()} == {name: BEFORE[name] for name in KEPT}


def test_every_committer_to_the_lake_keeps_its_name() -> None:
    assert {name for name in BEFORE if "Iceberg" in name} == set(KEPT)
    assert len(set(BEFORE.values())) == len(BEFORE)
