"""Each claim in a day's digest is supported by texts that exist."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import numpy as np
import pytest

from batch.digests.make import AnswerError, Contact, LanguageModel, extracted
from tillstream.core.settings import LlmSettings


def contact(number: int, text: str, topic: str, sentiment: float, *vector: int) -> Contact:
    return Contact(f"id-{number}", text, (topic,), sentiment, np.array(vector, np.int8))


CONTACTS = [
    contact(1, "No bread again", "STOCK", -0.6, 100, 10),
    contact(2, "The shelf was empty", "STOCK", -0.5, 100, 0),
    contact(3, "Out of everything, and my dog is ill", "STOCK", -0.4, 0, 100),
    contact(4, "You always have bread", "STOCK", 0.6, 90, 0),
    contact(5, "The cashier was kind", "STAFF", 0.7, 10, 10),
    contact(6, "Such friendly people", "STAFF", 0.8, 20, 10),
    contact(7, "The bread was stale", "FRESHNESS", -0.7, 5, 5),
]


def test_claims_count_and_quote_the_text_that_is_nearest_to_the_others_of_its_topic() -> None:
    unhappy, happy = extracted("BAKERY", CONTACTS)
    assert unhappy.text == "3 of 4 who speak of stock in BAKERY are unhappy: “No bread again”"
    assert unhappy.event_ids == ("id-1", "id-2", "id-3")
    assert happy.text.startswith("2 of 2 who speak of staff in BAKERY are happy: ")
    assert set(happy.event_ids) == {"id-5", "id-6"}


def test_a_topic_of_which_one_speaks_makes_no_claim() -> None:
    assert extracted("BAKERY", CONTACTS[6:]) == []


class Server(BaseHTTPRequestHandler):
    """Stand-in for a language model's server. It returns the answer that the test sets."""

    content, asked = "", []  # type: ignore[var-annotated]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Server.asked.append((self.path, self.headers["Authorization"], body))
        answer = json.dumps({"choices": [{"message": {"content": Server.content}}]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    server = HTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    Server.asked.clear()
    yield LanguageModel(LlmSettings(base_url=f"http://127.0.0.1:{server.server_port}/v1/", model="some-model", api_key="the-key"))
    server.shutdown()
    server.server_close()


def test_a_language_models_claims_are_kept_where_they_name_texts_that_it_was_given(model: LanguageModel) -> None:
    Server.content = json.dumps(
        {"claims": [{"claim": "Bread is missing.", "ids": ["id-1", "id-2", "made-up"]}, {"claim": "All is well.", "ids": ["nothing"]}]}
    )
    (claim,) = model("BAKERY", CONTACTS)
    assert (claim.text, claim.event_ids) == ("Bread is missing.", ("id-1", "id-2"))
    ((path, key, body),) = Server.asked
    assert path == "/v1/chat/completions"
    assert key == "Bearer the-key"
    assert {text["id"] for text in json.loads(body["messages"][1]["content"])["texts"]} == {c.event_id for c in CONTACTS}


@pytest.mark.parametrize(
    "content", ["Sorry, I cannot do that.", '{"claims": [{"claim": "x", "ids": ["made-up"]}]}', '{"claims": []}', '["x"]', "{}"]
)
def test_an_answer_that_rests_on_nothing_is_refused(model: LanguageModel, content: str) -> None:
    Server.content = content
    with pytest.raises(AnswerError, match="some-model"):
        model("BAKERY", CONTACTS)
