"""Registers the contracts; the registry refuses an incompatible change."""

import json
import logging
from typing import Any

import httpx

from tillstream.core.contracts import Contract, contracts
from tillstream.core.errors import ContractError, RetryableError
from tillstream.core.settings import RegistrySettings
from tillstream.core.waiting import await_condition
from tillstream.deploy.changes import changed_meanings, changed_since_release

log = logging.getLogger(__name__)

COMPATIBILITY = "BACKWARD_TRANSITIVE"


def register(client: httpx.Client, contract: Contract) -> int:
    """Registers one contract under its subject and gives its id; the same contract again gives the same id.

    Raises:
        ContractError: it is not BACKWARD_TRANSITIVE with what was registered before.
    """
    answer = client.post(f"/subjects/{contract.subject}/versions", json={"schema": contract.text})
    if answer.status_code == 409:
        raise ContractError(f"{contract.topic}: the change is not {COMPATIBILITY}: {answer.text}")
    if answer.status_code != 200:
        raise ContractError(f"{contract.topic}: the registry answered {answer.status_code}: {answer.text}")
    return int(answer.json()["id"])


def refuse_changed_meanings() -> None:
    """Compares each contract with its released versions; asks nobody.

    Raises:
        ContractError: the same bytes would mean another thing: a new topic is needed, or a new field beside the old one.
    """
    changed = {contract.topic: found for contract in contracts().values() if (found := changed_since_release(contract))}
    if changed:
        told = "; ".join(f"{topic}: {', '.join(found)}" for topic, found in changed.items())
        raise ContractError(
            f"{told}. What was written before would be read as something else. Nothing was changed: add a field of another name"
        )


def foreign_versions(client: httpx.Client, contract: Contract) -> list[str]:
    """Versions in the contract's subject by which the same bytes mean another thing, in words: somebody has registered them past this deployment.

    Raises:
        ContractError: the registry does not give a version that it lists.
    """
    found: list[str] = []
    for version in _asked(client, f"/subjects/{contract.subject}/versions"):
        answer = _asked(client, f"/subjects/{contract.subject}/versions/{version}")
        if answer.get("schemaType", "AVRO") != "AVRO":
            found.append(f"{contract.subject} version {version} (id {answer['id']}) is {answer['schemaType']}, not AVRO")
        elif changed := changed_meanings(json.loads(answer["schema"]), contract.document):
            found.append(f"{contract.subject} version {version} (id {answer['id']}): {', '.join(changed)}")
    return found


def _asked(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    if answer.status_code != 200:
        raise ContractError(f"the registry answered {answer.status_code} to {path}: {answer.text}")
    return answer.json()


def deploy_schemas(url: str | None = None) -> dict[str, int]:
    """Sets the compatibility rule, registers every contract, and gives the ids by topic. Warns of each foreign version.

    Raises:
        ContractError: a contract has changed its meaning (nothing was registered), or the registry refuses one.
    """
    refuse_changed_meanings()
    with httpx.Client(base_url=url or RegistrySettings().url, timeout=20) as client:
        await_condition("the schema registry to answer", lambda: _answers(client), 120)
        rule = client.put("/config", json={"compatibility": COMPATIBILITY})
        if rule.status_code != 200:
            raise ContractError(f"the registry refused the rule {COMPATIBILITY}: {rule.status_code} {rule.text}")
        registered = {topic: contract for topic, contract in contracts().items() if contract.in_registry}
        ids = {topic: register(client, contract) for topic, contract in registered.items()}
        for contract in registered.values():
            for foreign in foreign_versions(client, contract):
                log.warning("%s. What it writes is rescaled where that is exact, else set aside", foreign)
        return ids


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/subjects").status_code == 200
    except (httpx.TransportError, json.JSONDecodeError) as error:
        raise RetryableError(str(error)) from error
