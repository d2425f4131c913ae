"""The service `search` behind `make search`: `tillstream jobs search` answers GET http://127.0.0.1:8095/?q=SENTENCE&format=table|tsv|json.

Loading the encoder and the language models takes longer than a search, so the service keeps them in memory (100 MB). It can be reached only from
its own container.
"""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from flink_jobs.voice.text.embedding import encoder, packed, sketch
from flink_jobs.voice.text.languages import language_of, to_english
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import RetryableError, TerminalError
from tillstream.core.http_server import LoggedServer
from tillstream.core.output import check_format, rendered
from tillstream.core.semantic_search import COLUMNS, search

ADDRESS = ("127.0.0.1", 8095)
MOST = 10


def meaning_of(sentence: str) -> bytes:
    """Return a sentence's packed vector. A Spanish sentence is translated first, as texts are."""
    if language_of(sentence) == "es":
        (sentence,) = to_english([sentence])
    return packed(encoder()([sentence])[0])


def answer(sentence: str, form: str) -> str:
    """Return the texts that are nearest in meaning, in the given format.

    Raises:
        TerminalError: the sentence is empty, the format does not exist, or Trino refused the query.
        RetryableError: Trino cannot be reached, or Apertium failed.
    """
    if not sentence.strip():
        raise TerminalError("give a sentence, as in make search Q='the milk was sour'")
    check_format(form)
    vector = meaning_of(sentence.strip())
    return rendered(COLUMNS, search(Trino(user="search"), vector, sketch(vector), MOST), form)


class Handler(BaseHTTPRequestHandler):
    """The handler of a request: `/` is a search, `/health` the health check."""

    def do_GET(self) -> None:
        """Send plain text: the texts found, or one line with the error."""
        asked = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(asked.query).items()}
        try:
            status, said = HTTPStatus.OK, "" if asked.path == "/health" else answer(given.get("q", ""), given.get("format", "table"))
        except TerminalError as error:
            status, said = HTTPStatus.BAD_REQUEST, f"{error}\n"
        except RetryableError as error:
            status, said = HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n"
        body = said.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Log nothing: a search may contain somebody's name."""


def serve() -> None:
    """Serve until SIGTERM. The models are loaded before the port opens, so a healthy service answers at once."""
    meaning_of("The milk was sour.")
    with LoggedServer(ADDRESS, Handler) as server:
        server.serve_forever()
