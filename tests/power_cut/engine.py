"""The Docker engine that `make` itself started, and its death with all that it runs."""

import os
import signal
import subprocess
from pathlib import Path

from tests.support.compose_platform import ROOT, eventually

#: Where scripts/engine.sh keeps the id of the daemon that it started.
PID_FILE = Path("/var/lib/tillstream-engine/dockerd.pid")
_PARTS = ("dockerd", "containerd", "containerd-shim", "docker-proxy")


def processes() -> dict[int, tuple[str, int]]:
    """Return the name and the parent of each process by its id."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                name, rest = (folder / "stat").read_text(encoding="utf-8", errors="replace").split("(", 1)[1].rsplit(") ", 1)
            except OSError:
                continue  # it has ended meanwhile
            found[int(folder.name)] = (name, int(rest.split()[1]))
    return found


def engine_and_containers(known: dict[int, tuple[str, int]]) -> list[int]:
    """Return the ids of the daemon, of its helpers, and of every process in a container, the daemon first."""
    daemon = int(PID_FILE.read_text(encoding="ascii"))
    # A shim is no child of the daemon: it is handed to init, so that containers outlive a restart of the daemon.
    roots = [daemon, *(pid for pid, (name, _) in known.items() if name.startswith(_PARTS) and pid != daemon)]
    children: dict[int, list[int]] = {}
    for pid, (_, parent) in known.items():
        children.setdefault(parent, []).append(pid)
    ordered: list[int] = []
    waiting = roots
    while waiting:
        ordered += [pid for pid in waiting if pid not in ordered]
        waiting = [child for pid in waiting for child in children.get(pid, ()) if child not in ordered]
    return ordered


def kill_all() -> int:
    """Kill the engine and all containers with SIGKILL, each by its id, and wait for their end; return how many processes that were."""
    doomed = engine_and_containers(processes())
    for pid in doomed:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # its container's first process took it along
    eventually("the end of the engine and of all containers", lambda: not any(map(_runs, doomed)), 60)
    return len(doomed)


def _runs(pid: int) -> bool:
    """Whether a process has not ended; one that has ended has no program any more, until its parent takes note of it and it is gone."""
    return Path(f"/proc/{pid}/exe").exists()


def start() -> None:
    """Start the engine again, as `make up` does."""
    subprocess.run([ROOT / "scripts" / "engine.sh"], check=True)
