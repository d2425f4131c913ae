"""Wait at the end of `make up` until a sale made now shows in the dashboard's figures.

Without the simulated company there may be no sale: then wait only until the platform is ready for one.
"""

from datetime import UTC, datetime

from tillstream.core.clients.flink import Cluster
from tillstream.core.clients.redis import read_hashes
from tillstream.core.clients.trino import Trino
from tillstream.core.semantic_search import search
from tillstream.core.settings import FlinkSettings, KafkaSettings, ReadinessSettings
from tillstream.core.topology import SALES_BY_MINUTE, TILLS, VOICE_BY_MINUTE, redis_prefix, table_of
from tillstream.core.waiting import await_condition
from tillstream.deploy.dashboards import Superset
from tillstream.verify.landing import LandingJob

#: Bound of each long wait, in seconds. The history of a year comes first and takes 2 to 4 minutes on two cores.
MOST_SECONDS = 1200


def await_platform() -> None:
    """Wait for each stage of the pipeline in turn, and print which one is awaited.

    Raises:
        AwaitTimeoutError: a stage did not become ready; the message names the services whose logs to read.
        NotRestorableError: a job fails and no restart can repair it; the message says what to do.
    """
    company = ReadinessSettings().company_runs
    job = LandingJob("sales", KafkaSettings(), FlinkSettings())
    cluster = Cluster(FlinkSettings().url)

    def checkpoint() -> bool:
        cluster.raise_if_unrestorable()
        return bool(job.last_checkpoint())

    await_condition("the sales job to complete a checkpoint (flink-jobmanager)", checkpoint, MOST_SECONDS, every=1.0)
    trino = Trino()
    if company:
        _await_trade(cluster, trino)
    # Trino compiles the search's code on the first search, which takes 1.5 s: do it here, so that no user waits for it.
    await_condition(
        "texts to be found by their meaning (flink-taskmanager, trino)",
        lambda: search(trino, bytes(384), [0] * 6, most=1) or not company,
        300,
        every=2.0,
    )
    superset = Superset()
    await_condition(
        "the dashboard (init-dashboards, superset)", lambda: superset.get("/api/v1/dashboard/sales-live")["result"], 300, every=2.0
    )
    await_condition(
        "a moving figure in Trino (trino)",
        lambda: trino.scalar("SELECT sum(baskets) FROM lake.live.sales_today") or not company,
        120,
        every=1.0,
    )


def _await_trade(cluster: Cluster, trino: Trino) -> None:
    """Wait until the simulated company's sales and texts of now are counted."""
    landed = 0

    def live_trade() -> bool:
        nonlocal landed
        cluster.raise_if_unrestorable()
        landed = int(trino.scalar(f"SELECT count(*) FROM {table_of(TILLS)}"))
        return bool(read_hashes(f"{redis_prefix(SALES_BY_MINUTE)}:STORE:{datetime.now(tz=UTC):%Y%m%d%H%M}"))

    await_condition(
        "the tills to reach live trade (tills, flink-taskmanager)",
        live_trade,
        MOST_SECONDS,
        every=2.0,
        detail=lambda: f"{landed:,} lines in the lake",
    )
    await_condition(
        "the first analysed text (voice, flink-taskmanager)",
        lambda: read_hashes(f"{redis_prefix(VOICE_BY_MINUTE)}:ALL:*"),
        MOST_SECONDS,
        every=2.0,
    )
