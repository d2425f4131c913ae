"""Before it starts, a JobManager deletes from ZooKeeper the job graphs of other code, and nothing else. Runs with a ZooKeeper of its own."""

from collections.abc import Callable, Iterator

import pytest
from kazoo.client import KazooClient
from testcontainers.core.container import DockerContainer

from tests.support.containers import run, running

CLUSTER = "/flink/tillstream"
GRAPH, CHECKPOINT = f"{CLUSTER}/execution-plans/job", f"{CLUSTER}/jobs/job/checkpoints/0000000000000000007"

#: Runs the class with the digest of the jobs' code, and returns its output.
Start = Callable[[str], str]


@pytest.fixture(scope="module")
def container() -> Iterator[DockerContainer]:
    with running(DockerContainer("tillstream/zookeeper:dev").with_exposed_ports(2181)) as found:
        yield found


@pytest.fixture
def keeper(container: DockerContainer) -> Iterator[KazooClient]:
    """Yield a client of ZooKeeper. Delete the test's nodes at the end."""
    client = KazooClient(f"{container.get_container_host_ip()}:{container.get_exposed_port(2181)}")
    client.start(timeout=60)
    yield client
    client.delete("/flink", recursive=True)
    client.stop()
    client.close()


@pytest.fixture
def start(container: DockerContainer) -> Start:
    def start(digest: str) -> str:
        options = ["--rm", "--network", f"container:{container.get_wrapped_container().id}", "--entrypoint", "bash"]
        command = (
            f'java -XX:TieredStopAtLevel=1 -cp "$FLINK_HOME/lib/*" tillstream.cluster.JobsOfOtherCode localhost:2181 {CLUSTER} "{digest}"'
        )
        done = run(["docker", "run", *options, "tillstream/flink:dev", "-c", command], timeout=120)
        assert done.returncode == 0, done.stderr[-3000:]
        return str(done.stdout)

    return start


def test_the_same_code_finds_its_jobs_and_other_code_their_checkpoints_alone(keeper: KazooClient, start: Start) -> None:
    start("of this code")
    for path in (GRAPH, CHECKPOINT):
        keeper.create(path, b"state", makepath=True)
    assert start("of this code") == ""
    assert keeper.exists(GRAPH)
    assert "the code has changed" in start("of other code")
    assert not keeper.exists(GRAPH)
    assert keeper.get(CHECKPOINT)[0] == b"state"
    keeper.create(GRAPH, b"state", makepath=True)
    start("of other code")
    assert keeper.exists(GRAPH), "forgotten once"


def test_jobs_of_code_that_left_no_mark_are_of_other_code(keeper: KazooClient, start: Start) -> None:
    keeper.create(GRAPH, b"state", makepath=True)
    assert "the code has changed" in start("of this code")
    assert not keeper.exists(GRAPH)
