"""Read the schema registry through its Confluent-compatible API."""

from typing import Any

import httpx

from tillstream.core.contracts import Contract
from tillstream.core.errors import ContractError, RetryableError
from tillstream.core.settings import RegistrySettings


class Registry:
    """A read-only client of the registry. Call it with a path."""

    def __init__(self, url: str | None = None) -> None:
        self._http = httpx.Client(base_url=url or RegistrySettings().url, timeout=20)

    def __call__(self, path: str) -> dict[str, Any] | None:
        """Return the JSON object at this path; None where the registry has nothing there.

        Raises:
            RetryableError: the registry does not answer, or answers with an error.
        """
        try:
            answer = self._http.get(path)
        except httpx.HTTPError as error:
            raise RetryableError(f"the schema registry does not answer: {error}") from error
        if answer.status_code in (400, 404):
            return None
        if answer.status_code != 200:
            raise RetryableError(f"the schema registry answered {answer.status_code} to {path}")
        document: dict[str, Any] = answer.json()
        return document


def schema_id(client: httpx.Client, contract: Contract) -> int:
    """Return the schema id that this contract was deployed with. It registers nothing.

    Raises:
        ContractError: the contract is not registered; run the init-schemas service first.
        RetryableError: the registry does not answer, or answers with a server error.
    """
    try:
        answer = client.post(f"/subjects/{contract.subject}", json={"schema": contract.text})
    except httpx.HTTPError as error:
        raise RetryableError(f"the schema registry does not answer: {error}") from error
    if answer.is_server_error:
        raise RetryableError(f"the schema registry answered {answer.status_code} to the schema of {contract.topic}")
    if answer.status_code != 200:
        raise ContractError(
            f"the registry does not have {contract.topic} as it is in schemas/ ({answer.status_code}): run the init-schemas service first"
        )
    return int(answer.json()["id"])
