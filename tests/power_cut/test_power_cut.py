"""Cut the host's power while trade flows. `make power-cut` runs this, as root, on an engine that `make` started."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
import yaml

from tests.power_cut import engine
from tests.power_cut.disk import Disk
from tests.support.compose_platform import OVERRIDES, PROJECT, ROOT, Platform, eventually
from tests.support.recovery import wait_until_the_job_goes_on

#: Three days of history and some minutes of trade need 2 GB. The file is sparse, so a larger disk costs nothing.
DISK = Disk(Path("/var/lib/tillstream-engine/power-cut"), gigabytes=16)
BACKLOG = "SELECT count(*) AS lines FROM lake.sales.lines WHERE run_id LIKE 'load-%'"


def put_volumes_on(disk: Disk) -> None:
    """Create the project's volumes as folders of the disk, with the labels by which compose recognises its volumes."""
    names = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["volumes"]
    client = docker.from_env()
    for name in names:
        folder = disk.mount_point / name
        folder.mkdir()
        client.volumes.create(
            f"{PROJECT}_{name}",
            driver="local",
            driver_opts={"type": "none", "o": "bind", "device": str(folder)},
            labels={"com.docker.compose.project": PROJECT, "com.docker.compose.volume": name},
        )


@pytest.fixture
def platform_on_a_disk() -> Iterator[Platform]:
    """Start a platform with all its volumes on the drill's disk. Remove platform and disk at the end."""
    started = Platform(PROJECT, OVERRIDES)
    started.down(volumes=True)
    DISK.make()
    put_volumes_on(DISK)
    try:
        started.start()
        yield started
    finally:
        started.save_logs()
        started.down(volumes=True)
        DISK.remove()


def cut_the_power() -> None:
    """Kill the engine with all its containers, then cut the disk's power."""
    assert engine.kill_all() > 50, "the engine and some thirty containers are more processes than that"
    DISK.cut()
    eventually("no process left in a container", lambda: unmounted(DISK), 60, every=1)


def unmounted(disk: Disk) -> bool:
    """Unmount the disk and return whether that worked. It fails while a process that is ending still uses the disk."""
    if disk.mount_point.is_mount():
        disk.unmount()
    return True


def test_a_power_cut_in_the_middle_of_trade_loses_nothing_that_was_acknowledged(platform_on_a_disk: Platform) -> None:
    platform = platform_on_a_disk
    wait_until_the_job_goes_on(platform)
    # Send a backlog at full speed beside the tills, so that there is always data in the page cache that is not on the disk yet.
    platform.compose("run", "--rm", "--no-deps", "--detach", "company-tools", "produce", "load", "--lines", "1000000", "--hours", "1")
    eventually("a part of the backlog in the lake", lambda: platform.sql(BACKLOG)[0]["lines"] > 20_000, 180, every=2)
    cut_the_power()
    DISK.mount()
    engine.start()
    platform.start()
    wait_until_the_job_goes_on(platform)
    printed = platform.verify()
    assert "verify: holds" in printed
    assert platform.sql(BACKLOG)[0]["lines"] > 20_000


def test_the_disk_of_the_drill_keeps_what_was_synced_and_nothing_else() -> None:
    """Check that the drill can fail: data that was written but not synced is gone after the cut."""
    DISK.make()
    try:
        (DISK.mount_point / "written").write_bytes(b"not synced")
        with (DISK.mount_point / "synced").open("wb") as file:
            file.write(b"synced")
            file.flush()
            subprocess.run(["sync", "-d", DISK.mount_point / "synced"], check=True)
        (DISK.mount_point / "later").write_bytes(b"not synced")
        DISK.cut()
        DISK.unmount()
        DISK.mount()
        kept = {path.name: path.read_bytes() for path in DISK.mount_point.iterdir() if path.is_file() and path.read_bytes()}
    finally:
        DISK.remove()
    assert kept.get("synced") == b"synced"
    assert "later" not in kept
