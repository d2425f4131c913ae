"""Register the contracts in the schema registry, which refuses an incompatible change."""

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
    """Register one contract under its subject, and return its id. The same contract always has the same id.

    Raises:
        ContractError: it is not BACKWARD_TRANSITIVE with the registered versions, or the registry refuses it.
    """
    answer = client.post(f"/subjects/{contract.subject}/versions", json={"schema": contract.text})
    if answer.status_code == 409:
        raise ContractError(f"{contract.topic}: the change is not {COMPATIBILITY}: {answer.text}")
    if answer.status_code != 200:
        raise ContractError(f"{contract.topic}: the registry answered {answer.status_code}: {answer.text}")
    return int(answer.json()["id"])


def refuse_changed_meanings() -> None:
    """Compare each contract with its released versions. Needs no registry.

    Raises:
        ContractError: a contract gives the same bytes another meaning. It needs a new topic, or a new field beside the old one.
    """
    changed = {contract.topic: changes for contract in contracts().values() if (changes := changed_since_release(contract))}
    if changed:
        details = "; ".join(f"{topic}: {', '.join(changes)}" for topic, changes in changed.items())
        raise ContractError(
            f"{details}. Messages written before would be read with another meaning. Nothing was changed: add a field with a new name instead"
        )


def foreign_versions(client: httpx.Client, contract: Contract) -> list[str]:
    """Return, in words, the registered versions of the contract's subject that give the same bytes another meaning.

    Somebody has registered such a version without this deployment.

    Raises:
        ContractError: the registry does not return a version that it lists.
    """
    foreign: list[str] = []
    for version in _get(client, f"/subjects/{contract.subject}/versions"):
        answer = _get(client, f"/subjects/{contract.subject}/versions/{version}")
        if answer.get("schemaType", "AVRO") != "AVRO":
            foreign.append(f"{contract.subject} version {version} (id {answer['id']}) is {answer['schemaType']}, not AVRO")
        elif changes := changed_meanings(json.loads(answer["schema"]), contract.document):
            foreign.append(f"{contract.subject} version {version} (id {answer['id']}): {', '.join(changes)}")
    return foreign


def _get(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    if answer.status_code != 200:
        raise ContractError(f"the registry answered {answer.status_code} to {path}: {answer.text}")
    return answer.json()


def deploy_schemas(url: str | None = None) -> dict[str, int]:
    """Set the compatibility rule, register every contract, and return the ids by topic. Log a warning for each foreign version.

    Raises:
        ContractError: a contract has changed its meaning (then nothing was registered), or the registry refuses a contract.
        AwaitTimeoutError: the registry does not answer within two minutes.
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
            for version in foreign_versions(client, contract):
                log.warning("%s. Its messages are rescaled where that is exact, and are dead letters otherwise", version)
        return ids


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/subjects").status_code == 200
    except (httpx.TransportError, json.JSONDecodeError) as error:
        raise RetryableError(str(error)) from error
