"""The pages of Data Docs are served complete, and load nothing from other servers."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest

from batch import data_docs
from batch.data_docs import LOCAL, Handler, rewritten
from tests.support.compose_platform import ROOT
from tillstream.core.http_server import LoggedServer

PAGE = """<link rel="shortcut icon" href="../../../static/images/favicon.ico" type="image/x-icon"/>
<link rel="stylesheet" href="https://maxcdn.example.com/bootstrap/4.3.1/css/bootstrap.min.css" integrity="sha384-x" crossorigin="anonymous"/>
<script src="https://unpkg.example.com/bootstrap-table@1.19.1/dist/bootstrap-table.min.js"></script>
<script src="https://cdn.example.com/npm/vega@5"></script>
<img class="logo" src="https://assets.example.com/logo.png?id=1" alt="logo"><a href="https://docs.example.com/guide">guide</a>"""


def test_scripts_and_styles_that_the_image_has_come_from_it_and_pictures_from_elsewhere_go() -> None:
    page = rewritten(PAGE)
    assert f'href="/assets/{LOCAL["bootstrap.min.css"]}"' in page
    assert f'src="/assets/{LOCAL["bootstrap-table.min.js"]}"' in page
    assert "integrity" not in page
    assert "<img" not in page
    assert "vega" not in page
    assert "favicon.ico" not in page
    assert 'rel="icon" href="data:,"' in page
    assert 'href="https://docs.example.com/guide"' in page


def test_each_file_is_of_a_library_that_the_image_takes_in() -> None:
    pom = (ROOT / "images/batch/pom.xml").read_text(encoding="utf-8")
    taken = dict(re.findall(r"<artifactId>([^<]+)</artifactId><version>([^<]+)</version>", pom))
    for path in LOCAL.values():
        library, version = path.split("/")[:2]
        assert taken[library] == version


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(data_docs, "SITE", tmp_path)
    (tmp_path / "index.html").write_text("<h1>Data Docs</h1>", encoding="utf-8")
    (tmp_path / "broken.html").write_bytes(b"\xff")
    with LoggedServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_refused_request_and_an_unexpected_error_are_logged_and_a_page_is_not(
    address: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    assert httpx.get(f"{address}/index.html").text == "<h1>Data Docs</h1>"
    assert caplog.records == []
    assert httpx.get(f"{address}/nothing.html").status_code == 404
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{address}/broken.html")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "code 404, message File not found"),
        ("ERROR", "a request failed"),
    ]
    assert capsys.readouterr() == ("", "")
