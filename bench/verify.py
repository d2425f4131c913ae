"""Measure how long `make verify` takes on the running platform, and how many lines it compares: `python -m bench.verify`."""

import subprocess
import sys
import time

from trino.dbapi import connect

from bench.dashboard import settings
from bench.results import record
from tests.support.compose_platform import ROOT

COMMAND = "python -m bench.verify"


def main() -> None:
    """Run verify, print its last line, and record its seconds. End with its exit status if it finds a problem."""
    started = time.monotonic()
    done = subprocess.run(["make", "verify"], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    seconds = time.monotonic() - started
    print(done.stdout.strip().splitlines()[-1])
    if done.returncode:
        sys.exit(done.returncode)
    cursor = connect(host="127.0.0.1", port=int(settings()["TRINO_PORT"]), user="bench", catalog="lake", schema="sales").cursor()
    cursor.execute("SELECT count(*) FROM lake.sales.lines")
    lines = cursor.fetchall()[0][0]
    print(f"{lines:,} lines in {seconds:.0f} s")
    record("verify.seconds", round(seconds), "s", COMMAND, "beside live trade")
    record("verify.lines", lines, "lines", COMMAND, "lines in the lake that one run compared")


if __name__ == "__main__":
    main()
