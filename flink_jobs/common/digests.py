"""Compute the digest of a job's code. A changed digest shows a changed job."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from tillstream.core.topology import JOBS

ROOT = Path(__file__).parent.parent.parent


def digest(job: str, state: str, sales_parallelism: int, root: Path = ROOT) -> str:
    """Return eight hex digits over everything the job is built from: its files, its state backend and its parallelism."""
    whole = hashlib.sha256(f"{state} {sales_parallelism if job == 'sales' else 1}".encode())
    for path in sorted(files(job, root)):
        content = path.read_bytes()
        whole.update(f"\0{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:8]


def files(job: str, root: Path = ROOT) -> set[Path]:
    """Return the files that the job is made from.

    These are its own files, those that all jobs share, Java, the contracts of its topics, and every module of this repository that one of these
    imports. The contract of a topic that it neither reads nor writes is left out, so that a changed contract restarts only the jobs of its topic.
    """
    folders = (root / "flink_jobs" / job, root / "flink_jobs" / "common", root / "flink_jobs" / "java")
    paths = {path for folder in folders for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    paths |= {path for path in (root / "schemas" / "topics").glob("*.avsc") if path.stem in JOBS[job].topics}
    left = [path for path in paths if path.suffix == ".py"]
    while left:
        new = {path for path in _imported(left.pop(), root) if path not in paths}
        paths |= new
        left += new
    return paths


def _imported(path: Path, root: Path) -> Iterator[Path]:
    """Return the modules of this repository that a file imports, at its top or inside of a function."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = [name.name for name in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [str(node.module), *(f"{node.module}.{name}" for name in names)]
        for name in names:
            if name.startswith(("tillstream.", "flink_jobs.")) and (module := root / f"{name.replace('.', '/')}.py").is_file():
                yield module
