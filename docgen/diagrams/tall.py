"""The diagram of the whole for phones, from top to bottom. Cards instead of lines show what goes from batch to stream."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from docgen.diagrams import facts, whole
from docgen.diagrams.canvas import Box, Canvas
from docgen.diagrams.cards import Card, Sizes
from docgen.diagrams.frame import column, column_height, label, legend, panel, row, row_height
from docgen.palette import Theme
from tillstream.core.topology import JOBS

SIZES = Sizes(heading=13, title=14, text=12, pad=9, gap=8, icon=28, narrow=250)
WIDTH, SIDE, BETWEEN = 390.0, 20.0, 24.0
ROOM = WIDTH - 2 * SIDE
#: The room inside of a panel, and the height of what is around it.
INSIDE, AROUND = ROOM - 2 * SIZES.edge, SIZES.above + SIZES.edge


class _Page:
    """A page of panels below each other."""

    def __init__(self, canvas: Canvas, top: float) -> None:
        self.canvas = canvas
        self.y = top

    def panel(self, title: str, tone: str, rows: Sequence[Sequence[Card]], gap: float = SIZES.gap) -> tuple[Box, list[list[Box]]]:
        """Draw a panel with rows of cards; return its box and those of the cards."""
        highs = [row_height(cards, INSIDE, SIZES) for cards in rows]
        box = Box(SIDE, self.y, ROOM, AROUND + sum(highs) + gap * (len(rows) - 1))
        inner = panel(self.canvas, box, title, tone, SIZES)
        boxes, y = [], inner.y
        for cards, high in zip(rows, highs, strict=True):
            boxes.append(row(self.canvas, Box(inner.x, y, inner.w, high), cards, SIZES))
            y += high + gap
        self.y = box.bottom + BETWEEN
        return box, boxes

    def flow(self, one: Box, other: Box, tone: str) -> None:
        """Draw an arrow from a box to the one below."""
        self.canvas.line([(one.cx, one.bottom), (one.cx, other.y)], self.canvas.theme.tones[tone].strong)


def _pairs(cards: Sequence[Card]) -> list[list[Card]]:
    return [list(cards[n : n + 2]) for n in range(0, len(cards), 2)]


def _plain(cards: Sequence[Card]) -> list[Card]:
    return [replace(card, icon="") for card in cards]


def draw(theme: Theme) -> str:
    """Return the picture as SVG."""
    canvas = Canvas(theme)
    live, daily = theme.tones["stream"].strong, theme.tones["batch"].strong
    canvas.text((SIDE, 34), whole.TITLE, 22, theme.text, bold=True)
    canvas.text((SIDE, 54), whole.SUBTITLE, 13, theme.muted)
    legend(canvas, SIDE, 76, SIZES)
    page = _Page(canvas, 96)

    # By stream.
    senders, _ = page.panel("Live sources", "source", [whole.sources()])
    ingestion, log = _ingestion(page)
    page.flow(senders, ingestion, "stream")
    pairs = _pairs([whole.job(job) for job in facts.writers()])
    feeding = [[whole.live_topics()], *([whole.job(job)] for job in facts.feeders())]
    title = f"Real-time processing — Flink, {facts.counted(len(JOBS), 'job')}"
    flink, boxes = page.panel(title, "stream", [[whole.reference()], *pairs, *feeding], gap=18)
    page.flow(log, flink, "stream")
    after = boxes[len(pairs) + 1 :]
    for lookup in boxes[1]:
        canvas.line([(lookup.cx, boxes[0][0].bottom), (lookup.cx, lookup.y)], daily)
    for box in boxes[len(pairs)]:
        canvas.line([(box.cx, box.bottom), (box.cx, after[0][0].y)], live)
    for (one,), (other,) in pairwise(after):
        page.flow(one, other, "stream")

    # By batch.
    systems, _ = page.panel("Daily files", "source", [_plain(whole.systems())])
    landing, _ = page.panel("Ingestion by batch", "batch", [[whole.landing()]])
    batch, _ = page.panel("Batch processing — Dagster", "batch", [_plain(whole.load()), _plain(whole.later())])
    page.flow(systems, landing, "batch")
    page.flow(landing, batch, "batch")

    # Where stream and batch meet.
    half = (ROOM - SIZES.gap * 2) / 2
    high = max(card.height(half - 2 * SIZES.edge, SIZES) for card in (whole.hot(), whole.cold())) + AROUND
    hot, cold = (Box(x, page.y, half, high) for x in (SIDE, SIDE + half + SIZES.gap * 2))
    for box, heading, tone, card in ((hot, "Hot storage", "hot", whole.hot()), (cold, "Cold storage", "cold", whole.cold())):
        column(canvas, panel(canvas, box, heading, tone, SIZES), [card], SIZES)
    canvas.line([(cold.cx, batch.bottom), (cold.cx, cold.y)], daily)
    rails, feeder, leaves = (SIDE / 2, WIDTH - SIDE / 2), after[-1][0], flink.bottom - 20
    canvas.line([(feeder.x, feeder.cy), (rails[0], feeder.cy), (rails[0], hot.cy), (hot.x, hot.cy)], live)
    canvas.line([(flink.right, leaves), (rails[1], leaves), (rails[1], cold.cy), (cold.right, cold.cy)], live)
    label(canvas, (rails[0] + 9, flink.bottom + BETWEEN / 2), "live figures", "stream", SIZES)
    label(canvas, (rails[1] - 9, flink.bottom + BETWEEN / 2), "rows", "stream", SIZES, anchor="end")
    page.y = hot.bottom + BETWEEN
    query = Box(SIDE, page.y, ROOM, whole.query().height(ROOM, SIZES))
    whole.query().draw(canvas, query, SIZES)
    page.flow(hot, query, "hot")
    page.flow(cold, query, "cold")
    page.y = query.bottom + BETWEEN
    dashboards, *others = whole.answers()
    answers, _ = page.panel("Dashboards and reports", "answer", [[dashboards], *([card] for card in others)])
    page.flow(query, answers, "answer")

    # Quality and security.
    page.panel("Quality and governance", "quality", _pairs(whole.quality()))
    page.panel("Security and privacy", "security", [*_pairs(whole.security(planned=False)), *_pairs(whole.security(built=False))])
    return canvas.svg(WIDTH, page.y - BETWEEN + SIDE / 2, whole.TITLE, whole.DESCRIPTION)


def _ingestion(page: _Page) -> tuple[Box, Box]:
    """Draw the event log and its inputs; return the boxes of the panel and of the log."""
    cards = [whole.contract(), whole.photos(), whole.movements()]
    left = 176.0
    high = max(column_height(cards, left, SIZES), whole.events(rows=True).height(INSIDE - left - 26, SIZES))
    box = Box(SIDE, page.y, ROOM, AROUND + high)
    inner = panel(page.canvas, box, "Ingestion by stream", "stream", SIZES)
    boxes = column(page.canvas, Box(inner.x, inner.y, left, high), cards, SIZES)
    (log,) = column(page.canvas, Box(inner.x + left + 26, inner.y, inner.w - left - 26, high), [whole.events(rows=True)], SIZES)
    for card, place in zip(cards, boxes, strict=True):
        page.canvas.line([(place.right, place.cy), (log.x, place.cy)], page.canvas.theme.tones[card.tone].strong)
    page.y = box.bottom + BETWEEN
    return box, log
