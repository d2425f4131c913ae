"""Log lines have the right form and no secrets."""

import io
import json
import logging
import threading
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from rich.console import Console

from tillstream.core import logging as ours
from tillstream.core import waiting
from tillstream.core.logging import configure_logging

log = logging.getLogger("producers.web")


pytestmark = pytest.mark.usefixtures("untouched_logging")


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "console", Console(file=io.StringIO(), force_terminal=False))


def test_a_service_logs_an_object_a_line_with_level_service_and_context(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    configure_logging("produce web")
    log.info("%s: live\nin two lines", "web-1", extra={"run_id": "web-1", "service": "not this one", "at": Path("/x")})
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    record = json.loads(line)
    assert datetime.fromisoformat(record.pop("time")).utcoffset() is not None
    assert record == {
        "level": "INFO",
        "logger": "producers.web",
        "service": "produce web",
        "message": "web-1: live\nin two lines",
        "run_id": "web-1",
        "at": "/x",
    }


def test_an_exception_is_in_the_object(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    configure_logging("watchdog")

    def fail() -> None:
        raise ValueError("in a thread of its own")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    record = json.loads(capsys.readouterr().err)
    assert record["level"] == "CRITICAL"
    assert "ValueError: in a thread of its own" in record["exception"]


def test_people_read_a_line_of_text_with_time_level_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("jobs submit")
    log.warning("sales 1a2b: submitting, afresh", extra={"run_id": "x"})
    assert capsys.readouterr().err[9:] == "WARNING sales 1a2b: submitting, afresh\n"


def test_on_a_terminal_a_record_is_text_whatever_is_set(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    monkeypatch.setattr(ours, "console", terminal)
    monkeypatch.setenv("LOG_FORMAT", "json")
    configure_logging("produce web")
    log.info("web-1: [live]")
    assert "INFO     web-1: [live]" in terminal.file.getvalue()  # type: ignore[attr-defined]
    assert capsys.readouterr().err == ""


def test_the_level_is_that_of_the_environment_and_a_librarys_chatter_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    configure_logging("verify")
    log.debug("ours")
    logging.getLogger("httpx").info("HTTP Request: GET")
    logging.getLogger("httpx").warning("a library's warning")
    shown = capsys.readouterr().err
    assert [line.split(" ", 2)[2] for line in shown.splitlines()] == ["ours", "a library's warning"]
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    with pytest.raises(ValidationError, match="LOG_LEVEL"):
        configure_logging("verify")


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_is_logged_wherever_it_comes_from(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "minio_lake_password").write_text("0123456789abcdef\n", encoding="utf-8")
    (tmp_path / "llm_api_key").write_text("", encoding="utf-8")
    monkeypatch.setattr(ours, "SECRETS_DIR", tmp_path)
    monkeypatch.setenv("LOG_FORMAT", form)
    configure_logging("batch-run")
    try:
        raise ConnectionError("s3://lake:0123456789abcdef@minio")
    except ConnectionError:
        log.exception("with %s", "0123456789abcdef", extra={"url": "s3://lake:0123456789abcdef@minio"})
    shown = capsys.readouterr().err
    assert "0123456789abcdef" not in shown
    assert "with ***" in shown
    assert "s3://lake:***@minio" in shown


def test_a_wait_is_a_record_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(waiting, "RECORD_SECONDS", 0)
    configure_logging("await-ready")
    assert waiting.await_condition("the jobs to run", iter([False, True]).__next__, 5, every=0)
    assert "INFO waiting for the jobs to run (0 s)" in capsys.readouterr().err
