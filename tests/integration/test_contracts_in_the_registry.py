"""The real registry in a container: it accepts compatible changes of a contract and refuses others, before they are merged."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from testcontainers.core.container import DockerContainer

from tests.support.compose_platform import ROOT, eventually
from tests.support.containers import running
from tillstream.core.clients.registry import schema_id
from tillstream.core.contracts import Contract, contracts
from tillstream.core.errors import ContractError
from tillstream.deploy.schemas import COMPATIBILITY, foreign_versions, register

RELEASED = ROOT / "schemas" / "released"
#: Topics whose contracts are in the registry. The object store's messages are JSON and not in it.
REGISTERED = sorted(topic for topic, contract in contracts().items() if contract.in_registry)


@pytest.fixture(scope="module")
def registry() -> Iterator[httpx.Client]:
    """Start a registry with its storage in memory, and register every released version of every contract."""
    java = ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", "quarkus-run.jar"]
    container = DockerContainer("tillstream/registry:dev", entrypoint=java).with_exposed_ports(8080)
    with running(container):
        url = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(8080)}/apis/ccompat/v7"
        with httpx.Client(base_url=url, timeout=20) as client:
            eventually("the registry to answer", lambda: client.get("/subjects").status_code == 200, 120)
            client.put("/config", json={"compatibility": COMPATIBILITY}).raise_for_status()
            for path in released():
                register(client, Contract(path.parent.name, json.loads(path.read_text(encoding="utf-8"))))
            yield client


def released() -> list[Path]:
    """Return the files of all released versions, per topic from the oldest to the newest."""
    return sorted(
        (path for path in RELEASED.glob("*/*.avsc") if path.parent.name in REGISTERED), key=lambda path: (path.parent.name, int(path.stem))
    )


@pytest.mark.parametrize("topic", REGISTERED)
def test_the_contract_as_it_stands_is_compatible_with_all_that_was_released(registry: httpx.Client, topic: str) -> None:
    assert register(registry, contracts()[topic]) > 0


@pytest.mark.parametrize("topic", REGISTERED)
def test_a_new_field_without_a_default_is_refused(registry: httpx.Client, topic: str) -> None:
    changed = copy.deepcopy(contracts()[topic].document)
    changed["fields"].append({"name": "brand_new", "type": "string", "doc": "Has no default."})
    with pytest.raises(ContractError, match=COMPATIBILITY):
        register(registry, Contract(topic, changed))


@pytest.mark.parametrize("topic", REGISTERED)
def test_a_new_field_with_a_default_is_taken(registry: httpx.Client, topic: str) -> None:
    changed = copy.deepcopy(contracts()[topic].document)
    changed["fields"].append({"name": "brand_new", "type": ["null", "string"], "default": None, "doc": "Has one."})
    assert register(registry, Contract(topic, changed)) > 0


def test_a_type_that_cannot_be_read_by_the_new_contract_is_refused(registry: httpx.Client) -> None:
    changed = copy.deepcopy(contracts()["pos.transactions.v1"].document)
    changed["fields"][0]["type"] = "int"
    with pytest.raises(ContractError, match=COMPATIBILITY):
        register(registry, Contract("pos.transactions.v1", changed))


MEANINGS = [("total_amount", {"scale": 4, "precision": 14}), ("event_time", {"logicalType": "timestamp-millis"})]


@pytest.mark.parametrize(("name", "properties"), MEANINGS)
def test_a_version_by_which_the_same_bytes_mean_another_thing_is_refused_by_whatever_way_it_comes(
    registry: httpx.Client, name: str, properties: dict[str, object]
) -> None:
    changed = copy.deepcopy(contracts()["pos.transactions.v1"].document)
    next(field for field in changed["fields"] if field["name"] == name)["type"].update(properties)
    with pytest.raises(ContractError, match="the same bytes would mean another thing"):
        register(registry, Contract("pos.transactions.v1", changed))
    own_way = str(registry.base_url).replace("/apis/ccompat/v7", "/apis/registry/v3")
    content = {"content": {"content": json.dumps(changed), "contentType": "application/json"}}
    answer = httpx.post(f"{own_way}groups/default/artifacts/pos.transactions.v1-value/versions", json=content, timeout=20)
    assert answer.status_code == 400


@pytest.mark.parametrize("topic", REGISTERED)
def test_the_id_of_a_contract_is_found_by_its_text_though_older_versions_differ_in_limits_alone(registry: httpx.Client, topic: str) -> None:
    ident = register(registry, contracts()[topic])
    assert schema_id(registry, contracts()[topic]) == ident
    assert json.loads(registry.get(f"/schemas/ids/{ident}").json()["schema"]) == contracts()[topic].document


def test_no_version_is_foreign(registry: httpx.Client) -> None:
    assert foreign_versions(registry, contracts()["pos.transactions.v1"]) == []
