"""Import the files of superset/ into Superset, delete what is no longer there, and find drift."""

import io
import zipfile
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

import httpx
import yaml

from tillstream.core.errors import RetryableError, TerminalError
from tillstream.core.settings import SupersetSettings
from tillstream.core.waiting import await_condition

SUPERSET_DIR = Path(__file__).parent.parent.parent / "superset"
#: Bounds in seconds. A full import takes half a minute, and two minutes or more on a busy machine.
IMPORT_SECONDS, ANSWER_SECONDS = 300, 120
#: The folders of superset/, and the REST resource of each.
_RESOURCES = {"charts": "chart", "dashboards": "dashboard", "datasets": "dataset"}
#: Properties that Superset adds or renumbers on each import. A difference in them does not show a change by hand.
_VOLATILE = {
    "timestamp",
    "chartId",
    "chartsInScope",
    "excluded",
    "id",
    "datasetId",
    "viz_type_id",
    "slice_id",
    "dashboards",
    "datasource",
    "server_pagination",
    "theme_id",
    "theme_uuid",
    "tags",
}


class Superset:
    """Superset's REST API, logged in as its admin."""

    def __init__(self, settings: SupersetSettings | None = None) -> None:
        settings = settings or SupersetSettings()
        self._http = httpx.Client(base_url=settings.url, timeout=ANSWER_SECONDS, headers={"Referer": settings.url})
        login = {"username": "admin", "password": settings.password.get_secret_value(), "provider": "db", "refresh": False}

        answer = await_condition("Superset to answer", lambda: self._ask("POST", "/api/v1/security/login", json=login), 120, every=2)
        if answer.status_code != 200:
            raise TerminalError(
                f"Superset refuses the admin's login ({answer.status_code}): the password in the file superset_admin_password must be the admin's"
            )
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self._http.headers["X-CSRFToken"] = self.get("/api/v1/security/csrf_token/")["result"]

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise RetryableError(
                f"Superset did not answer {method} {path} ({type(error).__name__}): read `make logs S=superset`, then run `make dashboards` again"
            ) from error

    def get(self, path: str, **params: str) -> Any:
        """Return the JSON answer of a GET request.

        Raises:
            RetryableError: Superset does not answer.
            TerminalError: Superset answers with an error.
        """
        answer = self._ask("GET", path, params=params)
        if answer.status_code != 200:
            raise TerminalError(f"Superset answered {answer.status_code} to {path}: {answer.text[:500]}")
        return answer.json()

    def upload(self, bundle: bytes) -> None:
        """Import a bundle of assets. Assets with the same uuid are overwritten. Raises the same errors as `get`."""
        files = {"bundle": ("tillstream.zip", bundle, "application/zip")}
        answer = self._ask("POST", "/api/v1/assets/import/", files=files, timeout=IMPORT_SECONDS)
        if answer.status_code != 200:
            raise TerminalError(
                f"Superset refused the dashboards ({answer.status_code}): {answer.text[:800]}; read `make logs S=superset` for the cause"
            )

    def export(self) -> dict[str, Any]:
        """Return all assets of Superset, by path within the bundle. Raises the same errors as `get`."""
        answer = self._ask("GET", "/api/v1/assets/export/")
        if answer.status_code != 200:
            raise TerminalError(f"Superset answered {answer.status_code} to the export: {answer.text[:500]}")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
            return {name.split("/", 1)[1]: yaml.safe_load(bundle.read(name)) for name in bundle.namelist()}

    def delete(self, resource: str, uuid: str) -> None:
        """Delete the asset with this uuid."""
        assets = self.get(f"/api/v1/{resource}/", q="(page_size:1000,columns:!(id,uuid))")["result"]
        for item in assets:
            if item["uuid"] == uuid:
                self._ask("DELETE", f"/api/v1/{resource}/{item['id']}").raise_for_status()


def tree() -> dict[str, Any]:
    """Return the parsed files of superset/, by path."""
    return {
        str(path.relative_to(SUPERSET_DIR)): yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(SUPERSET_DIR.rglob("*.yaml"))
    }


def bundle(assets: dict[str, Any]) -> bytes:
    """Return assets as the zip file that Superset imports."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, document in assets.items():
            archive.writestr(f"tillstream/{path}", yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    return out.getvalue()


def deploy_dashboards() -> str:
    """Import superset/, delete from Superset what is no longer there, and return a line that says what was done."""
    superset, assets = Superset(), tree()
    superset.upload(bundle(assets))
    removed = [(folder, document["uuid"]) for folder, document in _surplus(superset.export(), assets)]
    for folder, uuid in sorted(removed, key=lambda item: list(_RESOURCES).index(item[0])):
        superset.delete(_RESOURCES[folder], uuid)
    charts = sum(path.startswith("charts/") for path in assets)
    return f"dashboards: {charts} charts imported, {len(removed)} assets deleted that are no longer in superset/"


def check_drift() -> str:
    """Compare Superset with superset/, and return a line if they are equal.

    Raises:
        TerminalError: they differ; the message names each difference.
    """
    exported, assets = Superset().export(), tree()
    differences = [
        f"{folder}: {document.get('slice_name') or document.get('dashboard_title') or document.get('table_name')} is not in superset/"
        for folder, document in _surplus(exported, assets)
    ]
    by_uuid = {document["uuid"]: document for document in exported.values() if "uuid" in document}
    for path, document in assets.items():
        if path.split("/")[0] in _RESOURCES:
            if document["uuid"] not in by_uuid:
                differences.append(f"{path} is not in Superset")
            else:
                differences.extend(
                    f"{path}: {place}" for place in _differences(_comparable(document), _comparable(by_uuid[document["uuid"]]))
                )
    if differences:
        raise TerminalError("Superset differs from superset/ (run `make dashboards` to import it again):\n  " + "\n  ".join(differences))
    return "Superset equals superset/"


def _surplus(exported: dict[str, Any], assets: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the folder and the document of each exported asset that is not in superset/."""
    ours = {document["uuid"] for document in assets.values() if "uuid" in document}
    for path, document in exported.items():
        folder = path.split("/")[0]
        if folder in _RESOURCES and document["uuid"] not in ours:
            yield folder, document


def _comparable(node: Any) -> Any:
    """Return the document without volatile properties and without empty values: Superset exports some empty values and not others."""
    if isinstance(node, dict):
        return {
            key: cleaned
            for key, value in node.items()
            if key not in _VOLATILE and (cleaned := _comparable(value)) not in (None, {}, [], "", False)
        }
    return [_comparable(item) for item in node] if isinstance(node, list) else node


def _differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:
    """Yield each place of our document where Superset's differs. Properties that only Superset has are its defaults and are ignored."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            yield from _differences(value, theirs.get(key), f"{place}.{key}" if place else key)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for name in ("column_name", "metric_name"):  # Superset exports columns and metrics in any order
            if ours and isinstance(ours[0], dict) and name in ours[0]:
                ours, theirs = (sorted(items, key=itemgetter(name)) for items in (ours, theirs))
        for number, (our_item, their_item) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differences(our_item, their_item, f"{place}[{number}]")
    elif ours != theirs:
        yield f"{place} is {theirs!r}, not {ours!r}"
