"""Deploy a contract with an added field. A changed copy of schemas/ is mounted over the one in the images."""

import json
import shutil

import yaml

from tests.support.compose_platform import ROOT, Platform

TOPIC = "pos.transactions.v1"
FIELD = {
    "name": "loyalty_tier", "type": ["null", "string"], "default": None, "doc": "Standing of the customer at the till.", "owner": "store-operations",
    "privacy": "pseudonym", "retention": "P2Y", "allowed": ["GOLD", "SILVER"],
}  # fmt: skip
SERVICES = {
    "init-schemas": "tillstream",
    "init-tables": "tillstream",
    "tools": "tillstream",
    "batch-code": "tillstream",
    "init-jobs": "flink",
}

#: For each argument sends a basket of one line with this tier, and prints its event id.
SEND_BASKETS = """
import sys, uuid
from datetime import UTC, datetime
from confluent_kafka import Producer
from tillstream.core.avro_encoding import encoders, micros, money
from tillstream.core.settings import KafkaSettings
topic, now = "pos.transactions.v1", micros(datetime.now(tz=UTC))
encoder, producer = encoders(topic)[topic], Producer(KafkaSettings().producer())
for tier in sys.argv[1:]:
    line = dict(line_no=1, product_id="995242", quantity=1, net_amount=money(199), retail_discount=money(0), coupon_discount=money(0),
                coupon_match_discount=money(0))
    event = dict(event_id=str(uuid.uuid4()), run_id="test", transaction_id="test", transaction_type="SALE", original_event_id=None, store_id="367",
                 terminal_id="1", customer_id=None, event_time=now, source_time=now, currency="USD", payment_method="CARD", coupon_id=None,
                 total_amount=money(199), lines=[line], loyalty_tier=tier)
    producer.produce(topic, encoder.encode(event))
    print(event["event_id"])
assert producer.flush(30) == 0
"""


class Growth:
    """Holds the changed copy, and runs compose commands with it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._copy = ROOT / ".build" / "tillstream-test" / "schemas"
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(ROOT / "schemas", self._copy)
        self._override = self._copy.parent / "grown.yml"
        mounts = {name: {"volumes": [f"{self._copy}:/opt/{home}/schemas:ro"]} for name, home in SERVICES.items()}
        self._override.write_text(yaml.safe_dump({"services": mounts}), encoding="utf-8")

    def add(self, field: dict[str, object]) -> None:
        """Write the repository's contract with this added field into the copy."""
        document = json.loads((ROOT / "schemas" / "topics" / f"{TOPIC}.avsc").read_text(encoding="utf-8"))
        document["fields"].append(field)
        (self._copy / "topics" / f"{TOPIC}.avsc").write_text(json.dumps(document), encoding="utf-8")

    def run(self, service: str, *command: str, entrypoint: str = "", timeout: float = 600) -> str:
        """Run a one-off container with the copy."""
        options = ("--entrypoint", entrypoint) if entrypoint else ()
        return self._platform.compose(
            "--file", str(self._override), "run", "--rm", "--no-deps", "-T", *options, service, *command, timeout=timeout
        )
