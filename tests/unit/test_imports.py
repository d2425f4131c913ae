"""The packages that each package may import: core imports no other, nothing imports the simulator, tests and benches import all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.compose_platform import ROOT

#: Each package, and the other packages of this repository that it may import.
MAY_IMPORT = {
    "tillstream.core": (),
    "tillstream.deploy": ("tillstream.core",),
    "tillstream.verify": ("tillstream.core",),
    "tillstream": ("tillstream.core", "tillstream.deploy", "tillstream.verify"),
    "producers": ("tillstream.core",),
    "batch": ("tillstream.core",),
    "flink_jobs": ("tillstream.core",),
    "docgen": ("tillstream.core",),
}
#: Folders with code that runs the whole platform. They share tests/support, and use only public names.
RUNNERS = ("bench", "tests/browser", "tests/drills", "tests/faults", "tests/integration", "tests/power_cut", "tests/support")
OURS = re.compile(r"(tillstream|producers|batch|flink_jobs|docgen|bench|tests)(\.|$)")


def package(module: str) -> str:
    """Return the package of MAY_IMPORT that a module is in, the longest name first."""
    return max((name for name in MAY_IMPORT if module == name or module.startswith(f"{name}.")), key=len, default=module)


def names_imported(path: Path) -> Iterator[tuple[str, str]]:
    """Yield module and name of each import of this repository in a file. The name is empty if the module itself is imported."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [(node.module or "", alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        else:
            continue
        yield from ((module, name) for module, name in names if OURS.match(module))


def imported(name: str) -> list[tuple[str, str]]:
    """Return file and module of each import of this repository in the files of a package."""
    found = []
    for path in (ROOT / name.replace(".", "/")).rglob("*.py"):
        module = str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        if package(module) == name:
            found += [(str(path.relative_to(ROOT)), one) for one, _ in names_imported(path)]
    return found


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(name: str) -> None:
    found = imported(name)
    assert found
    assert [(file, module) for file, module in found if package(module) not in (name, *MAY_IMPORT[name])] == []


@pytest.mark.parametrize("folder", RUNNERS)
def test_measurements_and_tests_import_no_test_module_and_nothing_private(folder: str) -> None:
    names = [(path.name, module, name) for path in (ROOT / folder).rglob("*.py") for module, name in names_imported(path)]
    assert names
    parts = [(file, [*module.split("."), name]) for file, module, name in names]
    assert [(file, *steps) for file, steps in parts if any(step.startswith(("test_", "_")) for step in steps)] == []


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "tests").iterdir() if any(path.glob("*.py"))))
def test_no_module_under_tests_imports_a_test_module(folder: str) -> None:
    imports = [(str(path), module, name) for path in (ROOT / "tests" / folder).rglob("*.py") for module, name in names_imported(path)]
    assert imports
    assert [found for found in imports if any(step.startswith("test_") for step in (*found[1].split("."), found[2]))] == []
