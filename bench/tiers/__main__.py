"""Measure hot and cold storage: the eight questions of a retailer, asked of each store with the same rows, beside the running platform.

The rows are exported once from the lake. Each store is loaded with them, asked, killed and started again, alone; the platform keeps running.
All stores must give equal answers: the exit status is 1 where they differ, or where a store could not be measured. It needs the image
tillstream/tiers:dev, which bench/with_image.sh builds. At the end the containers, volumes and tables of the measurement are removed, unless KEEP=1.
"""

import argparse
import os
import sys

from bench.tiers.containers import containers
from bench.tiers.measure import PLACES, chosen, measured
from bench.tiers.report import record_figures, report

#: Where the lake has more lines, a share of the baskets is measured.
ROWS = 3_000_000
SECONDS = 20.0
#: With a shorter history some questions have nothing to count.
DAYS = 365
#: So many stores must give the same answers, before their figures are recorded.
COMPARED = 2


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.tiers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=ROWS, help=f"at most about so many lines (default {ROWS:,})")
    parser.add_argument("--only", default="", help=f"stores, separated by commas (default {','.join(PLACES)})")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"longest time of a question, after its warm-up (default {SECONDS:g})"
    )
    parser.add_argument("--at", default="", help="the moment that counts as now, such as 2026-11-28T23:38Z (default: now)")
    return parser.parse_args()


def main() -> None:
    """Print the tables, and record the figures of a measurement of the default size."""
    options = arguments()
    stores = chosen(options.only)
    with containers(keep=os.environ.get("KEEP") == "1") as own:
        print("exporting the rows from the lake", flush=True)
        exported = own.client("export", "--rows", options.rows, *(["--at", options.at] if options.at else []))
        size = f"{exported['lines']:,} lines of {exported['days']} days up to {exported['until']}, {exported['stock']:,} pairs of stock"
        print(size, flush=True)
        figures = list(measured(own, stores, options.seconds))
        compared = len(figures) >= COMPARED
        differences = own.client("compare") if compared else []
    print(report(figures))
    if options.rows != ROWS or options.seconds != SECONDS or exported["days"] < DAYS:
        print(f"not recorded: {exported['days']} days, --rows {options.rows}, --seconds {options.seconds:g}")
    elif not compared:
        print("not recorded: one store alone is compared with none")
    elif not differences:
        record_figures(figures, size)
    equal = f"answers of {len(figures)} stores: equal" if compared else "answers: compared with none"
    print("\n".join(["answers that differ:", *differences]) if differences else equal)
    sys.exit(1 if differences or len(figures) < len(stores) else 0)


if __name__ == "__main__":
    main()
