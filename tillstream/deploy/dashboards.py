"""Imports superset/*.yaml into Superset, removes what is no longer there, and finds drift."""

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
#: An import of all takes half a minute, and two minutes and more on a machine that is busy with everything at once.
IMPORT_SECONDS, ANSWER_SECONDS = 300, 120
#: Folders of the tree, and the REST resource of each.
_RESOURCES = {"charts": "chart", "dashboards": "dashboard", "datasets": "dataset"}
#: What Superset adds or numbers anew on each import; no sign of a change by hand.
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
            raise TerminalError(f"Superset refuses the admin's login ({answer.status_code}): is its password the one in the secrets?")
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self._http.headers["X-CSRFToken"] = self.get("/api/v1/security/csrf_token/")["result"]

    def _ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **given)
        except httpx.TransportError as error:
            raise RetryableError(
                f"Superset did not answer {method} {path} ({type(error).__name__}): `make dashboards` tries again, `make logs S=superset` has the cause"
            ) from error

    def get(self, path: str, **params: str) -> Any:
        """The JSON answer of a GET."""
        answer = self._ask("GET", path, params=params)
        if answer.status_code != 200:
            raise TerminalError(f"Superset answered {answer.status_code} to {path}: {answer.text[:500]}")
        return answer.json()

    def upload(self, bundle: bytes) -> None:
        """Imports a bundle of assets; what is there with the same uuid is overwritten."""
        files = {"bundle": ("tillstream.zip", bundle, "application/zip")}
        answer = self._ask("POST", "/api/v1/assets/import/", files=files, timeout=IMPORT_SECONDS)
        if answer.status_code != 200:
            raise TerminalError(
                f"Superset refused the dashboards ({answer.status_code}): {answer.text[:800]}; the cause is in `make logs S=superset`"
            )

    def export(self) -> dict[str, Any]:
        """All assets as Superset has them, by path within the bundle."""
        answer = self._ask("GET", "/api/v1/assets/export/")
        if answer.status_code != 200:
            raise TerminalError(f"Superset answered {answer.status_code} to the export: {answer.text[:500]}")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
            return {name.split("/", 1)[1]: yaml.safe_load(bundle.read(name)) for name in bundle.namelist()}

    def delete(self, resource: str, uuid: str) -> None:
        """Deletes the asset with this uuid."""
        listed = self.get(f"/api/v1/{resource}/", q="(page_size:1000,columns:!(id,uuid))")["result"]
        for item in listed:
            if item["uuid"] == uuid:
                self._ask("DELETE", f"/api/v1/{resource}/{item['id']}").raise_for_status()


def tree() -> dict[str, Any]:
    """The files of superset/, by path."""
    return {
        str(path.relative_to(SUPERSET_DIR)): yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(SUPERSET_DIR.rglob("*.yaml"))
    }


def bundle(assets: dict[str, Any]) -> bytes:
    """The zip that Superset imports."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, document in assets.items():
            archive.writestr(f"tillstream/{path}", yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    return out.getvalue()


def deploy_dashboards() -> str:
    """Imports the tree and removes what it no longer has; gives a line that says what was done."""
    superset, assets = Superset(), tree()
    superset.upload(bundle(assets))
    removed = [(folder, document["uuid"]) for folder, document in _surplus(superset.export(), assets)]
    for folder, uuid in sorted(removed, key=lambda item: list(_RESOURCES).index(item[0])):
        superset.delete(_RESOURCES[folder], uuid)
    kept = sum(path.startswith("charts/") for path in assets)
    return f"dashboards: {kept} charts imported, {len(removed)} assets removed that are no longer in the tree"


def check_drift() -> str:
    """Gives a line where Superset has just what the tree says.

    Raises:
        TerminalError: it differs; the message names each difference.
    """
    there, assets = Superset().export(), tree()
    differences = [
        f"{folder}: {document.get('slice_name') or document.get('dashboard_title') or document.get('table_name')} is not in the tree"
        for folder, document in _surplus(there, assets)
    ]
    by_uuid = {document["uuid"]: document for document in there.values() if "uuid" in document}
    for path, document in assets.items():
        if path.split("/")[0] in _RESOURCES:
            if document["uuid"] not in by_uuid:
                differences.append(f"{path} is not in Superset")
            else:
                differences.extend(
                    f"{path}: {place}" for place in _differences(_comparable(document), _comparable(by_uuid[document["uuid"]]))
                )
    if differences:
        raise TerminalError("Superset has drifted from superset/ (import again with `make dashboards`):\n  " + "\n  ".join(differences))
    return "Superset has just what superset/ says"


def _surplus(there: dict[str, Any], assets: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    ours = {document["uuid"] for document in assets.values() if "uuid" in document}
    for path, document in there.items():
        folder = path.split("/")[0]
        if folder in _RESOURCES and document["uuid"] not in ours:
            yield folder, document


def _comparable(node: Any) -> Any:
    """The document without what Superset numbers anew, and without empty values: it writes some down and leaves others out."""
    if isinstance(node, dict):
        return {
            key: cleaned
            for key, value in node.items()
            if key not in _VOLATILE and (cleaned := _comparable(value)) not in (None, {}, [], "", False)
        }
    return [_comparable(item) for item in node] if isinstance(node, list) else node


def _differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:
    """Where what the tree says is not what is there. What Superset adds beside it is its own default."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            yield from _differences(value, theirs.get(key), f"{place}.{key}" if place else key)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for name in ("column_name", "metric_name"):  # Superset gives them in the order it likes
            if ours and isinstance(ours[0], dict) and name in ours[0]:
                ours, theirs = (sorted(items, key=itemgetter(name)) for items in (ours, theirs))
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif ours != theirs:
        yield f"{place} is {theirs!r}, not {ours!r}"
