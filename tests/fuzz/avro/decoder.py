"""Run the jobs' decoder in a JVM, with tillstream.format.DecodeLines. It reads frames and writes a line of JSON for each."""

import json
import os
import shlex
import struct
import subprocess
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType
from typing import Any

from flink_jobs.common.ddl import nullable_columns
from tillstream.core.contracts import Contract

#: Flink's jars and ours, without those of logging, because they would write to standard output.
JARS = "$(echo /opt/venv/lib/python3.11/site-packages/pyflink/lib/flink-*.jar /opt/venv/lib/python3.11/site-packages/pyflink/lib/tillstream-*.jar | tr ' ' :)"
JAVA = f"exec java -Xmx128m -Xss512k -XX:TieredStopAtLevel=1 -cp {JARS} tillstream.format.DecodeLines"
#: No network is needed, because the registry's stand-in is in the same JVM. The heap is a tenth of the TaskManager's, so a message that
#: needs too much memory fails here first.
IN_THE_IMAGE = ["docker", "run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh", "tillstream/flink:dev", "-c", JAVA]


@dataclass
class Decoded:
    """The decoder's result for one message, with the processor time and memory that it took."""

    row: dict[str, Any] | None = None
    reason: str | None = None
    raw: bytes | None = None
    retried: str | None = None
    thrown: str | None = None
    micros: int = 0
    allocated: int = 0

    @property
    def kind(self) -> str:
        """The kind of dead letter, which is the first word of the reason."""
        return (self.reason or "").split(":")[0]


@dataclass
class Decoder:
    """Context manager that starts the JVM and ends it. The variable DECODER replaces its command, for classes that are not in the image."""

    command: list[str] = field(default_factory=lambda: shlex.split(os.environ.get("DECODER", "")) or IN_THE_IMAGE)

    def __enter__(self) -> "Decoder":
        self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin, self._process.stdout
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._to.close()
        self._from.close()
        self._process.wait(30)

    def read_by(self, contract: Contract) -> None:
        """Start with a new decoder of this contract, which has cached nothing."""
        columns = nullable_columns(contract)
        self._ask([b"C" + _frame(f"{contract.text}\0ROW<{columns}, decode_error STRING, raw_value BYTES>".encode())])

    def registry_says(self, path: str, status: int, body: str) -> None:
        """Set the registry's answer to requests of a path. With status 0, it closes the connection without an answer."""
        self._ask([b"R" + _frame(f"{path}\0{status}\0{body}".encode())])

    def registry_has(self, ident: int, schema: Any, **more: Any) -> None:
        """Register a schema under an id. A text is registered as it is, another value as JSON."""
        text = schema if isinstance(schema, str) else json.dumps(schema)
        self.registry_says(f"/schemas/ids/{ident}", 200, json.dumps({"schema": text, **more}))

    def decode(self, *messages: bytes | None) -> list[Decoded]:
        """Return the result for each message, in order. None is a message without a value."""
        answers = self._ask([b"N" + _frame(b"") if message is None else b"M" + _frame(message) for message in messages])
        return [Decoded(**{**answer, "raw": b64decode(answer["raw"]) if "raw" in answer else None}) for answer in answers]

    def decode_many(self, messages: Sequence[bytes]) -> Iterator[Decoded]:
        """Yield the result for each of many messages. Messages are sent while answers are read, so that neither side waits for the other."""

        def send() -> None:
            for message in messages:
                self._to.write(b"M" + _frame(message))
            self._to.flush()

        sending = Thread(target=send)
        sending.start()
        for _ in messages:
            answer = json.loads(self._from.readline())
            yield Decoded(**{**answer, "raw": b64decode(answer["raw"]) if "raw" in answer else None})
        sending.join()

    def _ask(self, frames: Iterable[bytes]) -> list[dict[str, Any]]:
        """Send one frame at a time and return the answers. A pipe holds only 64 KB, and an answer may be larger than its message."""
        answers = []
        for frame in frames:
            self._to.write(frame)
            self._to.flush()
            line = self._from.readline()
            if not line:
                raise AssertionError(f"the decoder has ended with {self._process.wait(30)}: see standard error")
            answers.append(json.loads(line))
        return answers


def _frame(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def framed(ident: int, body: bytes) -> bytes:
    """Return a message in the registry's wire format."""
    return struct.pack(">bi", 0, ident) + body
