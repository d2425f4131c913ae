"""Go back from a contract with an added field: the jobs keep their state, and baskets with the field still land."""

from tests.support.compose_platform import Platform, eventually
from tests.support.growth import FIELD, SEND_BASKETS, Growth


def test_jobs_go_back_to_an_older_contract_with_their_state(platform: Platform) -> None:
    growth = Growth(platform)
    growth.add(FIELD)
    for service in ("init-schemas", "init-tables", "init-jobs"):
        growth.run(service)
    evolved = platform.job("sales")["name"]
    platform.one_off("init-jobs", timeout=600)
    assert platform.job("sales")["name"] != evolved
    (event,) = growth.run("tools", "-c", SEND_BASKETS, "SILVER", entrypoint="python3").split()
    landed = f"SELECT count(*) AS n FROM lake.sales.lines WHERE event_id = '{event}'"
    eventually("the basket in the lake", lambda: platform.sql(landed)[0]["n"] == 1, 120, every=2)
    assert "verify: holds" in platform.verify()
