"""The end of `make up`: waits until a sale made now shows on the dashboard's figures."""

from datetime import UTC, datetime

from tillstream.core.clients.flink import Cluster
from tillstream.core.clients.redis import hashes
from tillstream.core.clients.trino import Trino
from tillstream.core.semantic_search import search
from tillstream.core.settings import FlinkSettings, KafkaSettings
from tillstream.core.waiting import await_condition
from tillstream.deploy.dashboards import Superset
from tillstream.verify.landing import LandingJob

#: The year's history goes through first, at the speed of the platform: 2 to 4 minutes on two cores.
MOST_SECONDS = 1200


def await_platform() -> None:
    """Waits for each link of the chain, naming the one that is awaited.

    Raises:
        AwaitTimeoutError: one did not come; look at the log of the service it names.
        NotRestorableError: a job fails in a way that no restart mends; with the way out.
    """
    job = LandingJob("sales", KafkaSettings(), FlinkSettings())
    cluster = Cluster(FlinkSettings().url)

    def checkpoint() -> bool:
        cluster.refuse_hopeless()
        return bool(job.last_checkpoint())

    await_condition("the sales job to complete a checkpoint (flink-jobmanager)", checkpoint, MOST_SECONDS, every=1.0)
    trino = Trino()
    landed = 0

    def live_trade() -> bool:
        nonlocal landed
        cluster.refuse_hopeless()
        landed = int(trino.scalar("SELECT count(*) FROM lake.sales.lines"))
        return bool(hashes(f"sales:by_minute:STORE:{datetime.now(tz=UTC):%Y%m%d%H%M}"))

    await_condition(
        "the tills to reach live trade (tills, flink-taskmanager)",
        live_trade,
        MOST_SECONDS,
        every=2.0,
        detail=lambda: f"{landed:,} lines in the lake",
    )
    await_condition(
        "what a customer writes to be understood (voice, flink-taskmanager)",
        lambda: hashes("voice:by_minute:ALL:*"),
        MOST_SECONDS,
        every=2.0,
    )
    # Trino compiles what a search does with the first one: a second and a half that is spent here rather than by a user.
    await_condition(
        "texts to be found by their meaning (flink-taskmanager, trino)", lambda: search(trino, bytes(384), [0] * 6, most=1), 300, every=2.0
    )
    superset = Superset()
    await_condition("the dashboard (dashboards, superset)", lambda: superset.get("/api/v1/dashboard/sales-live")["result"], 300, every=2.0)
    await_condition(
        "a moving figure in Trino (trino)", lambda: trino.scalar("SELECT sum(baskets) FROM lake.live.sales_today"), 120, every=1.0
    )
