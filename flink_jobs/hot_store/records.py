"""What a hot record says, or that it says nothing: a stranger's record in a hot topic stops no figure."""

import io
import json
import logging
import struct
from collections.abc import Mapping
from typing import Any

import fastavro
import httpx

from flink_jobs.hot_store.keys import Write, to_write
from tillstream.core.contracts import Contract
from tillstream.core.errors import ContractError

log = logging.getLogger(__name__)

#: A zero byte and the schema's id.
_HEADER = 5
#: What the registry answers to an id that it has not, or cannot have.
_UNKNOWN = (400, 404, 422)
#: What a field of a hot record is, beside a list of texts.
_FLAT = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")


class HotRecords:
    """Decodes records of the hot topics by the schema that each was written with."""

    def __init__(self, registry: httpx.Client, contracts: Mapping[str, Contract]) -> None:
        self._registry = registry
        self._contracts = contracts
        self._schemas: dict[int, Any] = {}

    def write(self, topic: str, key: bytes, value: bytes | None) -> Write | None:
        """The write of a record; None where it is none by its contract, which is logged without its content.

        Only jobs write to hot topics, so such a record is a stranger's: there is no figure that it could be of.

        Raises:
            httpx.HTTPError: the registry does not answer, or is ill. The same call may succeed later.
        """
        try:
            return to_write(self._contracts[topic], json.loads(key), None if value is None else self._decoded(topic, value))
        except httpx.HTTPError:
            raise
        except Exception as error:  # noqa: BLE001 - junk that looks like a record fails anywhere in the decoder or after it
            log.warning(
                "%s: a record that is none by its contract was passed over (%s)", topic, type(error).__name__, extra={"topic": topic}
            )
            return None

    def _decoded(self, topic: str, message: bytes) -> dict[str, Any]:
        if len(message) <= _HEADER or message[0] != 0:
            raise ContractError("it is not framed")
        schema_id = struct.unpack(">I", message[1:_HEADER])[0]
        if schema_id not in self._schemas:
            self._schemas[schema_id] = _flat(fastavro.parse_schema(json.loads(self._asked(schema_id)["schema"])))
        schema = self._schemas[schema_id]
        document = self._contracts[topic].document
        if schema["name"] != f"{document['namespace']}.{document['name']}":
            raise ContractError("its schema is another contract's")
        record: dict[str, Any] = fastavro.schemaless_reader(io.BytesIO(message[_HEADER:]), schema)
        return record

    def _asked(self, schema_id: int) -> dict[str, Any]:
        """What the registry says of an id. A proxy in front of it may answer too while it starts: that is no word of its own."""
        answer = self._registry.get(f"/schemas/ids/{schema_id}")
        try:
            said = answer.json()
        except ValueError:
            said = None
        if answer.status_code in _UNKNOWN and isinstance(said, dict) and isinstance(said.get("error_code"), int):
            raise ContractError("nobody has its schema")
        answer.raise_for_status()
        if not isinstance(said, dict):
            raise httpx.DecodingError("the schema registry answered what is none of its own", request=answer.request)
        return said


def _flat(schema: Any) -> Any:
    """The schema, where what it describes is no larger than its message: by another, fastavro overflows the stack of the TaskManager's process."""
    for field in schema["fields"]:
        for kind in field["type"] if isinstance(field["type"], list) else [field["type"]]:
            form = kind if isinstance(kind, str) else kind["type"]
            if form not in _FLAT and (form, kind.get("items") if isinstance(kind, dict) else None) != ("array", "string"):
                raise ContractError("its schema has what no hot record has")
    return schema
