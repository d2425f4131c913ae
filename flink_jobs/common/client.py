"""Submit several jobs from one Flink client, so that the start of the client and the planner is paid once.

`flink_jobs.common.submit` runs it as `flink run --python client.py [{...}, ...]`, with one StartRequest per job. It prints one JSON object per line.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway

from flink_jobs.common.positions import Place, deleted, landed_before, parsed, past_end, refusal
from flink_jobs.common.start_request import StartRequest
from tillstream.core.settings import JobSettings
from tillstream.core.topology import JOBS

log = logging.getLogger("flink_jobs.common.client")

#: Our names of the state backends, and Flink's.
BACKENDS = {"heap": "hashmap", "rocksdb": "rocksdb"}


def carry_out(request: StartRequest) -> str:
    """Carry out one request. Return the error, or an empty string on success."""
    try:
        module = import_module(f"flink_jobs.{request.job}.job")
        settings = JobSettings().model_copy(update={"began_ms": request.began_ms})
        # The checkpoint is of a version with other sources: the new sources begin where the old ones stopped.
        moved = _is_of_other_sources(request, module)
        if error := _prepare(request, settings, moved=moved):
            return error
        if request.how != "fill":
            if not request.restore and (forgotten := getattr(module, "FORGETS", ())):
                _forget(settings, forgotten)
            _submit(request, settings, module, moved=moved)
    except Exception:  # noqa: BLE001 - whatever it is, report it and submit the other jobs
        return traceback.format_exc()
    return ""


def _submit(request: StartRequest, settings: JobSettings, module: Any, *, moved: bool) -> None:
    """Build and submit the job."""
    configuration = Configuration()
    configuration.set_string("state.backend.type", BACKENDS[request.state])
    if request.how == "resume" or moved:
        settings = settings.model_copy(update={"startup": "group-offsets"})
    if request.restore:
        # All state must be restored: a source without its offsets would read its topics again, and the lake would get every row twice.
        # If the sources have changed, their offsets come from the consumer group (see _prepare).
        configuration.set_string("execution.state-recovery.ignore-unclaimed-state", str(moved).lower())
        configuration.set_string("execution.state-recovery.path", request.restore)
    for key, value in getattr(module, "CONFIGURATION", {}).items():
        configuration.set_string(key, value)
    env = StreamExecutionEnvironment.get_execution_environment(configuration)
    module.build(env, settings)
    env.execute_async(request.name)


def _is_of_other_sources(request: StartRequest, module: Any) -> bool:
    """Return whether the checkpoint comes from a version with other sources: it lacks the state named by the job's MARK."""
    mark = getattr(module, "MARK", "")
    return bool(request.restore and mark and not get_gateway().jvm.tillstream.positions.Checkpoint.has(request.restore, mark))


def _prepare(request: StartRequest, settings: JobSettings, *, moved: bool) -> str:
    """Compare the job's offsets with Kafka. Return why the job must not start, or an empty string if it may.

    No topic of the hot-store job is compared: reading records again changes nothing in Redis.
    """
    topics = list(JOBS[request.job].compared)
    if not topics:
        return ""
    jvm = get_gateway().jvm.tillstream.positions
    kafka_log = jvm.Log(settings.bootstrap)
    try:
        places = {partition: Place(*numbers) for partition, numbers in parsed(kafka_log.partitions(request.job, topics))}
        if request.restore:
            read = parsed(jvm.Checkpoint.positions(request.restore))
            # An offset below 0 is a marker: nothing was read from the partition yet.
            restored = {partition: numbers[0] for partition, numbers in read if partition in places and numbers[0] >= 0}
            if request.how == "fill":
                for (topic, number), offset in past_end(restored, places).items():
                    kafka_log.fill(topic, number, offset)
                    log.info("%s-%d: moved the end from %s", topic, number, f"{places[topic, number].end:,} past {offset:,}")
                return ""
            there = {partition: offset for partition, offset in restored.items() if offset <= places[partition].end}
            times_before = {(topic, number): kafka_log.timeBefore(topic, number, offset) for (topic, number), offset in there.items()}
            if lost := deleted(restored, places):
                log.warning("%s: retention has deleted records before the job read them: %s", request.name, lost)
            error = refusal(request.job, restored, places, times_before, request.written_ms, lands=request.lands)
            if moved and not error:
                begun = {(topic, number): max(restored.get((topic, number), 0), place.begin) for (topic, number), place in places.items()}
                kafka_log.setCommitted(request.job, [f"{topic} {number} {offset}" for (topic, number), offset in begun.items()])
            return error
        if request.how == "resume":
            kafka_log.setCommitted(request.job, [f"{topic} {number} {place.resumed}" for (topic, number), place in places.items()])
        elif request.how == "begin" and request.lands and (landed := landed_before(places)):
            return (
                f"{request.job} has written rows to the lake (committed: {landed}) but has no checkpoint or savepoint. From the beginning of its topics it "
                f"would write them twice. Run `make jobs-resume J={request.job}` to start it at the offsets that it has committed"
            )
    finally:
        kafka_log.close()
    return ""


def _forget(settings: JobSettings, topics: Iterable[str]) -> None:
    """Delete every key of the topics. A job that starts without state does not overwrite all of their keys."""
    kafka_log = get_gateway().jvm.tillstream.positions.Log(settings.bootstrap)
    try:
        for topic in topics:
            if count := kafka_log.forget(topic):
                log.info("%s: deleted %s old figures; the job computes them again", topic, f"{count:,}")
    finally:
        kafka_log.close()


class _ToSubmitter(logging.Handler):
    """A log handler that hands each of our records to flink_jobs.common.submit, which logs it as its own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record as a line of JSON on standard output."""
        _answer(told=record.getMessage(), level=record.levelno)


def _answer(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Carry out the requests one after the other."""
    ours = logging.getLogger("flink_jobs")
    ours.addHandler(_ToSubmitter())
    ours.setLevel(logging.INFO)
    for wanted in json.loads(sys.argv[1]):
        request, begun = StartRequest(**wanted), time.monotonic()
        error = carry_out(request)
        _answer(job=request.job, seconds=time.monotonic() - begun, error=error)


if __name__ == "__main__":
    main()
