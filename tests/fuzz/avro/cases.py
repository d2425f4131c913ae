"""Make cases. A case is a contract, the registry's answer for the schema id of a message, and the message."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz.avro.decoder import framed
from tests.fuzz.avro.kinds import changed, kind
from tests.fuzz.avro.writing import Writer, sized, varint
from tillstream.core.contracts import Contract, contracts

#: The topics that the jobs read with the decoder.
TOPICS = tuple(
    t for t in ("pos.transactions.v1", "web.orders.v1", "web.events.v1", "voice.feedback.v1", "voice.calls.v1", "inventory.movements.v1")
)
#: The schema id in the message of every case. It is replaced by an id of its own when the case is tried.
IDENT = 1
_CLAIMS = (2**31 - 1, 2**31, 1_900_000_000, 2**62, 2**63 - 1, -1, -(2**63), -(2**31), 2**64, 10**6)


@dataclass(frozen=True)
class Case:
    """One message. `answer` is the registry's answer for its id, or None if it has no such id; `how` names the way it was made."""

    topic: str
    how: str
    answer: dict[str, Any] | None
    message: bytes | None

    @property
    def writer(self) -> Any:
        """The writer's schema, or None if the registry's answer has no schema that can be parsed."""
        try:
            return json.loads((self.answer or {})["schema"])
        except (KeyError, TypeError, ValueError):
            return None

    def as_json(self) -> bytes:
        """Return the case as JSON for the corpus. The contract's own schema is left out, because it is long and changes with the contract."""
        # A later contract may set aside a message that is good today.
        how = "values" if self.how == "good" else self.how
        own = self.answer == {"schema": contracts()[self.topic].text}
        content = {
            "topic": self.topic,
            "how": how,
            "answer": "own" if own else self.answer,
            "message": None if self.message is None else self.message.hex(),
        }
        return json.dumps(content, indent=1).encode()

    @staticmethod
    def of_json(content: bytes) -> "Case":
        """Return the case that a file of the corpus holds."""
        found = json.loads(content)
        answer = {"schema": contracts()[found["topic"]].text} if found["answer"] == "own" else found["answer"]
        return Case(found["topic"], found["how"], answer, None if found["message"] is None else bytes.fromhex(found["message"]))


def case(draw: Random) -> Case:
    """Return a case of any kind."""
    contract = contracts()[draw.choice(TOPICS)]
    own = {"schema": contract.text}
    wild = draw.choice((0.0, 0.02, 0.2))
    match draw.randrange(12):
        case 0 | 1 | 2:
            return Case(contract.topic, "values" if wild else "good", own, _message(draw, contract.document, wild))
        case 3 | 4 | 5 | 6:
            return _of_another_writer(draw, contract, wild)
        case 7 | 8 | 9:
            return Case(contract.topic, "bytes", own, damaged(draw, _message(draw, contract.document, 0.0)))
        case 10:
            return Case(contract.topic, "registry", _answer(draw, contract), _message(draw, contract.document, 0.0))
        case _:
            made = draw.choice(
                (None, b"", b"\0", b"\0\0\0\0\1", draw.randbytes(draw.randrange(60)), framed(draw.getrandbits(32) - 2**31, b"abc"))
            )
            return Case(contract.topic, "frame", None, made)


def valid(draw: Random, contract: Contract, wild: float) -> bytes:
    """Return a message in the contract's own schema. With a higher `wild`, the contract forbids more of its values."""
    return _message(draw, contract.document, wild)


def _message(draw: Random, schema: Any, wild: float) -> bytes:
    return framed(IDENT, Writer(draw, wild).value(schema, {}))


def _of_another_writer(draw: Random, contract: Contract, wild: float) -> Case:
    schema = changed(draw, contract.document)
    message = _message(draw, schema, wild)
    if draw.random() < 0.1:
        message = damaged(draw, message)
        return Case(contract.topic, "another writer's bytes", {"schema": json.dumps(schema)}, message)
    return Case(contract.topic, "another writer", {"schema": json.dumps(schema)}, message)


def damaged(draw: Random, message: bytes) -> bytes:
    """Return the message with some bytes changed, cut off, doubled, or replaced by the length of something. Its schema id stays."""
    body = bytearray(message[5:])
    for _ in range(draw.randrange(1, 4)):
        at = draw.randrange(len(body) + 1)
        match draw.randrange(6):
            case 0:
                del body[at:]
            case 1 if at < len(body):
                body[at] ^= 1 << draw.randrange(8)
            case 2:
                body[at : at + draw.randrange(3)] = varint(draw.choice(_CLAIMS))
            case 3:
                body[at:at] = draw.choice((b"\xff" * 11, b"\x80" * 9, b"\x80" * 10 + b"\1", draw.randbytes(4)))
            case 4:
                body[at:at] = body[max(0, at - 40) : at]
            case _:
                body[at:at] = sized(draw.choice((b"\xed\xa0\x80", b"\0", b"\xff", b"x" * 3000)))
    return message[:5] + bytes(body)


def _answer(draw: Random, contract: Contract) -> dict[str, Any]:
    """Return an unusual answer of a registry, or one that has no Avro schema of the contract."""
    text = contract.text
    other = contracts()[draw.choice(TOPICS)].text
    at = draw.randrange(len(text))
    refers = [{"name": "x", "subject": draw.choice(("", "a", "a/b", "..", "é", "a b")), "version": draw.choice((1, -1, "latest", None))}]
    unusual: tuple[dict[str, Any], ...] = (
        {"schema": text[:at]},
        {"schema": text[:at] + draw.choice('{}[]",:0') + text[at + 1 :]},
        {"schema": text, "schemaType": draw.choice(("JSON", "PROTOBUF", "", "XML", None, 5))},
        {"schema": text, "references": draw.choice((refers, [], None, "x", {}, [1], [None], [{}]))},
        {"schema": other},
        {"schema": json.dumps(kind(draw))},
        {"schema": json.dumps([contract.document, "null"])},
        {"schema": '{"type":"array","items":' * draw.choice((10, 900, 5000)) + '"int"' + "}" * 10},
        {"schema": draw.choice((None, 5, [], {}, True, ""))},
        {draw.choice(("schema ", "id")): text},
        {"schema": json.dumps(contract.document | {"name": draw.choice(("Other", "", "1", "a.b", "é"))})},
        {
            "schema": json.dumps(
                contract.document | {"fields": draw.choice(([], None, {}, [None], [{"name": "a"}], contract.document["fields"] * 2))}
            )
        },
    )
    return draw.choice(unusual)
