"""The version of a model covers every file and package that can change a result, and no other."""

import ast

import pytest

from flink_jobs.voice.version import HERE, PHOTO_PACKAGES, PHOTOS, TEXT_PACKAGES, TEXTS
from tests.support.compose_platform import ROOT

#: Files that change no result: the threads, and the version itself.
NO_RESULT = {"photos/threads.py", "version.py"}


def imported(start: str) -> set[str]:
    """Return this file of the voice job and all files of the job that it imports, directly or not."""
    found, left = set[str](), [start]
    while left:
        file = left.pop()
        if file in found:
            continue
        found.add(file)
        modules = [
            node.module or "" for node in ast.walk(ast.parse((HERE / file).read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
        ]
        left += [f"{m.removeprefix('flink_jobs.voice.').replace('.', '/')}.py" for m in modules if m.startswith("flink_jobs.voice.")]
    return found - NO_RESULT


def pinned() -> set[str]:
    lines = [
        line for name in ("requirements.txt", "models.txt") for line in (ROOT / "images/flink" / name).read_text(encoding="utf-8").split()
    ]
    return {line.partition("==")[0] for line in lines}


def test_texts_have_a_version_of_all_that_understands_them() -> None:
    data = {f"text/{path.name}" for path in (HERE / "text").iterdir() if path.suffix in {".json", ".txt", ".yaml"}}
    assert set(TEXTS) == imported("text/analysis.py") | imported("calls/analysis.py") | data


def test_photos_have_a_version_of_all_that_sees_them() -> None:
    assert set(PHOTOS) == imported("photos/looking.py") | {"text/alike.txt", "text/common.txt"}


@pytest.mark.parametrize("packages", [TEXT_PACKAGES, PHOTO_PACKAGES])
def test_the_packages_are_those_of_the_image(packages: tuple[str, ...]) -> None:
    assert set(packages) - pinned() == set()
