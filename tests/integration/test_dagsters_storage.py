"""Several Dagster services start at the same time on an empty database, in a Postgres container of their own."""

import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import pytest
from testcontainers.core.container import DockerContainer

from tests.support.compose_platform import ROOT, eventually
from tests.support.containers import running

START = """
import sys
from batch.dagster.storage import PooledPostgresStorage
print("ready", flush=True)
for address in sys.stdin:
    PooledPostgresStorage(address.strip())
    print("started", flush=True)
"""
#: Rounds of the test. It depends on chance which tables two processes create at the same moment.
ROUNDS = 6


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """Start a server and yield its address without the database. Empty databases are named round1, round2 and so on."""
    start = (
        "initdb -D ~/data --username=dagster --auth=trust >/dev/null && echo 'host all all all trust' >> ~/data/pg_hba.conf"
        " && exec postgres -D ~/data -c listen_addresses='*' -c unix_socket_directories=$HOME"
    )
    container = DockerContainer("tillstream/postgres:dev", entrypoint=["bash", "-c", start]).with_exposed_ports(5432)
    with running(container):

        def asked(statement: str) -> bool:
            return container.exec(["psql", "-h", "127.0.0.1", "-U", "dagster", "-c", statement, "postgres"]).exit_code == 0

        eventually("Postgres to answer", lambda: asked("SELECT 1"), 60, every=1)
        assert all(asked(f"CREATE DATABASE round{number + 1}") for number in range(ROUNDS))
        yield f"postgresql://dagster@{container.get_container_host_ip()}:{container.get_exposed_port(5432)}"


def pipe(stream: IO[str] | None) -> IO[str]:
    """Return the pipe, which must exist."""
    assert stream is not None
    return stream


def test_services_that_start_at_once_on_an_empty_database_all_start(postgres: str) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    services = [subprocess.Popen([sys.executable, "-c", START], cwd=ROOT, text=True, **pipes) for _ in range(3)]
    assert [pipe(service.stdout).readline() for service in services] == ["ready\n"] * 3
    for number in range(ROUNDS):
        for service in services:
            pipe(service.stdin).write(f"{postgres}/round{number + 1}\n")
            pipe(service.stdin).flush()
        assert [pipe(service.stdout).readline() for service in services] == ["started\n"] * 3, [
            service.communicate()[1] for service in services
        ]
    for service in services:
        service.communicate(timeout=60)
    assert [service.returncode for service in services] == [0, 0, 0]
