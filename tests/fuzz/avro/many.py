"""Compare the decoder with fastavro on a million damaged messages: python -m tests.fuzz.avro.many [--messages 1000000] [--seed 1].

Each valid message, in its contract's own schema, is damaged many times. A row of the decoder must equal the record that fastavro reads from the
same bytes. `make fuzz DOOR=avro` also tries other schemas and registries, a hundred times slower.
"""

import argparse
import time
from collections import Counter
from random import Random

from tests.fuzz.avro.cases import IDENT, TOPICS, Case, damaged, valid
from tests.fuzz.avro.decoder import Decoder
from tests.fuzz.avro.oracle import BrokenPromiseError, check
from tillstream.core.contracts import contracts

#: How often each valid message is damaged, and how many messages are sent at once.
DAMAGES, AT_ONCE = 50, 2000
MOST_FINDINGS = 20


def messages(draw: Random, topic: str, count: int) -> list[bytes]:
    """Return valid or nearly valid messages, and damaged copies of them."""
    found: list[bytes] = []
    while len(found) < count:
        good = valid(draw, contracts()[topic], draw.choice((0.0, 0.02)))
        found += [good, *(draw.choice((damaged, flipped))(draw, good) for _ in range(DAMAGES))]
    return found[:count]


def flipped(draw: Random, message: bytes) -> bytes:
    """Return the message with one bit changed. More of these still become rows than of messages with larger damage."""
    changed = bytearray(message)
    changed[draw.randrange(5, len(message))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def tried(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Decode this many messages. Return the counts of rows and of each kind of dead letter, and the findings."""
    draw, kinds, findings = Random(seed), Counter[str](), list[str]()  # noqa: S311 - repeatable by its seed
    told = time.monotonic()
    with Decoder() as decoder:
        while kinds.total() < count and len(findings) < MOST_FINDINGS:
            topic = TOPICS[kinds.total() // AT_ONCE % len(TOPICS)]
            decoder.read_by(contracts()[topic])
            answer = {"schema": contracts()[topic].text}
            decoder.registry_has(IDENT, answer["schema"])
            some = messages(draw, topic, min(AT_ONCE, count - kinds.total()))
            for message, decoded in zip(some, decoder.decode_many(some), strict=True):
                kinds[decoded.kind or "a row"] += 1
                try:
                    check(Case(topic, "damaged", answer, message), decoded)
                except BrokenPromiseError as error:
                    findings.append(f"{topic}: {error} ({message.hex()[:2000]})")
            if time.monotonic() - told > 10:
                told = time.monotonic()
                print(f"{kinds.total():,} of {count:,} messages, {len(findings)} findings", flush=True)
    return kinds, findings


def main() -> int:
    """Run the command line. Return 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed tries the same messages; by default the time")
    asked = parser.parse_args()
    kinds, findings = tried(asked.messages, asked.seed)
    print(
        f"seed {asked.seed}: {kinds.total():,} messages, {len(findings)} findings: {', '.join(f'{n:,} {kind}' for kind, n in kinds.most_common())}"
    )
    print(*findings, sep="\n")
    return int(bool(findings) or not kinds["a row"])


if __name__ == "__main__":
    raise SystemExit(main())
