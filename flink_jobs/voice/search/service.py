"""The service `search`, which `make search` asks: `tillstream jobs search` answers GET http://127.0.0.1:8095/?q=SENTENCE&format=table|tsv|json.

To start a process that reads the encoder's weights and the languages' models takes longer than the search; here they stay in memory (100 MB). It
listens to its own container alone.
"""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from flink_jobs.voice.text.embedding import encoder, packed, sketch
from flink_jobs.voice.text.languages import language_of, to_english
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import RetryableError, TerminalError
from tillstream.core.output import check_format, rendered
from tillstream.core.semantic_search import COLUMNS, search

ADDRESS = ("127.0.0.1", 8095)
MOST = 10


def meaning_of(sentence: str) -> bytes:
    """A sentence's packed vector; one in Spanish is translated first, as texts are."""
    if language_of(sentence) == "es":
        (sentence,) = to_english([sentence])
    return packed(encoder()([sentence])[0])


def answer(sentence: str, form: str) -> str:
    """The texts that are nearest in meaning.

    Raises:
        TerminalError: no sentence, no such format, or Trino refused the question.
        RetryableError: Trino cannot be reached, or Apertium has failed.
    """
    if not sentence.strip():
        raise TerminalError("give a sentence, as in make search Q='the milk was sour'")
    check_format(form)
    vector = meaning_of(sentence.strip())
    return rendered(COLUMNS, search(Trino(user="search"), vector, sketch(vector), MOST), form)


class Handler(BaseHTTPRequestHandler):
    """`/` answers, `/health` says that it could."""

    def do_GET(self) -> None:
        """Gives plain text: what was found, or in a line why not."""
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
        """What is searched for may be somebody's name: no log has it."""


def serve() -> None:
    """Serve until SIGTERM; the models are loaded first, so that who finds it healthy need not wait for them."""
    meaning_of("The milk was sour.")
    with ThreadingHTTPServer(ADDRESS, Handler) as server:
        server.serve_forever()
