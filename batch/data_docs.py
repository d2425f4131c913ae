"""Serve Data Docs and the page of the marts, without content from other servers.

Great Expectations' pages load scripts and styles from servers of other companies and show nothing if those cannot be reached. The files
are in the image, and the pages are rewritten to use them when they are sent. A policy forbids the browser to load anything from elsewhere.
"""

import logging
import re
import signal
import sys
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from batch.paths import SITE
from tillstream.core.http_server import LoggedServer

log = logging.getLogger(__name__)

#: Libraries named in images/batch/pom.xml, unpacked as library/version/….
ASSETS = Path("/opt/pages")
PORT = 8090
#: Local path of each file that the pages load from elsewhere, by file name.
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
#: The image does not have these (a dark style, and charts that no page draws). The links are removed, because the browser would be refused
#: the file and log an error.
_NOT_HERE = re.compile(r"<script[^>]+src=[\"']https://[^>]*>\s*</script>|<link[^>]+href=[\"']https://[^>]*>|url\([\"']?https://[^)]*\)")
#: Great Expectations writes a wrong path to its icon. Without an icon a browser asks for the server's.
_ICON = re.compile(r"<link[^>]+href=\"[^\"]*favicon\.ico\"[^>]*>")
_NO_ICON = '<link rel="icon" href="data:,">'
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data:"


def rewritten(page: str) -> str:
    """Return a page that loads scripts and styles from this server and nothing from elsewhere."""
    page = _LEFT_OUT.sub("", page)
    page = _ELSEWHERE.sub(lambda link: f"/assets/{LOCAL[link[1]]}" if link[1] in LOCAL else link[0], page)
    return _ICON.sub(_NO_ICON, _NOT_HERE.sub("", page))


class Handler(SimpleHTTPRequestHandler):
    """The handler of a request. It sends a file of the site, or below /assets a file of the image."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, directory=str(SITE), **named)

    def translate_path(self, path: str) -> str:
        """Return the file for a URL path. The base class makes sure that a path does not leave its folder."""
        if path.startswith("/assets/"):
            self.directory = str(ASSETS)
            return super().translate_path(path.removeprefix("/assets"))
        self.directory = str(SITE)
        return super().translate_path(path)

    def do_GET(self) -> None:
        """Send a file. Pages of Great Expectations are rewritten."""
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
        """Add the policy to every response."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Do not log successful requests."""

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Log a request that was refused, such as one for a page that does not exist."""
        log.warning(format, *args)


def serve() -> None:
    """Serve until SIGTERM. The first process of a container ignores SIGTERM if it has no handler, and `make down` would wait a minute for it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    SITE.mkdir(parents=True, exist_ok=True)
    LoggedServer(("0.0.0.0", PORT), Handler).serve_forever()  # noqa: S104 - inside its container; compose publishes it on loopback
