"""Submits jobs from one client: its start and the planner's are paid for once.

Run by flink_jobs.submit as `flink run --python client.py [[job, name, restore], ...]`. What it has to tell goes to stdout, one JSON a line.
"""

import json
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment


def submit(job: str, name: str, restore: str) -> str:
    """Builds and submits one job, from the savepoint or checkpoint where there is one; the error, or nothing."""
    configuration = Configuration()
    if restore:
        # Every part of the state must find its place: a source that lost its offsets would read, and the lake get, everything again.
        configuration.set_string("execution.state-recovery.path", restore)
    try:
        module = import_module(f"flink_jobs.{job}.job")
        for key, value in getattr(module, "CONFIGURATION", {}).items():
            configuration.set_string(key, value)
        env = StreamExecutionEnvironment.get_execution_environment(configuration)
        module.build(env)
        env.execute_async(name)
    except Exception:  # noqa: BLE001 - whatever it is, the other jobs are submitted and this one's error is told
        return traceback.format_exc()
    return ""


def main() -> None:
    """Submits each in turn."""
    for job, name, restore in json.loads(sys.argv[1]):
        begun = time.monotonic()
        error = submit(job, name, restore)
        print(json.dumps({"job": job, "seconds": time.monotonic() - begun, "error": error}), flush=True)


if __name__ == "__main__":
    main()
