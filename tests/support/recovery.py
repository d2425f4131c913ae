"""Wait until a job has recovered."""

from tests.support.compose_platform import Platform, eventually


def last_checkpoint(platform: Platform) -> int:
    latest = platform.checkpoints()["latest"]["completed"]
    return latest["id"] if latest else 0


def wait_until_the_job_goes_on(platform: Platform) -> None:
    """Wait for two more checkpoints and the state RUNNING. The second completes only when the files of the first are in the lake's catalog.

    One is not enough. A job whose commit fails has completed that checkpoint, and restarts.
    """
    before = eventually("a completed checkpoint", lambda: last_checkpoint(platform), 180)
    eventually(
        "the sales job to run and to complete two more checkpoints",
        lambda: last_checkpoint(platform) >= before + 2 and platform.job("sales").get("state") == "RUNNING",
        240,
    )
