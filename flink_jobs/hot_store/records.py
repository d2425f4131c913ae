"""Decode the records of the hot topics. Skip a record of an unknown writer: it must not stop the job."""

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
#: The registry's statuses for an id that it does not have or that is not valid.
_UNKNOWN = (400, 404, 422)
#: The Avro types that a field of a hot record may have; a list of strings is allowed too.
_FLAT = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")


class HotRecords:
    """A decoder of the hot topics' records. It decodes each with the schema of its writer."""

    def __init__(self, registry: httpx.Client, contracts: Mapping[str, Contract]) -> None:
        self._registry = registry
        self._contracts = contracts
        self._schemas: dict[int, Any] = {}

    def write(self, topic: str, key: bytes, value: bytes | None) -> Write | None:
        """Return the write of a record, or None if the record does not match its contract. That is logged, without the record's content.

        Only jobs write to hot topics, so such a record comes from an unknown writer and no figure is lost.

        Raises:
            httpx.HTTPError: the registry does not answer, or its answer is not valid. The same call may succeed later.
        """
        try:
            return to_write(self._contracts[topic], json.loads(key), None if value is None else self._decoded(topic, value))
        except httpx.HTTPError:
            raise
        except Exception as error:  # noqa: BLE001 - junk that looks like a record can fail anywhere in the decoder or after it
            log.warning("%s: skipped a record that does not match its contract (%s)", topic, type(error).__name__, extra={"topic": topic})
            return None

    def _decoded(self, topic: str, message: bytes) -> dict[str, Any]:
        if len(message) <= _HEADER or message[0] != 0:
            raise ContractError("the record has no schema id")
        schema_id = struct.unpack(">I", message[1:_HEADER])[0]
        if schema_id not in self._schemas:
            self._schemas[schema_id] = _flat(fastavro.parse_schema(json.loads(self._asked(schema_id)["schema"])))
        schema = self._schemas[schema_id]
        document = self._contracts[topic].document
        if schema["name"] != f"{document['namespace']}.{document['name']}":
            raise ContractError("the record's schema belongs to another contract")
        record: dict[str, Any] = fastavro.schemaless_reader(io.BytesIO(message[_HEADER:]), schema)
        return record

    def _asked(self, schema_id: int) -> dict[str, Any]:
        """Return the registry's answer for a schema id. While the registry starts, a proxy may answer in its place: that is an HTTPError.

        Raises:
            ContractError: the registry has no such schema.
            httpx.HTTPError: the registry does not answer, or something else answers.
        """
        answer = self._registry.get(f"/schemas/ids/{schema_id}")
        try:
            schema = answer.json()
        except ValueError:
            schema = None
        if answer.status_code in _UNKNOWN and isinstance(schema, dict) and isinstance(schema.get("error_code"), int):
            raise ContractError("the registry does not have the record's schema")
        answer.raise_for_status()
        if not isinstance(schema, dict):
            raise httpx.DecodingError("the answer is not from the schema registry", request=answer.request)
        return schema


def _flat(schema: Any) -> Any:
    """Return the schema if all of its fields have flat types. A nested one can make fastavro overflow the stack and end the TaskManager's process.

    Raises:
        ContractError: a field has another type.
    """
    for field in schema["fields"]:
        for kind in field["type"] if isinstance(field["type"], list) else [field["type"]]:
            form = kind if isinstance(kind, str) else kind["type"]
            if form not in _FLAT and (form, kind.get("items") if isinstance(kind, dict) else None) != ("array", "string"):
                raise ContractError("the record's schema has a type that no hot record has")
    return schema
