"""Analyse photos in the Flink image as the voice job does. Each input line is a photo in base64, each output line its analysis as JSON."""

import base64
import json
import resource
import sys
import time

from flink_jobs.voice.photos.looking import analyse_or_set_aside


def main() -> None:
    """Analyse one photo at a time, so that the cost of each is known."""
    for line in sys.stdin:
        began = time.process_time()
        analysis = analyse_or_set_aside(base64.b64decode(line))
        answer = {
            "set_aside": analysis.set_aside,
            "kind": analysis.kind,
            "read": [analysis.store_id, analysis.transaction_id, str(analysis.bought_on), analysis.total_cents, analysis.last_four],
            "copy": base64.b64encode(analysis.safe_copy or b"").decode(),
            "seconds": time.process_time() - began,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
