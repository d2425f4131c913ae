"""The eight questions: every store has an answer to each, and the SQL and what Redis counts at write time say the same."""

import ast
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench.tiers import parameters
from bench.tiers.answers import canonical, made
from bench.tiers.measure import PLACES
from bench.tiers.questions import Parameters, as_json, bound, from_json, literal, order, questions
from bench.tiers.rows import Exchange
from bench.tiers.stores.redis_answers import ANSWERS
from bench.tiers.stores.redis_answers import PLACES as PLACES_OF_TOP
from bench.tiers.stores.redis_keys import commands
from tests.support.compose_platform import ROOT
from tests.unit.bench import tier_rows

QUESTIONS = questions()


class Hot:
    """As much of Redis as the store uses."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
        self.texts: dict[str, str] = {}
        self._waiting: list[str] = []

    def run(self, command: str, key: str, *rest: Any) -> None:
        match command, rest:
            case "SET", (value,):
                self.texts[key] = value
            case "HINCRBY", (field, amount):
                self.hashes[key][field] += amount
            case "ZINCRBY", (amount, member):
                self.hashes[key][member] += amount
            case "HSET", (field, value):
                self.hashes[key][field] = value
            case "INCRBY", (amount,):
                self.texts[key] = str(int(self.texts.get(key, 0)) + amount)

    def get(self, key: str) -> str:
        return self.texts[key]

    def hgetall(self, key: str) -> dict[str, str]:
        self._waiting.append(key)
        return {field: str(value) for field, value in self.hashes.get(key, {}).items()}

    def pipeline(self, **_: Any) -> "Hot":
        self._waiting.clear()
        return self

    def execute(self) -> list[dict[str, str]]:
        return [self.hgetall(key) for key in list(self._waiting)]

    def eval(self, _: str, __: int, *keys: str) -> list[str]:
        sums: dict[str, int] = defaultdict(int)
        for key in keys:
            for member, score in self.hashes.get(key, {}).items():
                sums[member] += score
        tenth = sorted(sums.values(), reverse=True)[:PLACES_OF_TOP][-1]
        return [text for member, score in sums.items() if score >= tenth for text in (member, str(score))]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    return tier_rows.exchange(tmp_path_factory.mktemp("exchange"))


@pytest.fixture(scope="module")
def hot(exchange: Exchange) -> Hot:
    store = Hot()
    for basket in exchange.baskets():
        for command in commands(basket, tier_rows.UNTIL):
            store.run(*command)
    for product, shop, units in exchange.pairs():
        store.run("HSET", f"stock:{product}", shop, units)
    return store


@pytest.fixture(scope="module")
def tables(exchange: Exchange) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    rows = [
        line | {"net_amount": int(line["net_amount"] * 100), "event_time": f"{line['event_time']}"}
        for b in exchange.baskets()
        for line in b
    ]
    connection.execute(f"CREATE TABLE lines ({', '.join(rows[0])})")
    connection.executemany(f"INSERT INTO lines VALUES ({', '.join(f':{name}' for name in rows[0])})", rows)
    connection.execute("CREATE TABLE stock (product_id, store_id, units)")
    connection.executemany("INSERT INTO stock VALUES (?, ?, ?)", exchange.pairs())
    return connection


def asked(tables: sqlite3.Connection, name: str, chosen: Parameters) -> list[tuple[Any, ...]]:
    """Return the answer of a database that knows neither decimals nor times: cents and texts stand for them."""
    bindings = {key: f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value for key, value in chosen.items()}
    cursor = tables.execute(bound(QUESTIONS[name], "lines", "stock", lambda key: f":{key}"), bindings)
    convert = {
        "net_amount": lambda cents: Decimal(cents).scaleb(-2),
        "sold": lambda cents: Decimal(cents).scaleb(-2),
        "last_purchase": datetime.fromisoformat,
    }
    names = [column[0] for column in cursor.description]
    rows: Iterable[Any] = cursor.fetchall()
    return made(QUESTIONS[name], [tuple(convert.get(key, lambda same: same)(v) for key, v in zip(names, row, strict=True)) for row in rows])


@pytest.mark.parametrize("name", QUESTIONS)
def test_redis_answers_as_the_sql_does(exchange: Exchange, hot: Hot, tables: sqlite3.Connection, name: str) -> None:
    drawn = parameters.load(exchange)[name]
    assert drawn
    for chosen in drawn:
        answer = canonical(QUESTIONS[name], asked(tables, name, chosen))
        assert answer
        assert canonical(QUESTIONS[name], ANSWERS[name](hot, chosen)) == answer


def test_redis_counts_all_lines_and_keeps_figures_by_minute_for_a_day(exchange: Exchange, hot: Hot) -> None:
    assert int(hot.get("lines")) == exchange.exported().lines
    minutes = sorted(key.removeprefix("minute:") for key in hot.hashes if key.startswith("minute:"))
    assert minutes[0] >= "2026-11-27T19:30"
    stores = {key for key in hot.hashes if key.startswith("stores:")}
    assert stores
    assert stores <= {f"stores:2026-11-{day}" for day in (26, 27, 28)}


def test_there_are_eight_questions_and_every_store_has_parameters_and_an_answer_for_each(exchange: Exchange) -> None:
    assert len(QUESTIONS) == 8
    assert list(ANSWERS) == list(QUESTIONS) == list(parameters.load(exchange))
    for name, question in QUESTIONS.items():
        assert set(order(question)) == set(question.parameters) == set(parameters.load(exchange)[name][0])


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_bound_query_has_no_placeholder_left(exchange: Exchange, name: str) -> None:
    chosen = parameters.load(exchange)[name][0]
    query = bound(QUESTIONS[name], "lake.bench.lines_fresh", "lake.bench.stock_fresh", lambda key: literal(chosen[key]))
    assert "$" not in query
    assert query.count("'") == 2 * len(QUESTIONS[name].parameters) + (query.count("'SALE'") * 2)


def test_a_literal_of_trino_is_in_utc_and_quotes_are_doubled() -> None:
    assert literal(tier_rows.UNTIL) == "TIMESTAMP '2026-11-28 19:30:00.000000 UTC'"
    assert literal("it's") == "'it''s'"


def test_parameters_survive_the_file() -> None:
    span: Parameters = {"start": tier_rows.UNTIL, "end": tier_rows.UNTIL, "customer": "ann"}
    assert from_json(as_json(span)) == span


def test_every_store_that_is_measured_is_one_that_the_client_knows() -> None:
    # The client itself needs what only the image has.
    tree = ast.parse(Path(ROOT / "bench/tiers/client.py").read_text(encoding="utf-8"))
    (known,) = [node.value for node in tree.body if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "STORES"]
    assert isinstance(known, ast.Dict)
    assert [ast.literal_eval(key) for key in known.keys if key] == list(PLACES)
