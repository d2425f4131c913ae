"""The lines of the wide diagram of the whole."""

from dataclasses import dataclass, field
from itertools import pairwise

from docgen.diagrams import facts
from docgen.diagrams.canvas import Box, Canvas
from docgen.diagrams.cards import Sizes
from docgen.diagrams.frame import label

_NOWHERE = Box(0, 0, 0, 0)


@dataclass
class Places:
    """The places of the panels, by column from the left, and of the cards."""

    stream: list[Box]
    batch: list[Box]
    gap: float
    between: float
    senders: list[Box] = field(default_factory=list)
    contract: Box = _NOWHERE
    log: Box = _NOWHERE
    photos: Box = _NOWHERE
    jobs: list[Box] = field(default_factory=list)
    topics: Box = _NOWHERE
    feeders: list[Box] = field(default_factory=list)
    hot: Box = _NOWHERE
    reference: Box = _NOWHERE
    query: Box = _NOWHERE
    systems: list[Box] = field(default_factory=list)
    landing: Box = _NOWHERE
    steps: list[Box] = field(default_factory=list)
    later: list[Box] = field(default_factory=list)
    cold: Box = _NOWHERE
    answers: Box = _NOWHERE


def lines(canvas: Canvas, places: Places, sizes: Sizes) -> None:
    """Draw all lines."""
    _ingested(canvas, places)
    _processed(canvas, places, sizes)
    _loaded(canvas, places)
    _between(canvas, places, sizes)


def _ingested(canvas: Canvas, places: Places) -> None:
    live, log, photos = canvas.theme.tones["stream"].strong, places.log, places.photos
    turn = places.stream[0].right + places.gap / 2
    for box in places.senders:
        canvas.line([(box.right, box.cy), (turn, box.cy), (turn, log.cy), (log.x, log.cy)], live)
    # The last sender sends photos.
    canvas.line([(places.senders[-1].right, photos.cy + 12), (photos.x, photos.cy + 12)], live)
    canvas.line([(places.contract.cx, places.contract.bottom), (places.contract.cx, log.y)], live)
    canvas.line([(photos.cx, photos.y), (photos.cx, log.bottom)], live)


def _processed(canvas: Canvas, places: Places, sizes: Sizes) -> None:
    live, log, topics = canvas.theme.tones["stream"].strong, places.log, places.topics
    processing, storage = places.stream[2], places.batch[3]
    turn, middle = processing.x - places.gap / 2, (places.jobs[0].right + topics.x) / 2
    for job, box in zip(facts.writers(), places.jobs, strict=True):
        canvas.line([(log.right, log.cy), (turn, log.cy), (turn, box.cy), (box.x, box.cy)], live)
        if job.hot_topics:
            canvas.line([(box.right, box.cy), (middle, box.cy), (middle, topics.cy), (topics.x, topics.cy)], live)
    for above, box in pairwise([topics, *places.feeders]):
        canvas.line([(above.cx, above.bottom), (above.cx, box.y)], live)
    for box in places.feeders:
        canvas.line([(box.right, box.cy), (places.hot.x, box.cy)], live)
    leave, turn, under, into = processing.bottom - 14, processing.right + places.gap / 2, storage.y - places.between / 2, storage.x + 36
    canvas.line([(processing.right, leave), (turn, leave), (turn, under), (into, under), (into, storage.y)], live)
    label(canvas, (turn - 8, places.query.cy), "rows", "stream", sizes, anchor="end")


def _loaded(canvas: Canvas, places: Places) -> None:
    daily, landing, steps, later = canvas.theme.tones["batch"].strong, places.landing, places.steps, places.later
    turn = places.batch[0].right + places.gap / 2
    for box in places.systems:
        canvas.line([(box.right, box.cy), (turn, box.cy), (turn, landing.cy), (landing.x, landing.cy)], daily)
    canvas.line([(landing.right, steps[0].cy), (steps[0].x, steps[0].cy)], daily)
    for one, other in pairwise(steps):
        canvas.line([(one.right, one.cy), (other.x, one.cy)], daily)
    canvas.line([(steps[-1].right, steps[-1].cy), (places.cold.x, steps[-1].cy)], daily)
    canvas.line([(later[-1].right, later[-1].cy), (places.cold.x, later[-1].cy)], daily, both=True)


def _between(canvas: Canvas, places: Places, sizes: Sizes) -> None:
    """Draw the lines between stream and batch: reference data, counts and deliveries, and the query of hot and cold."""
    tones, reference, query = canvas.theme.tones, places.reference, places.query
    (_, ingestion, processing, hot, _), (_, _, batch, cold, answers) = places.stream, places.batch
    daily, half = tones["batch"].strong, places.between / 2
    canvas.line([(reference.cx, batch.y), (reference.cx, reference.bottom)], daily)
    label(canvas, (reference.cx + 10, batch.y - half - 3), "masters", "batch", sizes)
    canvas.line([(reference.cx, reference.y), (reference.cx, processing.bottom)], daily)
    label(canvas, (reference.cx + 10, processing.bottom + half + 3), "look-ups", "batch", sizes)
    leave = batch.x + 50
    canvas.line([(leave, batch.y), (leave, query.cy), (ingestion.cx, query.cy), (ingestion.cx, ingestion.bottom)], daily)
    label(canvas, (ingestion.cx + 10, query.cy + 14), "counts and deliveries", "batch", sizes)
    canvas.line([(query.cx, hot.bottom), (query.cx, query.y)], tones["hot"].strong)
    canvas.line([(query.cx, cold.y), (query.cx, query.bottom)], tones["cold"].strong)
    canvas.line([(query.right, query.cy), (answers.x, query.cy)], tones["answer"].strong)
