"""Serves Data Docs and the marts' page, whole and from here.

Great Expectations' pages take their scripts and styles from other companies' servers and show nothing where those cannot be reached. What
they need is in the image, and the pages are rewritten to it as they are sent. The browser is told to load nothing from anywhere else.
"""

import re
import signal
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from batch.paths import SITE

#: Unpacked from the libraries that images/batch/pom.xml names, as library/version/….
ASSETS = Path("/opt/pages")
PORT = 8090
#: Where the file is that a page names by an address elsewhere.
LOCAL = {
    "bootstrap.min.css": "bootstrap/4.3.1/css/bootstrap.min.css",
    "bootstrap.min.js": "bootstrap/4.3.1/js/bootstrap.min.js",
    "bootstrap-table.min.css": "bootstrap-table/1.19.1/dist/bootstrap-table.min.css",
    "bootstrap-table.min.js": "bootstrap-table/1.19.1/dist/bootstrap-table.min.js",
    "bootstrap-table-filter-control.min.css": "bootstrap-table/1.19.1/dist/extensions/filter-control/bootstrap-table-filter-control.min.css",
    "bootstrap-table-filter-control.min.js": "bootstrap-table/1.19.1/dist/extensions/filter-control/bootstrap-table-filter-control.min.js",
    "bootstrap-datepicker.min.css": "bootstrap-datepicker/1.9.0/css/bootstrap-datepicker.min.css",
    "bootstrap-datepicker.min.js": "bootstrap-datepicker/1.9.0/js/bootstrap-datepicker.min.js",
    "all.min.css": "font-awesome/6.6.0/css/all.min.css",
    "jquery-3.7.1.min.js": "jquery/3.7.1/jquery.min.js",
    "popper.min.js": "popper.js/1.12.9/umd/popper.min.js",
}
_ELSEWHERE = re.compile(r"https://[^\"'\s>]+/([^/\"'\s>?]+\.(?:css|js))")
_LEFT_OUT = re.compile(r"<img[^>]+src=\"https://[^>]+>|\s+integrity=\"[^\"]*\"|\s+crossorigin=\"[^\"]*\"")
#: What the image has not (a dark style, and charts that no page here draws) is not asked for: the browser would be refused it, and say so.
_NOT_HERE = re.compile(r"<script[^>]+src=[\"']https://[^>]*>\s*</script>|<link[^>]+href=[\"']https://[^>]*>|url\([\"']?https://[^)]*\)")
#: Great Expectations counts the folders up to its icon wrongly. Without any, a browser would ask for the server's.
_ICON = re.compile(r"<link[^>]+href=\"[^\"]*favicon\.ico\"[^>]*>")
_NO_ICON = '<link rel="icon" href="data:,">'
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data:"


def rewritten(page: str) -> str:
    """Return the page with its scripts and styles from here, and with nothing from elsewhere."""
    page = _LEFT_OUT.sub("", page)
    page = _ELSEWHERE.sub(lambda found: f"/assets/{LOCAL[found[1]]}" if found[1] in LOCAL else found[0], page)
    return _ICON.sub(_NO_ICON, _NOT_HERE.sub("", page))


class Handler(SimpleHTTPRequestHandler):
    """Sends the site's files, and below /assets those of the image."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, directory=str(SITE), **named)

    def translate_path(self, path: str) -> str:
        """Where the file is; the base class takes care that a path does not leave its folder."""
        if path.startswith("/assets/"):
            self.directory = str(ASSETS)
            return super().translate_path(path.removeprefix("/assets"))
        self.directory = str(SITE)
        return super().translate_path(path)

    def do_GET(self) -> None:
        """Sends a file, a page of Great Expectations' rewritten."""
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file = file / "index.html"
        if file.suffix != ".html" or not file.is_file():
            super().do_GET()
            return
        body = rewritten(file.read_text(encoding="utf-8")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """With each answer: nothing from elsewhere."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Says nothing of what went well."""


def serve() -> None:
    """The process, until SIGTERM, which the first process of a container does not heed by itself: `make down` waited a minute for it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    SITE.mkdir(parents=True, exist_ok=True)
    ThreadingHTTPServer(("0.0.0.0", PORT), Handler).serve_forever()  # noqa: S104 - inside its container; compose publishes it on loopback
