"""The contracts in schemas/: one Avro file per topic and per dump, with each field's meaning, owner and privacy class."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import fastavro

from tillstream.core.errors import ContractError

SCHEMAS_DIR = Path(__file__).parent.parent.parent / "schemas"
#: Every version that was ever deployed, as <topic>/<number>.avsc.
RELEASED_DIR = SCHEMAS_DIR / "released"

_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)D)?(?:T(\d+)H)?")


@dataclass(frozen=True)
class Contract:
    """The contract of one topic."""

    topic: str
    document: dict[str, Any]

    @property
    def subject(self) -> str:
        """Return the topic's subject in the registry."""
        return f"{self.topic}-value"

    @property
    def text(self) -> str:
        """Return the schema exactly as it is registered: Flink asks the registry for the id by this text."""
        return json.dumps(self.document, separators=(",", ":"), ensure_ascii=False)

    @property
    def in_registry(self) -> bool:
        """Return whether the messages are framed Avro. The object store's notifications are JSON, and the contract only describes their fields."""
        return bool(self.document.get("encoding", "avro") == "avro")

    @property
    def partitions(self) -> int:
        """Return how many partitions the topic has."""
        return int(self.document["topic"]["partitions"])

    @property
    def compacted(self) -> bool:
        """Return whether Kafka keeps the last value of each key instead of a period of time."""
        return bool(self.document["topic"]["cleanup"] == "compact")

    @property
    def keys(self) -> list[str]:
        """Return the fields that form the key of a hot topic."""
        return list(self.document["topic"].get("keys", []))

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Return the fields, in the contract's order."""
        return list(self.document["fields"])

    @property
    def added(self) -> list[dict[str, Any]]:
        """Return the fields added after the first release. Jobs, tables and marts pass them through unchanged, without a change of code."""
        return _without(self.fields, self._first["fields"])

    @property
    def line_fields(self) -> list[dict[str, Any]]:
        """Return the fields of a basket's line, in the contract's order; an empty list for a topic without baskets."""
        return _line_fields(self.document)

    @property
    def added_to_lines(self) -> list[dict[str, Any]]:
        """Return the fields of a basket's line added after the first release."""
        return _without(self.line_fields, _line_fields(self._first))

    @cached_property
    def _first(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((RELEASED_DIR / self.topic / "1.avsc").read_text(encoding="utf-8"))
        return document

    @property
    def table(self) -> str | None:
        """Return the table in Trino whose rows are the topic's messages, or the lines of its messages; None if it has no table."""
        return self.document.get("table")

    @property
    def redis_prefix(self) -> str | None:
        """Return the start of a hot topic's Redis keys, `area:figure`; None for other topics."""
        return self.document.get("redis")

    @property
    def redis_field(self) -> str | None:
        """Return the key field whose values share one Redis hash, each as a field of it; None if each key has its own hash.

        A hot topic has such a field if one hash per key would not fit into Redis's memory.
        """
        return self.document.get("redisField")

    @property
    def retention(self) -> timedelta:
        """Return how long the topic keeps a message."""
        return period(self.document["topic"]["retention"])

    @property
    def longest_kept(self) -> timedelta:
        """Return the longest retention of a field: how long the lake keeps the topic's rows."""
        return max(period(field["retention"]) for field in self.fields)

    @cached_property
    def parsed(self) -> Any:
        """Return the schema as parsed by fastavro."""
        return fastavro.parse_schema(json.loads(self.text))


def _line_fields(document: dict[str, Any]) -> list[dict[str, Any]]:
    return next((list(field["type"]["items"]["fields"]) for field in document["fields"] if field["name"] == "lines"), [])


def _without(fields: list[dict[str, Any]], known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {field["name"] for field in known}
    return [field for field in fields if field["name"] not in names]


def period(text: str) -> timedelta:
    """Parse an ISO 8601 duration of years, days and hours. A year is 365 days.

    Raises:
        ContractError: the text is not such a duration.
    """
    match = _PERIOD.fullmatch(text)
    if not match or not any(match.groups()):
        raise ContractError(f"{text!r} is not a period of years, days and hours such as P7Y, P30D or PT6H")
    years, days, hours = (int(part or 0) for part in match.groups())
    return timedelta(days=years * 365 + days, hours=hours)


@lru_cache
def contracts(directory: Path = SCHEMAS_DIR / "topics") -> dict[str, Contract]:
    """Return all contracts of topics, by topic."""
    paths = {path.name.removesuffix(".avsc"): path for path in sorted(directory.glob("*.avsc"))}
    return {topic: Contract(topic, json.loads(path.read_text(encoding="utf-8"))) for topic, path in paths.items()}


@dataclass(frozen=True)
class DumpContract:
    """The contract of one dump: the rules for its files, and the table that they are loaded into."""

    name: str
    document: dict[str, Any]

    @property
    def area(self) -> str:
        """Return the system that sends the dump. The table's schema in Trino has the same name."""
        return self.name.split(".")[0]

    @property
    def what(self) -> str:
        """Return what a row of the dump is, such as `products`."""
        return self.name.split(".")[1]

    @property
    def table(self) -> str:
        """Return the full name of the table in Trino."""
        return str(self.document["dump"]["table"])

    @property
    def format(self) -> str:
        """Return the file format: csv or jsonl."""
        return str(self.document["dump"]["format"])

    @property
    def key(self) -> list[str]:
        """Return the fields that identify a row."""
        return list(self.document["dump"]["key"])

    @property
    def load(self) -> str:
        """Return how a file changes the table: history (type 2), append (only new keys) or merge (by key, the newest business date wins)."""
        return str(self.document["dump"]["load"])

    @property
    def tolerance(self) -> float:
        """Return the share of bad rows, from 0 to 1, above which the whole file is refused."""
        return float(self.document["dump"]["tolerance"])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Return the fields, in the order of the file's columns."""
        return list(self.document["fields"])

    @property
    def standards(self) -> dict[str, str]:
        """Return the standard that each field's values are converted to, for the fields that have one."""
        return {field["name"]: field["standard"] for field in self.fields if "standard" in field}

    @property
    def references(self) -> dict[str, str]:
        """Return the dump that each foreign key refers to, by field."""
        return {field["name"]: field["references"] for field in self.fields if "references" in field}


@lru_cache
def dump_contracts(directory: Path = SCHEMAS_DIR / "dumps") -> dict[str, DumpContract]:
    """Return all contracts of dumps, by name."""
    paths = {path.name.removesuffix(".avsc"): path for path in sorted(directory.glob("*.avsc"))}
    return {name: DumpContract(name, json.loads(path.read_text(encoding="utf-8"))) for name, path in paths.items()}
