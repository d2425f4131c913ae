"""A client raises the retryable error of ours where its system is away, so that waits go on and the command line prints one line."""

from collections.abc import Callable

import httpx
import pytest

from tillstream.core.avro_encoding import encoders
from tillstream.core.clients.flink import Cluster, RunningJob
from tillstream.core.clients.registry import schema_id
from tillstream.core.contracts import contracts
from tillstream.core.errors import ContractError, RetryableError
from tillstream.core.topology import MOVEMENTS

JOB = RunningJob("1a2b", "sales 3c4d")
NOWHERE = "http://127.0.0.1:1"


def answering(status: int, text: str = "") -> httpx.Client:
    """Return a client of a server that always answers like this."""
    return httpx.Client(base_url="http://system", transport=httpx.MockTransport(lambda _: httpx.Response(status, text=text)))


def cluster(client: httpx.Client) -> Cluster:
    made = Cluster(NOWHERE)
    made._flink = client
    return made


@pytest.mark.parametrize(
    "call",
    [
        lambda flink: flink.running("sales"),
        lambda flink: flink.completed_checkpoint(JOB),
        lambda flink: flink.begin_checkpoint(JOB),
        lambda flink: flink.taskmanagers(),
        lambda flink: flink.stop(JOB),
        lambda flink: flink.cancel(JOB),
        lambda flink: flink.permanent_failure(JOB),
        lambda flink: flink.raise_if_unrestorable(),
    ],
)
@pytest.mark.parametrize(
    "client",
    [httpx.Client(base_url=NOWHERE), answering(503), answering(404, '{"errors": ["no such job"]}'), answering(200, "<html>")],
    ids=["refused", "starting", "forgotten", "not flink"],
)
def test_each_request_to_a_jobmanager_that_is_away_is_retryable(call: Callable[[Cluster], object], client: httpx.Client) -> None:
    with pytest.raises(RetryableError, match="the JobManager does not answer"):
        call(cluster(client))


def test_a_wait_for_a_job_goes_on_while_the_jobmanager_restarts() -> None:
    answers = [
        httpx.Response(503),
        httpx.Response(200, json={"jobs": [{"jid": "1a2b", "name": "sales 3c4d", "state": "RUNNING"}]}),
        httpx.Response(200, json={"exceptionHistory": {"entries": []}}),
        httpx.Response(200, json={"vertices": [{"status": "RUNNING"}]}),
    ]
    flink = cluster(httpx.Client(base_url="http://flink", transport=httpx.MockTransport(lambda _: answers.pop(0))))
    assert flink.wait_until_running("sales", 10) == "sales 3c4d"


def test_a_request_with_an_empty_answer_is_a_success() -> None:
    cluster(answering(202)).begin_checkpoint(JOB)


@pytest.mark.parametrize("client", [httpx.Client(base_url=NOWHERE), answering(503)], ids=["refused", "starting"])
def test_a_registry_that_is_away_is_retryable(client: httpx.Client) -> None:
    with pytest.raises(RetryableError, match="the schema registry"):
        schema_id(client, contracts()[MOVEMENTS])


def test_a_contract_that_the_registry_does_not_have_is_not() -> None:
    with pytest.raises(ContractError, match=r"\(404\): run the init-schemas service first"):
        schema_id(answering(404), contracts()[MOVEMENTS])


def test_encoders_of_a_registry_that_is_away_are_retryable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A load that publishes stock movements is then tried again."""
    monkeypatch.setenv("REGISTRY_URL", NOWHERE)
    with pytest.raises(RetryableError, match="the schema registry does not answer"):
        encoders(MOVEMENTS)
