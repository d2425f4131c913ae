"""Kill the Docker engine that `make` started, with all its containers, and start it again."""

import os
import signal
import subprocess
from pathlib import Path

from tests.support.compose_platform import ROOT, eventually

#: scripts/engine.sh writes the process id of the daemon to this file.
PID_FILE = Path("/var/lib/tillstream-engine/dockerd.pid")
_PARTS = ("dockerd", "containerd", "containerd-shim", "docker-proxy")


def processes() -> dict[int, tuple[str, int]]:
    """Return the name and the parent's id of each process, by process id."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                name, rest = (folder / "stat").read_text(encoding="utf-8", errors="replace").split("(", 1)[1].rsplit(") ", 1)
            except OSError:
                continue  # the process has ended meanwhile
            found[int(folder.name)] = (name, int(rest.split()[1]))
    return found


def engine_and_containers(known: dict[int, tuple[str, int]]) -> list[int]:
    """Return the process ids of the daemon, its helpers and all processes in containers. The daemon comes first."""
    daemon = int(PID_FILE.read_text(encoding="ascii"))
    # A shim is a child of init and not of the daemon, so that containers survive a restart of the daemon.
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
    """Kill the engine and all containers with SIGKILL, each process by its id. Wait for their end and return how many there were."""
    doomed = engine_and_containers(processes())
    for pid in doomed:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended with the first process of its container
    eventually("the end of the engine and of all containers", lambda: not any(map(_runs, doomed)), 60)
    return len(doomed)


def _runs(pid: int) -> bool:
    """Return whether a process still runs. A zombie does not: it has no executable any more."""
    return Path(f"/proc/{pid}/exe").exists()


def start() -> None:
    """Start the engine again, as `make up` does."""
    subprocess.run([ROOT / "scripts" / "engine.sh"], check=True)
