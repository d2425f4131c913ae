"""A path for wide screens: columns from left to right."""

from docgen.diagrams.canvas import Box, Canvas, Point
from docgen.diagrams.cards import Sizes
from docgen.diagrams.frame import panel
from docgen.diagrams.paths.path import Path
from docgen.palette import Theme

SIZES = Sizes(heading=15, title=16, text=14, pad=11, gap=20, icon=30, narrow=150)
WIDTH, MARGIN, GAP, TOP = 1440.0, 20.0, 40.0, 56.0
#: The least width of a column, and the distance from the middle of a card at which lines from above and below end.
LEAST, ASIDE = 190.0, 18.0


def draw(path: Path, theme: Theme) -> str:
    """Return the picture as SVG."""
    canvas = Canvas(theme)
    widths = _widths(path)
    xs = [MARGIN + sum(widths[:n]) + GAP * n for n in range(len(widths))]
    rows = max(node.row for node in path.nodes.values()) + 1
    needed = {name: node.card.height(widths[node.column] - 2 * SIZES.edge, SIZES) for name, node in path.nodes.items()}
    highs = [max(needed[name] for name, node in path.nodes.items() if (node.row, node.rows) == (row, 1)) for row in range(rows)]
    bottom = TOP + SIZES.above + sum(highs) + SIZES.gap * (rows - 1) + SIZES.edge
    canvas.text((MARGIN, 36), path.title, 24, theme.text, bold=True)
    inners = []
    for x, width, (title, tone) in zip(xs, widths, path.columns, strict=True):
        inners.append(panel(canvas, Box(x, TOP, width, bottom - TOP), title, tone, SIZES))
    boxes = {}
    for name, node in path.nodes.items():
        inner = inners[node.column]
        top = inner.y + sum(highs[: node.row]) + SIZES.gap * node.row
        room = sum(highs[node.row : node.row + node.rows]) + SIZES.gap * (node.rows - 1)
        boxes[name] = Box(inner.x, top + (room - needed[name]) / 2, inner.w, needed[name])
        node.card.draw(canvas, boxes[name], SIZES)
    for start, end in path.edges:
        canvas.line(_way(boxes[start], boxes[end]), theme.tones[path.tone(start, end)].strong)
    return canvas.svg(WIDTH, bottom + MARGIN, path.title, path.description)


def _widths(path: Path) -> list[float]:
    """Return the widths of the columns: each has room for its longest name, and an equal part of the rest."""
    least = [LEAST] * len(path.columns)
    for node in path.nodes.values():
        least[node.column] = max(least[node.column], node.card.least_for_names(SIZES) + 2 * SIZES.edge)
    spare = WIDTH - 2 * MARGIN - GAP * (len(least) - 1) - sum(least)
    return [one + spare / len(least) for one in least]


def _way(one: Box, other: Box) -> list[Point]:
    """Return the points of a line: upright in a column, otherwise level, with a turn if the boxes are in different rows."""
    if one.x == other.x:
        return [(one.cx, one.bottom), (one.cx, other.y)] if one.y < other.y else [(one.cx, one.y), (one.cx, other.bottom)]
    if other.y + ASIDE < one.cy < other.bottom - ASIDE:
        return [(one.right, one.cy), (other.x, one.cy)]
    turn = other.x - SIZES.edge - GAP / 2
    port = other.cy + (ASIDE if one.cy > other.cy else -ASIDE)
    return [(one.right, one.cy), (turn, one.cy), (turn, port), (other.x, port)]
