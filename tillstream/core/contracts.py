"""The contracts in schemas/: one Avro file per topic, with meaning, owner, privacy class and retention on each field."""

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
#: Every version that was ever deployed, as <topic>/<n>.avsc.
RELEASED_DIR = SCHEMAS_DIR / "released"

#: Rows of dumps that were set aside, as they came, may hold personal data of any field: they are kept for so long.
QUARANTINE_KEPT_DAYS = 90

_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)D)?(?:T(\d+)H)?")


@dataclass(frozen=True)
class Contract:
    """One topic's contract."""

    topic: str
    document: dict[str, Any]

    @property
    def subject(self) -> str:
        """The registry's subject."""
        return f"{self.topic}-value"

    @property
    def text(self) -> str:
        """What is registered, to the letter: Flink asks for the id by this text."""
        return json.dumps(self.document, separators=(",", ":"), ensure_ascii=False)

    @property
    def in_registry(self) -> bool:
        """Whether its messages are framed Avro; a notification of the object store is JSON, whose fields the contract describes all the same."""
        return bool(self.document.get("encoding", "avro") == "avro")

    @property
    def partitions(self) -> int:
        """How many partitions the topic has."""
        return int(self.document["topic"]["partitions"])

    @property
    def compacted(self) -> bool:
        """Whether Kafka keeps the last value of each key rather than a period."""
        return bool(self.document["topic"]["cleanup"] == "compact")

    @property
    def keys(self) -> list[str]:
        """For a hot topic: the fields that make its key."""
        return list(self.document["topic"].get("keys", []))

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields, in the contract's order."""
        return list(self.document["fields"])

    @property
    def added(self) -> list[dict[str, Any]]:
        """The fields that were added after the first release: they pass through jobs, tables and marts as they are, with nobody's help."""
        return _without(self.fields, self._first["fields"])

    @property
    def line_fields(self) -> list[dict[str, Any]]:
        """For a topic of baskets: the fields of a line, in the contract's order."""
        return _line_fields(self.document)

    @property
    def added_to_lines(self) -> list[dict[str, Any]]:
        """The fields of a line that were added after the first release."""
        return _without(self.line_fields, _line_fields(self._first))

    @cached_property
    def _first(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((RELEASED_DIR / self.topic / "1.avsc").read_text(encoding="utf-8"))
        return found

    @property
    def redis_prefix(self) -> str | None:
        """For a hot topic: the start of its Redis keys, `area:what`."""
        return self.document.get("redis")

    @property
    def redis_field(self) -> str | None:
        """For a hot topic with so many keys that a hash for each would not fit: the key field whose values share one hash, a field each."""
        return self.document.get("redisField")

    @property
    def retention(self) -> timedelta:
        """How long the topic keeps a message."""
        return period(self.document["topic"]["retention"])

    @cached_property
    def parsed(self) -> Any:
        """The schema as fastavro wants it."""
        return fastavro.parse_schema(json.loads(self.text))


def _line_fields(document: dict[str, Any]) -> list[dict[str, Any]]:
    return next((list(field["type"]["items"]["fields"]) for field in document["fields"] if field["name"] == "lines"), [])


def _without(fields: list[dict[str, Any]], known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {field["name"] for field in known}
    return [field for field in fields if field["name"] not in names]


def period(text: str) -> timedelta:
    """An ISO 8601 duration of years, days and hours, a year counted as 365 days."""
    match = _PERIOD.fullmatch(text)
    if not match or not any(match.groups()):
        raise ContractError(f"{text!r} is not a period of years, days and hours such as P7Y, P30D or PT6H")
    years, days, hours = (int(part or 0) for part in match.groups())
    return timedelta(days=years * 365 + days, hours=hours)


@lru_cache
def contracts(directory: Path = SCHEMAS_DIR / "topics") -> dict[str, Contract]:
    """All contracts by topic."""
    found = {path.name.removesuffix(".avsc"): path for path in sorted(directory.glob("*.avsc"))}
    return {topic: Contract(topic, json.loads(path.read_text(encoding="utf-8"))) for topic, path in found.items()}


@dataclass(frozen=True)
class DumpContract:
    """One dump's contract: what a file of it must be, and the table it is loaded into."""

    name: str
    document: dict[str, Any]

    @property
    def area(self) -> str:
        """The system that sends it, which is also the schema of its table."""
        return self.name.split(".")[0]

    @property
    def what(self) -> str:
        """What its rows are."""
        return self.name.split(".")[1]

    @property
    def table(self) -> str:
        """The table in Trino."""
        return str(self.document["dump"]["table"])

    @property
    def format(self) -> str:
        """csv or jsonl."""
        return str(self.document["dump"]["format"])

    @property
    def key(self) -> list[str]:
        """The fields that name a row."""
        return list(self.document["dump"]["key"])

    @property
    def load(self) -> str:
        """How a file changes the table: history (type 2), append (only new keys) or merge (by key, the newest business date wins)."""
        return str(self.document["dump"]["load"])

    @property
    def tolerance(self) -> float:
        """What share of rows may be bad before the file is refused whole."""
        return float(self.document["dump"]["tolerance"])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields, in the order of the file's columns."""
        return list(self.document["fields"])

    @property
    def standards(self) -> dict[str, str]:
        """Which standard each field is brought to, where it is to one."""
        return {field["name"]: field["standard"] for field in self.fields if "standard" in field}

    @property
    def references(self) -> dict[str, str]:
        """The fields whose value must be the key of another dump's row, and that dump."""
        return {field["name"]: field["references"] for field in self.fields if "references" in field}


@lru_cache
def dump_contracts(directory: Path = SCHEMAS_DIR / "dumps") -> dict[str, DumpContract]:
    """All dumps' contracts, by name."""
    found = {path.name.removesuffix(".avsc"): path for path in sorted(directory.glob("*.avsc"))}
    return {name: DumpContract(name, json.loads(path.read_text(encoding="utf-8"))) for name, path in found.items()}
