"""Looks at photos inside the Flink image as the voice job does: a photo in base64 a line on standard input, what was seen of it on standard output."""

import base64
import json
import resource
import sys
import time

from flink_jobs.voice.photos.looking import analyse_or_set_aside


def main() -> None:
    """One photo at a time, so that its cost is its own."""
    for line in sys.stdin:
        began = time.process_time()
        seen = analyse_or_set_aside(base64.b64decode(line))
        answer = {
            "set_aside": seen.set_aside,
            "kind": seen.kind,
            "read": [seen.store_id, seen.transaction_id, str(seen.bought_on), seen.total_cents, seen.last_four],
            "copy": base64.b64encode(seen.safe_copy or b"").decode(),
            "seconds": time.process_time() - began,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
