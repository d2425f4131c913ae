"""The service of semantic search."""

import io
import sys
from importlib import import_module
from types import ModuleType

import pytest


class Asked:
    """A request to the service, without a socket."""

    def __init__(self, path: str) -> None:
        self.path, self.status, self.wfile = path, 0, io.BytesIO()

    def send_response(self, status: int) -> None:
        self.status = status

    def send_header(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        pass


def test_a_search_in_a_format_that_there_is_not_is_refused_before_a_model_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("a model was asked")

    for name, functions in {
        "embedding": ("encoder", "packed", "sketch"),
        "languages": ("TranslationError", "language_of", "to_english"),
    }.items():
        stub = ModuleType(name)
        for function in functions:
            setattr(stub, function, asked)
        monkeypatch.setitem(sys.modules, f"flink_jobs.voice.text.{name}", stub)
    service = import_module("flink_jobs.voice.search.service")
    # This module was imported with stand-ins, so other tests must not find it.
    del sys.modules["flink_jobs.voice.search.service"]
    monkeypatch.setattr(service, "search", asked)
    request = Asked("/?q=sour%20milk&format=bad")
    service.Handler.do_GET(request)
    assert request.status == 400
    assert request.wfile.getvalue().decode() == "no format 'bad': table, tsv or json\n"
