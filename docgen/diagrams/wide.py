"""The diagram of the whole for projectors and wide screens: left to right, on a field of 16 by 9."""

from docgen.diagrams import facts, whole
from docgen.diagrams.canvas import Box, Canvas
from docgen.diagrams.cards import Sizes
from docgen.diagrams.frame import band, column, column_height, legend, legend_width, panel, row, row_height
from docgen.diagrams.wide_lines import Places, lines
from docgen.palette import Theme
from tillstream.core.topology import JOBS

SIZES = Sizes(heading=16, title=17, text=15, pad=10, gap=7, icon=30, narrow=200)
WIDTH, HEIGHT, MARGIN = 1600.0, 900.0, 16.0
TOP, BETWEEN, GAP = 48.0, 22.0, 34.0
#: The widths of the columns: sources, ingestion, processing, storage, answers.
WIDTHS = (208.0, 222.0, 510.0, 246.0, 246.0)
#: The widths of the jobs, of the cards after them, of the reference data, and of a band's heading.
JOBS_WIDTH, FEED_WIDTH, REFERENCE_WIDTH, BESIDE = 280.0, 182.0, 350.0, 114.0
#: The gaps between cards with a line between them, in a column and in a row.
DOWN, ALONG = 26.0, 18.0


def draw(theme: Theme) -> str:
    """Return the picture as SVG."""
    canvas = Canvas(theme)
    canvas.text((MARGIN, 33), whole.TITLE, 26, theme.text, bold=True, after=(whole.SUBTITLE, 17, theme.muted))
    legend(canvas, WIDTH - MARGIN - legend_width(SIZES), 27, SIZES)
    by_stream, between, by_batch, each_band = _heights()
    y_between = TOP + by_stream + BETWEEN
    y_batch = y_between + between + BETWEEN
    y_bands = y_batch + by_batch + 12
    xs = [MARGIN + sum(WIDTHS[:n]) + GAP * n for n in range(len(WIDTHS))]
    stream = [Box(x, TOP, width, by_stream) for x, width in zip(xs, WIDTHS, strict=True)]
    batch = [Box(x, y_batch, width, by_batch) for x, width in zip(xs, WIDTHS, strict=True)]
    places = Places(stream, batch, GAP, BETWEEN)
    _draw_stream(canvas, places)
    _draw_batch(canvas, places)

    places.reference = Box(stream[2].x + 110, y_between + 7, REFERENCE_WIDTH, between - 14)
    whole.reference().draw(canvas, places.reference, SIZES)
    places.query = Box(xs[3], y_between, WIDTHS[3], between)
    whole.query().draw(canvas, places.query, SIZES)
    places.answers = Box(xs[4], TOP, WIDTHS[4], batch[4].bottom - TOP)
    column(canvas, panel(canvas, places.answers, "Dashboards and reports", "answer", SIZES), whole.answers(), SIZES)
    lines(canvas, places, SIZES)

    bands = (("Quality and governance", "quality", whole.quality()), ("Security and privacy", "security", whole.security()))
    for number, (title, tone, cards) in enumerate(bands):
        box = Box(MARGIN, y_bands + number * (each_band + SIZES.gap), WIDTH - 2 * MARGIN, each_band)
        row(canvas, band(canvas, box, title, tone, SIZES, beside=BESIDE), cards, SIZES)
    return canvas.svg(WIDTH, y_bands + 2 * each_band + SIZES.gap + MARGIN, whole.TITLE, whole.DESCRIPTION)


