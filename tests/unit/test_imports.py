"""Which package may import which: core below everything, the simulator outside."""

import ast
import re

import pytest

from tests.support.compose_platform import ROOT

#: Each package, and the packages of ours that it may import beside itself.
MAY_IMPORT = {
    "tillstream.core": (),
    "tillstream.deploy": ("tillstream.core",),
    "tillstream.verify": ("tillstream.core",),
    "tillstream": ("tillstream.core", "tillstream.deploy", "tillstream.verify"),
    "producers": ("tillstream.core",),
    "batch": ("tillstream.core",),
    "flink_jobs": ("tillstream.core",),
}
OURS = re.compile(r"(tillstream|producers|batch|flink_jobs|bench|tests)(\.|$)")


def package(module: str) -> str:
    """Return the package of MAY_IMPORT that a module is in, the longest name first."""
    return max((name for name in MAY_IMPORT if module == name or module.startswith(f"{name}.")), key=len, default=module)


def imported(name: str) -> list[tuple[str, str]]:
    """Return file and module of each import of ours in a package's own files."""
    found = []
    for path in (ROOT / name.replace(".", "/")).rglob("*.py"):
        module = str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        if package(module) != name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            found += [(str(path.relative_to(ROOT)), one) for one in names if OURS.match(one)]
    return found


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(name: str) -> None:
    found = imported(name)
    assert found
    assert [(file, module) for file, module in found if package(module) not in (name, *MAY_IMPORT[name])] == []
