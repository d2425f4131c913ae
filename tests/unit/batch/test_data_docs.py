"""Data Docs as they are sent: whole, and with nothing from elsewhere."""

import re

from batch.data_docs import LOCAL, rewritten
from tests.support.compose_platform import ROOT

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
