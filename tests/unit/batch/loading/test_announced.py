"""Each announcement in the landing bucket names a file for which a run can be requested, or it is refused without effect on others."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from minio.error import S3Error

from batch.loading import landing
from batch.loading.announced import MANIFEST_AT_MOST, UNKNOWN_DUMP, Announced, Misplaced, landing_bucket, place
from tillstream.core.errors import FileRefusedError

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = NOW - timedelta(hours=1)


def announced(path: str, size: int = 300, today: date = TODAY) -> Announced | Misplaced:
    return place(path, "etag", LONG_AGO, size, today)


@pytest.mark.parametrize("folder", ["2024-02-29", "2024-12-31", "2026-11-28", "2026-12-24", "9999-12-31", "0001-01-01"])
def test_a_day_of_which_no_run_can_be_asked_for_is_refused_with_the_day(folder: str) -> None:
    found = announced(f"catalog/stores/{folder}/stores-1.manifest.json")
    assert isinstance(found, Misplaced)
    assert (found.path, found.dump) == (f"catalog/stores/{folder}/stores-1.csv.gz", "catalog.stores.v1")
    assert found.business_date == date.fromisoformat(folder)
    assert found.reason.startswith(f"business_date: {folder} is ")


@pytest.mark.parametrize(
    "folder",
    ["2026-11-31", "20261121", "2026-W47-6", "", " 2026-11-21", "2026-11-21\n", "today", "\uff12\uff10\uff12\uff16-11-21", "x" * 900],
)
def test_a_folder_that_is_no_day_is_refused_and_has_none(folder: str) -> None:
    found = announced(f"catalog/stores/{folder}/stores-1.manifest.json")
    assert isinstance(found, Misplaced)
    assert found.business_date is None
    assert found.reason.startswith("business_date: its folder ")
    assert len(found.reason) < 200


@pytest.mark.parametrize(
    "path",
    ["a.manifest.json", "catalog/stores.manifest.json", "catalog/stores/2026-11-21/deep/a.manifest.json", "catalog/tills/2026-11-21/a.manifest.json",
     "nobody/stores/2026-11-21/a.manifest.json", "/catalog/stores/2026-11-21/a.manifest.json", "Catalog/Stores/2026-11-21/a.manifest.json"],
)  # fmt: skip
def test_what_no_contract_knows_is_refused_by_its_path(path: str) -> None:
    found = announced(path)
    assert isinstance(found, Misplaced)
    assert (found.path, found.dump) == (path, UNKNOWN_DUMP)
    assert found.reason.startswith("unknown_dump: ")


@pytest.mark.parametrize(
    "name", ["a b", "a+b", "50%", "50%25", "süß", "o'clock", "new\nline", "x" * 200, ".", "..", "", "a.csv", "\\", "'; DROP TABLE t"]
)
def test_a_file_of_any_name_is_announced(name: str) -> None:
    found = announced(f"catalog/stores/2026-11-21/{name}.manifest.json")
    assert isinstance(found, Announced)
    assert found.path == f"catalog/stores/2026-11-21/{name}.csv.gz"


def test_a_manifest_too_large_to_be_one_is_not_fetched() -> None:
    path = "catalog/stores/2026-11-21/a.manifest.json"
    assert isinstance(announced(path, MANIFEST_AT_MOST), Announced)
    found = announced(path, 5_000_000_000)
    assert isinstance(found, Misplaced)
    assert found.reason == "manifest: it has 5,000,000,000 bytes, at most 65,536 may be"


class Bucket:
    """Stand-in for the object store. It lists these paths."""

    def __init__(self, *paths: str) -> None:
        self._paths = paths

    def list_objects(self, _: str, *, recursive: bool) -> Any:
        assert recursive
        return iter(SimpleNamespace(object_name=path, etag=f"etag of {path}", last_modified=LONG_AGO, size=300) for path in self._paths)


def test_one_announcement_that_cannot_be_placed_holds_up_no_other() -> None:
    good = "catalog/stores/2026-11-26/stores-1.manifest.json"
    bucket: Any = Bucket("catalog/stores/2026-11-31/a.manifest.json", good, "x.manifest.json", "catalog/stores/2026-11-26/stores-1.csv.gz")
    found = landing_bucket(bucket, TODAY)
    assert [a.manifest_path for a in found.files] == [good]
    assert [m.path for m in found.misplaced] == ["catalog/stores/2026-11-31/a.csv.gz", "x.manifest.json"]


WHOLE = {"dump": "catalog.stores.v1", "business_date": "2026-11-21", "file": "stores-1.csv.gz", "rows": 0, "sha256": "0" * 64}


def read(manifest: bytes) -> str:
    """Return the rule and the reason for which a file with this manifest is refused."""

    class Objects:
        def get_object(self, _: str, path: str) -> Any:
            if not path.endswith(".manifest.json"):
                response: Any = SimpleNamespace(status=404)
                raise S3Error(response, "NoSuchKey", "it is gone", "", "", "")
            return SimpleNamespace(read=lambda *_, **__: manifest, close=lambda: None, release_conn=lambda: None)

    found = announced("catalog/stores/2026-11-21/stores-1.manifest.json")
    assert isinstance(found, Announced)
    bucket: Any = Objects()
    with pytest.raises(FileRefusedError) as refused:
        landing.read(bucket, found)
    return f"{refused.value.rule}: {refused.value.reason}"


@pytest.mark.parametrize(
    "manifest",
    [b"", b"not JSON", b"\xff\xfe", b"[" * 60_000, b"[]", b"null", b'"text"', b"7", b"1" * 5000, b"{}", json.dumps(WHOLE).replace("}", ', "rows": 5}').encode(), b'{"rows": ', gzip.compress(b"{}", mtime=0)]
    + [json.dumps(WHOLE | {name: value}).encode() for name, value in [
        ("rows", "0"), ("rows", -1), ("rows", True), ("rows", 1.5), ("rows", float("inf")), ("rows", None), ("rows", []), ("sha256", 5),
        ("sha256", "0" * 63), ("sha256", "\ud800"), ("dump", "catalog.products.v1"), ("dump", ["catalog.stores.v1"]), ("dump", {}),
        ("business_date", "2026-11-22"), ("business_date", 20261121), ("business_date", None), ("file", "stores-2.csv.gz"), ("file", 1),
    ]],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused_as_that(manifest: bytes) -> None:
    assert read(manifest).startswith("manifest: its manifest ")


def test_a_manifest_without_a_file_and_a_file_that_has_gone_meanwhile_are_refused() -> None:
    assert read(json.dumps(WHOLE).encode()).startswith(
        "missing_file: the file catalog/stores/2026-11-21/stores-1.csv.gz is not in the bucket"
    )
