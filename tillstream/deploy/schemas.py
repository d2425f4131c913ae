"""Registers the contracts; the registry refuses an incompatible change."""

import json

import httpx

from tillstream.contracts import Contract, contracts
from tillstream.errors import ContractError, RetryableError
from tillstream.settings import RegistrySettings
from tillstream.waiting import await_condition

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


def deploy_schemas(url: str | None = None) -> dict[str, int]:
    """Sets the compatibility rule, registers every contract, and gives the ids by topic."""
    with httpx.Client(base_url=url or RegistrySettings().url, timeout=20) as client:
        await_condition("the schema registry to answer", lambda: _answers(client), 120)
        rule = client.put("/config", json={"compatibility": COMPATIBILITY})
        if rule.status_code != 200:
            raise ContractError(f"the registry refused the rule {COMPATIBILITY}: {rule.status_code} {rule.text}")
        return {topic: register(client, contract) for topic, contract in contracts().items() if contract.in_registry}


def schema_id(client: httpx.Client, contract: Contract) -> int:
    """The id this contract was deployed with; nothing is registered from here.

    Raises:
        ContractError: it is not registered: deploy the schemas first.
    """
    answer = client.post(f"/subjects/{contract.subject}", json={"schema": contract.text})
    if answer.status_code != 200:
        raise ContractError(
            f"{contract.topic} is not registered as it stands in schemas/ ({answer.status_code}): run the schemas service first"
        )
    return int(answer.json()["id"])


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/subjects").status_code == 200
    except (httpx.TransportError, json.JSONDecodeError) as error:
        raise RetryableError(str(error)) from error
