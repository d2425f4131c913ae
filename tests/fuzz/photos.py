"""The fuzzer of photos: every file becomes pixels or a dead letter, within limits of time and memory, and only its pixels are kept.

The same receipt must be read alike in any mode. If the Flink image exists, photos also go through the voice job's whole analysis in it.
"""

import base64
import io
import json
import queue
import random
import resource
import subprocess
import threading
import time
import traceback
import uuid
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from flink_jobs.voice.photos.modes import eight_bit, on_white
from flink_jobs.voice.photos.picture import NARROWEST, SIDE, opened
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from tests.fuzz.outcome import Outcome, Watch, corpus_files, keep
from tests.fuzz.photo_files import ANY_MODE, PLANTED, SAME, bent, paper, valid
from tests.support.containers import engines_own
from tests.support.photos.sheets import is_the_sheet

ROOT = Path(__file__).parent.parent.parent
IMAGE = "tillstream/flink:dev"
KINDS = {"EMPTY", "TOO_LARGE", "TOO_SMALL", "NO_PHOTO", "TRUNCATED", "BOMB"}
#: The most processor time to open 25 megapixels (1.5 s were measured), and to analyse them.
OPENED_SECONDS, ANALYSED_SECONDS = 8.0, 60.0
#: The most MB by which the process may grow: twice 25 megapixels of four bytes, and memory that is not returned to the system.
GROWTH = 700
#: The memory limit of the container. The models alone take 0.5 GB.
LIMIT = "1100m"


def run(seconds: float, corpus: Path, seed: int) -> Outcome:
    """Replay the corpus, then try new files until the time is over."""
    outcome = Outcome()
    draw = random.Random(seed)  # noqa: S311 - the same seed tries the same files
    watch = Watch("photos", seconds, outcome)
    door = _Door(corpus, outcome)
    analyser = _Analyser(door) if seconds > 60 and _has_image() else None
    files = [path.read_bytes() for path in corpus_files(corpus)]
    for data in files:
        door.check(data)
    for name in ANY_MODE:
        door.check_mode(name)
    other = valid(draw)
    try:
        while not watch.over():
            data = valid(draw)
            if draw.random() < 0.75:
                data = bent(data, draw, draw.choice([other, *files[:50]]))
            else:
                other = data
            readable = door.check(data)
            if analyser and analyser.idle():
                analyser.offer(draw, data, readable=readable)
    finally:
        if analyser:
            analyser.close()
    return outcome


class _Door:
    """Checks the promise on one file after another, and keeps the files that break it."""

    def __init__(self, corpus: Path, outcome: Outcome) -> None:
        self._corpus, self.outcome = corpus, outcome
        self._seen: set[str] = set()
        self._before = _megabytes()

    def finding(self, what: str, data: bytes) -> None:
        """Note a finding, once for each kind of fault, and keep the file that shows it."""
        if what not in self._seen:
            self._seen.add(what)
            self.outcome.findings.append(f"{what}: {keep(self._corpus, data, '.bin', self.outcome)}")

    def check(self, data: bytes) -> bool:
        """Check the promise on a file. Return whether the file could be read as a photo."""
        self.outcome.inputs += 1
        began = time.thread_time()
        try:
            pixels = opened(data)
        except UnusablePhotoError as refused:
            if str(refused).split(":")[0] not in KINDS:
                self.finding(f"an unknown reason: {refused}", data)
            if PLANTED.decode()[:8] in str(refused):
                self.finding("a reason quotes the photo", data)
            pixels = None
        except Exception:  # noqa: BLE001 - that is what is looked for
            self.finding(f"raised: {''.join(traceback.format_exc(limit=-2).splitlines()[-1:])}", data)
            pixels = None
        if pixels is not None and not (
            pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3 and NARROWEST <= max(pixels.shape[:2]) <= SIDE
        ):
            self.finding(f"no pixels: {pixels.dtype} {pixels.shape}", data)
        if (took := time.thread_time() - began) > OPENED_SECONDS:
            self.finding(f"{took:.0f} s of a core to open", data)
        if (grown := _megabytes() - self._before) > GROWTH:
            self._before = _megabytes()
            self.finding(f"{grown} MB to open", data)
        return pixels is not None

    def check_mode(self, name: str) -> None:
        """Check that the same sheet has the same pixels in this mode of Pillow."""
        self.outcome.inputs += 1
        if not is_the_sheet(np.asarray(on_white(eight_bit(ANY_MODE[name]())))):
            self.finding(f"a sheet of mode {name} has other pixels", b"")


