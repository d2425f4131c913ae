"""Read .sql files with ${name} placeholders, and quote strings for SQL."""

from pathlib import Path
from string import Template

from tillstream.core import analysis_fields, buckets, rules

#: Placeholders that every template may use.
FACTS = {**rules.SQL, **buckets.SQL, **analysis_fields.SQL}


def quoted(text: str) -> str:
    """Escape a text for a SQL string literal. The caller writes the quotes."""
    return text.replace("'", "''")


def statements(path: Path, **bound: str) -> list[str]:
    """Return the statements of a .sql file, with its ${name} placeholders replaced.

    A semicolon at the end of a line ends a statement. Lines that are comments are left out.

    Raises:
        KeyError: a placeholder has no value, neither in `bound` nor in FACTS.
    """
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("--")]
    return [Template(part).substitute(FACTS | bound).strip() for part in ("\n".join(lines) + "\n").split(";\n") if part.strip()]
