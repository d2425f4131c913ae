"""The schema registry's Confluent-compatible API."""

from typing import Any

import httpx

from tillstream.core.contracts import Contract
from tillstream.core.errors import ContractError, RetryableError
from tillstream.core.settings import RegistrySettings


class Registry:
    """Reads from the registry."""

    def __init__(self, url: str | None = None) -> None:
        self._http = httpx.Client(base_url=url or RegistrySettings().url, timeout=20)

    def __call__(self, path: str) -> dict[str, Any] | None:
        """Return the JSON at this path; None where there is none.

        Raises:
            RetryableError: the registry cannot be asked.
        """
        try:
            answer = self._http.get(path)
        except httpx.HTTPError as error:
            raise RetryableError(f"the schema registry does not answer: {error}") from error
        if answer.status_code in (400, 404):
            return None
        if answer.status_code != 200:
            raise RetryableError(f"the schema registry answered {answer.status_code} to {path}")
        found: dict[str, Any] = answer.json()
        return found


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