class _Analyser:
    """Analyses photos one after the other, in a container with limited memory."""

    def __init__(self, door: _Door) -> None:
        self._door, self._name = door, f"tillstream-fuzz-{uuid.uuid4().hex[:8]}"
        command = ["docker", "run", "--rm", "-i", "--name", self._name, "--network", "none", "--memory", LIMIT, "--memory-swap", LIMIT,
                   "-v", f"{ROOT}:/opt/x:ro", "-e", "PYTHONPATH=/opt/x", "--entrypoint", "nice", IMAGE, "python3", "-m", "tests.fuzz.photo_analyser"]  # fmt: skip
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._given: queue.Queue[list[tuple[str, bytes]] | None] = queue.Queue(maxsize=1)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def idle(self) -> bool:
        """Return whether the analyser waits for photos and its thread still runs."""
        return self._given.empty() and self._thread.is_alive()

    def offer(self, draw: random.Random, data: bytes, *, readable: bool) -> None:
        """Pass on a file, and one time in five also a receipt in two modes, which must be read alike."""
        if draw.random() < 0.2:
            page, name = paper(draw), draw.choice([name for name in SAME if name != "L"])
            self._given.put([("L", SAME["L"](page)), (name, SAME[name](page))])
        elif readable or draw.random() < 0.1:
            self._given.put([("", data)])

    def close(self) -> None:
        """End the container, once the current photo has been checked."""
        self._given.put(None) if self._thread.is_alive() else None
        self._thread.join(timeout=4 * ANALYSED_SECONDS)
        subprocess.run(["docker", "rm", "--force", self._name], capture_output=True, check=False)

    def _run(self) -> None:
        while photos := self._given.get():
            answers = []
            for name, data in photos:
                answer = self._answer(data)
                if answer is None:
                    said = self._process.stderr.read() if self._process.stderr else ""
                    if engines_own(said):
                        print(f"photos: no container could be started, files are only opened from here on: {said[-300:]}", flush=True)
                    else:
                        self._door.finding(f"the process ended: {said[-300:]}", data)
                    return
                self._judge(answer, data)
                answers.append((name, answer["read"]))
            if len({str(read) for _, read in answers}) > 1:
                self._door.finding(f"a receipt in {answers[1][0]} is read as {answers[1][1]}, in grey as {answers[0][1]}", photos[1][1])

    def _answer(self, data: bytes) -> dict[str, Any] | None:
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(base64.b64encode(data).decode() + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return None
        line = self._process.stdout.readline()
        self._door.outcome.inputs += 1
        answer: dict[str, Any] | None = json.loads(line) if line else None
        return answer

    def _judge(self, answer: dict[str, Any], data: bytes) -> None:
        kind = str(answer["set_aside"] or "").split(":")[0]
        if kind and kind not in KINDS:
            self._door.finding(f"set aside as {answer['set_aside']}", data)
        if answer["seconds"] > ANALYSED_SECONDS:
            self._door.finding(f"{answer['seconds']:.0f} s of a core to analyse", data)
        copy = base64.b64decode(answer["copy"])
        if bool(copy) == bool(kind):
            self._door.finding(f"a copy of {len(copy)} bytes of what is set aside as {kind or 'nothing'}", data)
        if copy and (PLANTED in copy or b"Exif" in copy or dict(Image.open(io.BytesIO(copy)).getexif())):
            self._door.finding("the copy has what was written beside the photo", data)


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _has_image() -> bool:
    try:
        return subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
