"""Send a source day again and wait until it is in the lake: `make replay`."""

from datetime import UTC, date, datetime

from producers.history import replay
from producers.publisher import Publisher
from producers.source_dataset import load_source_dataset
from tillstream.core.avro_encoding import encoders
from tillstream.core.clients.trino import Trino
from tillstream.core.ledger import Ledger
from tillstream.core.settings import KafkaSettings, LedgerSettings, PseudonymSettings
from tillstream.core.topology import TILLS, table_of
from tillstream.core.waiting import Progress, await_condition

#: A line takes 13 s to the lake, or minutes while the platform recovers from a failure.
MOST_SECONDS = 600


def replay_day(day: date) -> tuple[str, int, int]:
    """Send a day and wait until all its lines are in the lake; return the run's id, and the numbers of baskets and lines."""
    with Progress("reading the source"):
        dataset = load_source_dataset(PseudonymSettings().key.get_secret_value())
    started = datetime.now(tz=UTC)
    # Each replay has its own ledger: several may run at a time, and a SQLite file has one writer.
    ledger = Ledger(LedgerSettings().directory / f"replay-{day}-{started:%Y%m%dT%H%M%S%f}.sqlite")
    with Publisher(ledger, KafkaSettings()) as publisher:
        run_id, events, lines = replay(dataset, day, encoders(TILLS)[TILLS], publisher, ledger, started.date())
    ledger.close()
    trino = Trino()

    seen = 0

    def landed() -> bool:
        nonlocal seen
        seen = int(trino.scalar(f"SELECT count(*) FROM {table_of(TILLS)} WHERE run_id = '{run_id}'"))
        return seen >= lines

    await_condition(f"{lines:,} lines of {run_id} in the lake", landed, MOST_SECONDS, every=1.0, detail=lambda: f"{seen:,} there")
    return run_id, events, lines