def _heights() -> tuple[float, float, float, float]:
    """Return the heights of the stream row, of the row between, of the batch row, and of each band below.

    If less than HEIGHT is needed, the stream row gets the rest.
    """
    inside = [width - 2 * SIZES.edge for width in WIDTHS]
    around = SIZES.above + SIZES.edge
    between = max(whole.query().height(WIDTHS[3], SIZES), whole.reference().height(REFERENCE_WIDTH, SIZES) + 14)
    steps = ((whole.load(), ALONG), (whole.later(), SIZES.gap))
    batch = around + max(
        2 * max(row_height(cards, inside[2], SIZES, gap) for cards, gap in steps) + SIZES.gap,
        column_height([whole.cold()], inside[3], SIZES),
        column_height(whole.systems(), inside[0], SIZES) - between - BETWEEN,
    )
    bands = max(row_height(cards, WIDTH - 2 * MARGIN - BESIDE - SIZES.edge, SIZES) for cards in (whole.quality(), whole.security()))
    columns = (
        (whole.sources(), inside[0], SIZES.gap),
        ([whole.contract(), whole.events(), whole.photos()], inside[1], DOWN),
        ([whole.job(job) for job in facts.writers()], JOBS_WIDTH, SIZES.gap),
        ([whole.live_topics(), *(whole.job(job) for job in facts.feeders())], FEED_WIDTH, DOWN),
        ([whole.hot()], inside[3], SIZES.gap),
    )
    stream = around + max(column_height(cards, room, SIZES, gap) for cards, room, gap in columns)
    stream = max(stream, column_height(whole.answers(), inside[4], SIZES) + around - between - 2 * BETWEEN - batch)
    each_band = bands + 2 * SIZES.edge
    spare = HEIGHT - TOP - 2 * BETWEEN - 12 - SIZES.gap - MARGIN - stream - between - batch - 2 * each_band
    return stream + max(spare, 0), between, batch, each_band


def _draw_stream(canvas: Canvas, places: Places) -> None:
    """Draw the stream row."""
    sources, ingestion, processing, storage, _ = places.stream
    places.senders = column(canvas, panel(canvas, sources, "Live sources", "source", SIZES), whole.sources(), SIZES)
    inner = panel(canvas, ingestion, "Ingestion by stream", "stream", SIZES)
    cards = [whole.contract(), whole.events(), whole.photos()]
    places.contract, places.log, places.photos = column(canvas, inner, cards, SIZES, spread=DOWN)
    inner = panel(canvas, processing, f"Real-time processing — Flink, {facts.counted(len(JOBS), 'job')}", "stream", SIZES)
    places.jobs = column(canvas, Box(inner.x, inner.y, JOBS_WIDTH, inner.h), [whole.job(job) for job in facts.writers()], SIZES)
    cards = [whole.live_topics(), *(whole.job(job) for job in facts.feeders())]
    right = Box(inner.right - FEED_WIDTH, inner.y, FEED_WIDTH, inner.h)
    places.topics, *places.feeders = column(canvas, right, cards, SIZES, spread=DOWN)
    (places.hot,) = column(canvas, panel(canvas, storage, "Hot storage", "hot", SIZES), [whole.hot()], SIZES)


def _draw_batch(canvas: Canvas, places: Places) -> None:
    """Draw the batch row. The panel of its sources also covers the row between."""
    sources, ingestion, processing, storage, _ = places.batch
    top = places.stream[0].bottom + BETWEEN
    files = Box(sources.x, top, sources.w, sources.bottom - top)
    places.systems = column(canvas, panel(canvas, files, "Daily files", "source", SIZES), whole.systems(), SIZES)
    (places.landing,) = column(canvas, panel(canvas, ingestion, "Ingestion by batch", "batch", SIZES), [whole.landing()], SIZES)
    inner = panel(canvas, processing, "Batch processing — Dagster", "batch", SIZES)
    half = (inner.h - SIZES.gap) / 2
    places.steps = row(canvas, Box(inner.x, inner.y, inner.w, half), whole.load(), SIZES, gap=ALONG)
    places.later = row(canvas, Box(inner.x, inner.y + half + SIZES.gap, inner.w, half), whole.later(), SIZES)
    (places.cold,) = column(canvas, panel(canvas, storage, "Cold storage", "cold", SIZES), [whole.cold()], SIZES)
