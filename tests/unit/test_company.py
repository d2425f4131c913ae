"""The simulated company is separate from the platform, which is built and runs without it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.compose_platform import ROOT
from tillstream import readiness

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
COMPANY = {"company-masters", "tills", "web", "voice", "back-office", "company-tools"}
PLATFORM = sorted(SERVICES.keys() - COMPANY)
IMAGE = "tillstream/company:dev"


def stages() -> dict[str, str]:
    """Return the instructions of each stage of the app's Dockerfile, without comments."""
    text = re.sub(r"^#.*\n", "", (ROOT / "images/app/Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.findall(r"^FROM \S+ AS (\S+)", stage)[0]: stage for stage in re.split(r"^(?=FROM )", text, flags=re.MULTILINE) if stage}


def built_from(target: str) -> dict[str, str]:
    """Return the instructions of a stage and of all stages that it is built from."""
    found, todo = dict[str, str](), [target]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = stages()[name]
            named: list[str] = re.findall(r"(?:^FROM |--from=)(\S+)", found[name], re.MULTILINE)
            todo += [one for one in named if one in stages()]
    return found


def packages(path: Path) -> set[str]:
    """Return the names of the pinned packages of a file of requirements/."""
    return {line.partition("==")[0] for line in path.read_text(encoding="utf-8").split()}


def test_the_platforms_image_is_built_without_the_companys_code_packages_and_data() -> None:
    platform = built_from("platform")
    assert platform.keys() == {"build", "runtime", "platform"}
    for stage in platform.values():
        assert not re.search(r"producers|company|skimage|faces", stage)
    assert "producers" in stages()["company"]


def test_the_company_adds_its_packages_to_the_platforms() -> None:
    app, company = (packages(ROOT / "requirements" / f"{name}.txt") for name in ("app", "company"))
    assert not app & company
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for declared, pinned in ((project["dependencies"], app), (project["optional-dependencies"]["company"], company)):
        assert {re.split(r"[\[<>= ]", one)[0].lower() for one in declared} <= pinned


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_only_the_companys_services_have_its_image_its_commands_and_a_profile(name: str) -> None:
    service = SERVICES[name]
    assert (service["image"] == IMAGE) == (name in COMPANY)
    assert (service.get("command", [""])[0] == "produce") == (name in COMPANY - {"company-tools"})
    assert service.get("profiles") == (["tools"] if name.endswith("tools") else ["company"] if name in COMPANY else None)


@pytest.mark.parametrize("name", PLATFORM)
def test_no_service_of_the_platform_needs_one_of_the_companys(name: str) -> None:
    needs = SERVICES[name].get("depends_on", {})
    assert [one for one in needs if one in COMPANY and needs[one].get("required", True)] == []


def test_each_image_is_built_by_one_service_and_the_script_builds_each() -> None:
    built = {name: service["image"] for name, service in SERVICES.items() if "build" in service}
    assert sorted(built.values()) == sorted({service["image"] for service in SERVICES.values()})
    script = (ROOT / "scripts/build.sh").read_text(encoding="utf-8")
    always, for_company = (found.split() for found in re.findall(r"services\+?=\(([^)]+)\)", script))
    assert sorted(always) == sorted(built.keys() - COMPANY)
    assert set(for_company) == built.keys() & COMPANY


@pytest.fixture
def awaited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the conditions that `await-ready` awaits on a platform without a sale or a text. Each is asked once."""
    found: list[str] = []

    class Empty:
        def __init__(self, *_: object) -> None: ...

        def raise_if_unrestorable(self) -> None: ...

        def last_checkpoint(self) -> str:
            return "chk-1"

        def scalar(self, query: str) -> int | None:
            return 0 if "count" in query else None

        def get(self, _: str) -> dict[str, Any]:
            return {"result": {"id": 1}}

    def ask(what: str, condition: Any, *_: object, **__: object) -> None:
        found.append(f"{what}: {'there' if condition() else 'missing'}")

    for name in ("LandingJob", "Cluster", "Trino", "Superset"):
        monkeypatch.setattr(readiness, name, Empty)
    monkeypatch.setattr(readiness, "read_hashes", lambda _: {})
    monkeypatch.setattr(readiness, "search", lambda *_, **__: [])
    monkeypatch.setattr(readiness, "await_condition", ask)
    return found


@pytest.mark.parametrize("profiles", ["", "tools"])
def test_a_platform_without_the_company_is_ready_before_its_first_sale(
    awaited: list[str], monkeypatch: pytest.MonkeyPatch, profiles: str
) -> None:
    monkeypatch.setenv("COMPOSE_PROFILES", profiles)
    readiness.await_platform()
    assert len(awaited) == 4
    assert [one for one in awaited if one.endswith("missing")] == []


@pytest.mark.parametrize("profiles", ["company", "tools,company", "*"])
def test_with_the_company_a_sale_and_a_text_of_now_are_awaited(awaited: list[str], monkeypatch: pytest.MonkeyPatch, profiles: str) -> None:
    monkeypatch.setenv("COMPOSE_PROFILES", profiles)
    readiness.await_platform()
    assert len(awaited) == 6
    assert sum(one.endswith("missing") for one in awaited) == 4


def test_the_command_line_knows_whether_the_company_runs() -> None:
    assert SERVICES["tools"]["environment"]["COMPOSE_PROFILES"] == "${COMPOSE_PROFILES}"
    assert "\nCOMPOSE_PROFILES=company\n" in (ROOT / ".env.example").read_text(encoding="utf-8")
