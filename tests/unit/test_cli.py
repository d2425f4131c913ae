"""The command line prints an error as one line and ends with an exit status that is not zero."""

import sys
from importlib import import_module

import pytest

from tillstream import cli
from tillstream.core.errors import JobError

pytestmark = pytest.mark.usefixtures("untouched_logging")


@pytest.fixture(autouse=True)
def untouched_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["tillstream", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (JobError("not accepted: sales"), "ERROR JobError: not accepted: sales\n"),
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero\n"),
    ],
)
def test_an_error_ends_with_status_1_and_ours_is_one_line(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("tillstream.verify.report.verify_platform", fail)
    assert ended(monkeypatch, "verify") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(told)
    assert (len(err.splitlines()) == 1) == isinstance(error, JobError)


@pytest.mark.parametrize("status", [0, 1, 3])
def test_verify_ends_with_its_own_status(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tillstream.verify.report.verify_platform", lambda: status)
    assert ended(monkeypatch, "verify") == status


def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    assert ended(monkeypatch, "verify") == 1
    assert "LOG_LEVEL: Input should be" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "service"),
    [
        (["produce", "web"], "produce web"),
        (["watchdog"], "watchdog"),
        (["ask", "sql", "SELECT 1"], "ask sql"),
        (["verify", "--help"], "verify"),
        ([], "tillstream"),
    ],
)
def test_a_log_names_the_command(arguments: list[str], service: str) -> None:
    assert cli._service(arguments) == service


def test_every_group_has_its_commands() -> None:
    for module in cli.GROUPS.values():
        assert import_module(module).app.registered_commands, module
