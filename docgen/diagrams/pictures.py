"""The files of all diagrams: each in two layouts and two themes."""

from pathlib import Path

from docgen.diagrams import facts, tall, wide
from docgen.diagrams.paths import PATHS
from docgen.diagrams.paths import tall as tall_path
from docgen.diagrams.paths import wide as wide_path
from docgen.palette import THEMES

FOLDER = facts.ROOT / "docs" / "diagrams"


def svgs() -> dict[str, str]:
    """Return the SVG of each picture by the name of its file."""
    found = {}
    for theme in THEMES.values():
        found[f"whole-wide-{theme.name}.svg"] = wide.draw(theme)
        found[f"whole-tall-{theme.name}.svg"] = tall.draw(theme)
        for path in PATHS.values():
            found[f"{path.name}-wide-{theme.name}.svg"] = wide_path.draw(path, theme)
            found[f"{path.name}-tall-{theme.name}.svg"] = tall_path.draw(path, theme)
    return found


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the SVGs, remove all other files of the folder, and return the wide SVGs, which need a PNG for slides."""
    made = svgs()
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in made.items():
        (folder / name).write_text(svg, encoding="utf-8")
    wanted = [folder / name for name in made if "-wide-" in name]
    kept = {*(folder / name for name in made), *(path.with_suffix(".png") for path in wanted)}
    for path in folder.iterdir():
        if path not in kept:
            path.unlink()
    return wanted
