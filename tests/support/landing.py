"""Send files to the landing bucket of the test platform, load them, and return their status."""

import json
from typing import Any

from tests.support.compose_platform import ROOT, Platform

#: Sends a file of suppliers. Runs in the batch image. argv: the fault to put into the file, or an empty text.
SEND = """
import io, sys
from datetime import UTC, date, datetime
from minio import Minio
from producers.back_office.files import write
from tillstream.core.contracts import dump_contracts
from tillstream.core.clients.minio import client
from tillstream.core.buckets import LANDING
contract = dump_contracts()["inventory.suppliers.v1"]
rows = [{"supplier_id": f"S{n}", "supplier_name": "Late & Sons", "department": "GROCERY", "email": None, "phone": None, "country": "US",
         "currency": "USD", "lead_time_days": 3} for n in range(900, 920)]
file = write(contract, date(2026, 1, 15), 1, rows, sys.argv[1] or None, datetime.now(tz=UTC))
for path, body in ((file.path, file.body), (file.manifest_path, file.manifest)):
    client().put_object(LANDING, path, io.BytesIO(body), len(body))
print(file.path)
"""
#: Sends a file of today. argv: the dump, the number of the file, and its rows as JSON. In a row, "now", "1h" and "2h" are the time now, one and two
#: hours ago, and "today" is the date.
SEND_ROWS = """
import io, json, sys
from datetime import UTC, datetime, timedelta
from producers.back_office.files import write
from tillstream.core.contracts import dump_contracts
from tillstream.core.clients.minio import client
from tillstream.core.buckets import LANDING
now = datetime.now(tz=UTC)
moments = {"now": now, "today": now.date(), "1h": now - timedelta(hours=1), "2h": now - timedelta(hours=2)}
rows = [{name: moments.get(value, value) for name, value in row.items()} for row in json.loads(sys.argv[3])]
file = write(dump_contracts()[sys.argv[1]], now.date(), int(sys.argv[2]), rows, None, now)
for path, body in ((file.path, file.body), (file.manifest_path, file.manifest)):
    client().put_object(LANDING, path, io.BytesIO(body), len(body))
print(file.path)
"""
#: Sends announcements for which no run can be requested, and then a valid file with an odd name. Prints the paths, with the valid file last.
SEND_ODD = """
import io
from datetime import UTC, date, datetime, timedelta
from producers.back_office.files import write
from tillstream.core.contracts import dump_contracts
from tillstream.core.clients.minio import client
from tillstream.core.buckets import LANDING
now = datetime.now(tz=UTC)
folders = ("catalog/stores/2024-02-29", "catalog/stores/2026-11-31", f"catalog/stores/{now.date() + timedelta(days=27)}", "catalog/tills/2026-01-15")
bad = [(f"{folder}/odd.manifest.json", b"{}") for folder in folders] + [("catalog/stores/2026-01-15/huge.manifest.json", b" " * 100_000)]
rows = [{"supplier_id": "S990", "supplier_name": "Odd", "department": "GROCERY", "email": None, "phone": None, "country": "US", "currency": "USD",
         "lead_time_days": 3}]
file = write(dump_contracts()["inventory.suppliers.v1"], date(2026, 1, 16), 1, rows, None, now)
good = file.path.replace("suppliers-2026-01-16-1", "süß 50%25+1 o'clock")
manifest = good.removesuffix(".csv.gz") + ".manifest.json"
for path, body in [*bad, (good, file.body), (manifest, file.manifest.replace(b"suppliers-2026-01-16-1", good.rsplit("/", 1)[1][:-7].encode()))]:
    client().put_object(LANDING, path, io.BytesIO(body), len(body))
for path, _ in bad:
    print(path if "tills" in path else path.replace(".manifest.json", ".csv.gz"))
print(good)
"""


def python_in_batch(code: str, *arguments: str) -> tuple[str, ...]:
    """Return the arguments of `docker compose` that run Python in the batch image, with the simulated company's code beside the image's."""
    company = f"{ROOT / 'producers'}:/opt/tillstream/producers:ro"
    return ("run", "--rm", "--no-deps", "-T", "--volume", company, "--entrypoint", "python3", "batch-code", "-c", code, *arguments)


def in_batch(platform: Platform, code: str, *arguments: str, timeout: float = 600) -> str:
    """Run Python in the batch image of a platform and return what it printed."""
    return platform.compose(*python_in_batch(code, *arguments), timeout=timeout).strip()


def load(platform: Platform, *paths: str) -> str:
    return platform.one_off("batch-code", "load", *paths)


def file_status(platform: Platform, path: str) -> str:
    rows = platform.sql(f"SELECT status, coalesce(reason, '') AS reason FROM lake.quality.files WHERE path = '{path}'")
    return f"{rows[0]['status']} {rows[0]['reason']}".strip() if rows else ""


def send_rows(platform: Platform, dump: str, number: int, *rows: dict[str, Any]) -> None:
    """Send a file of these rows and load it."""
    path = in_batch(platform, SEND_ROWS, dump, str(number), json.dumps(rows)).splitlines()[-1]
    assert f"LOADED, {len(rows)} rows in" in load(platform, path)
