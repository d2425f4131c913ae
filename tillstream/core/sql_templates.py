"""The .sql files of the lake and of the Flink jobs, and texts inside of SQL."""

from pathlib import Path
from string import Template


def quoted(text: str) -> str:
    """A text inside a SQL string literal."""
    return text.replace("'", "''")


def statements(path: Path, **bound: str) -> list[str]:
    """The statements of a .sql file, split at semicolons that end a line, its ${names} bound. A name that is not bound is an error."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("--")]
    return [Template(part).substitute(bound).strip() for part in ("\n".join(lines) + "\n").split(";\n") if part.strip()]
