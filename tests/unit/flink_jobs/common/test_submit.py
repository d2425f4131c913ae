"""The errors of jobs that a client could not start."""

import logging

import pytest

from flink_jobs.common.submit import Submitter
from tillstream.core.errors import JobError


def test_a_client_that_refuses_a_job_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    submitter = Submitter.__new__(Submitter)
    answers = {"sales": (3.0, "Caused by: no such topic\n\tat org.apache.flink.X")}
    monkeypatch.setattr(submitter, "_ask", lambda _: (answers, ["the client's own words"]))
    request = type("StartRequest", (), {"job": "sales", "name": "sales 1a2b", "restore": ""})()
    caplog.set_level(logging.INFO)
    with pytest.raises(JobError, match="not accepted: sales 1a2b"):
        submitter.start([request])
    assert "sales 1a2b: submitting, without state" in caplog.text
    assert "no such topic" in caplog.text
    assert "org.apache.flink" not in caplog.text
