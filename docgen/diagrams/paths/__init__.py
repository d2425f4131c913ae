"""The diagrams of the paths of the data, with the names of their topics, tables and keys."""

from docgen.diagrams.paths import basket, file, photo, text, visit
from docgen.diagrams.paths.path import Path

#: Each path by the name of its page in docs/paths/.
PATHS: dict[str, Path] = {path.name: path for path in (basket.path(), file.path(), visit.path(), text.path(), photo.path())}
