"""The digest of a job's code, by which a changed job is recognised."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def digest(job: str, state: str, sales_parallelism: int) -> str:
    """Return eight hex digits over everything the job is built from: its code, its state backend and its parallelism."""
    files = [
        *sorted((ROOT / "schemas" / "topics").glob("*.avsc")),
        *sorted((ROOT / "flink_jobs" / "common").glob("*.*")),
        *sorted(path for path in (ROOT / "flink_jobs" / job).rglob("*.*") if "__pycache__" not in path.parts),
        *sorted((ROOT / "flink_jobs" / "java").rglob("*.java")),
        ROOT / "tillstream" / "announcements.py",
        ROOT / "tillstream" / "contracts.py",
        ROOT / "tillstream" / "hot_keys.py",
        ROOT / "tillstream" / "sql_files.py",
    ]
    whole = hashlib.sha256(f"{state} {sales_parallelism if job == 'sales' else 1}".encode())
    for path in files:
        if path.is_file():
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:8]
