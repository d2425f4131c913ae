"""The schedules of upkeep follow the settings."""

import pytest

from batch.dagster.maintenance_assets import schedules
from tillstream.core.settings import UpkeepSettings


@pytest.mark.parametrize(
    ("minutes", "crons"), [("0", {"upkeep": "40 3 * * *"}), ("10", {"compact": "*/10 * * * *", "upkeep": "40 3 * * *"})]
)
def test_compaction_has_a_schedule_unless_its_interval_is_0(monkeypatch: pytest.MonkeyPatch, minutes: str, crons: dict[str, str]) -> None:
    monkeypatch.setenv("COMPACT_MINUTES", minutes)
    monkeypatch.setenv("UPKEEP_AT", "03:40")
    assert {schedule.job_name: schedule.cron_schedule for schedule in schedules(UpkeepSettings())} == crons
