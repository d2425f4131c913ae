"""The digest of a job changes with every file that the job is made from, and with no other file."""

from pathlib import Path

import pytest

from flink_jobs.common.digests import digest, files
from tests.support.compose_platform import ROOT
from tillstream.core.topology import JOBS

#: Files that the sales job is made from, one of each kind. The last three are imported by files before them.
MADE_FROM = {
    "flink_jobs/sales/job.py": "from tillstream.core.rules import RANKED",
    "flink_jobs/sales/insert.sql": "SELECT 1",
    "flink_jobs/sales/deep/down/words.txt": "word",
    "flink_jobs/common/ddl.py": "",
    "flink_jobs/common/source_table.sql": "CREATE",
    "flink_jobs/common/deep/table.sql": "CREATE",
    "flink_jobs/java/tillstream/sales/EachOnce.java": "class",
    "flink_jobs/java/META-INF/services/Factory": "tillstream",
    "schemas/topics/pos.transactions.v1.avsc": "{}",
    "tillstream/core/rules.py": "def late():\n    from tillstream.core import buckets",
    "tillstream/core/buckets.py": "import tillstream.core.clients.flink",
    "tillstream/core/clients/flink.py": "",
}
OTHERS = {
    "flink_jobs/voice/job.py": "",
    "flink_jobs/sales/__pycache__/job.cpython-311.pyc": "",
    "schemas/dumps/catalog.products.v1.avsc": "{}",
    "schemas/topics/voice.calls.v1.avsc": "{}",
    "tillstream/core/ledger.py": "",
    "batch/cli.py": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in {**MADE_FROM, **OTHERS}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", MADE_FROM)
def test_a_change_of_a_file_that_a_job_is_made_from_changes_its_digest(tree: Path, name: str) -> None:
    before = digest("sales", "heap", 2, tree)
    (tree / name).write_text(MADE_FROM[name] + " ", encoding="utf-8")
    changed = digest("sales", "heap", 2, tree)
    assert changed != before
    (tree / name).rename(tree / f"{name}x")
    assert digest("sales", "heap", 2, tree) not in (before, changed)


@pytest.mark.parametrize("name", OTHERS)
def test_a_change_of_another_file_leaves_the_job_as_it_is(tree: Path, name: str) -> None:
    before = digest("sales", "heap", 2, tree)
    (tree / name).write_text("changed", encoding="utf-8")
    assert digest("sales", "heap", 2, tree) == before


@pytest.mark.parametrize("job", JOBS)
def test_every_file_of_a_job_and_of_what_all_share_is_looked_at(job: str) -> None:
    folders = (f"flink_jobs/{job}", "flink_jobs/common", "flink_jobs/java")
    there = {path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    core = {"contracts", "rules", "buckets", "topology", "sql_templates", "settings", "avro_types", "analysis_fields", "clients/flink"}
    assert there | {ROOT / f"tillstream/core/{name}.py" for name in core} <= files(job)


@pytest.mark.parametrize("job", JOBS)
def test_a_contract_is_of_the_jobs_that_read_or_write_its_topic_and_of_no_other(job: str) -> None:
    contracts = {path.stem for path in files(job) if path.suffix == ".avsc"}
    assert contracts == {*JOBS[job].reads, *JOBS[job].hot_topics, *JOBS[job].other_topics}


def test_a_contract_of_baskets_is_of_no_job_that_analyses_texts() -> None:
    assert [job for job in JOBS if ROOT / "schemas/topics/pos.transactions.v1.avsc" in files(job)] == ["sales", "behaviour", "inventory"]


def test_a_photos_code_and_what_reads_announcements_are_of_the_voice_job() -> None:
    voice = files("voice")
    assert {ROOT / "flink_jobs/voice/photos/stripping.py", ROOT / "tillstream/core/announcements.py"} <= voice
    assert ROOT / "tillstream/core/hot_keys.py" in files("hot_store")
    assert ROOT / "tillstream/core/hot_keys.py" not in files("sales")
