"""The whole platform is stopped and started again."""

from tests.support.compose_platform import Platform


def test_down_and_up_again_goes_on_where_it_was(platform: Platform) -> None:
    job = platform.job("sales")["jid"]
    count = platform.sql("SELECT count(*) AS lines FROM lake.sales.lines")[0]["lines"]
    platform.down()
    platform.start()
    assert platform.job("sales")["jid"] == job, "the job was started afresh, not taken up again"
    assert platform.sql("SELECT count(*) AS lines FROM lake.sales.lines")[0]["lines"] >= count
