"""Says what is seen on photos: python3 -m flink_jobs.voice.photos. On standard input a photo in base64 a line, on standard output an object, with the safe copy in base64."""

import base64
import json
import sys
import time
from dataclasses import asdict
from datetime import date
from typing import Any


def main() -> None:
    """Reads to the end of the input; `seconds` are of a core. The models are loaded before the first."""
    import numpy as np

    from flink_jobs.voice.photos.looking import looked_at
    from flink_jobs.voice.photos.picture import jpeg

    looked_at(jpeg(np.full((200, 200, 3), 255, np.uint8)))
    for line in sys.stdin:
        began = time.process_time()
        seen = asdict(looked_at(base64.b64decode(line)))
        seen.pop("thumbnail")
        seen |= {"seconds": round(time.process_time() - began, 3), "safe_copy": base64.b64encode(seen["safe_copy"] or b"").decode()}
        print(json.dumps(seen, default=_plain), flush=True)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    main()
