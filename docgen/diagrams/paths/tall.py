"""A path for phones: cards below each other, with lines beside them."""

from docgen.diagrams.canvas import Box, Canvas, Point
from docgen.diagrams.cards import Sizes
from docgen.diagrams.paths.lanes import lanes
from docgen.diagrams.paths.path import Path
from docgen.palette import Theme

SIZES = Sizes(heading=13, title=14, text=12, pad=10, gap=22, icon=28, narrow=150)
WIDTH, MARGIN, TOP = 390.0, 8.0, 48.0
#: The width of a lane, the gap beside the lanes, and the distance of lines from the middle of a card.
LANE, BESIDE, ASIDE = 12.0, 5.0, 9.0


def draw(path: Path, theme: Theme) -> str:
    """Return the picture as SVG."""
    canvas = Canvas(theme)
    order = {name: number for number, name in enumerate(path.nodes)}
    numbered = {(order[start], order[end]): path.tone(start, end) for start, end in path.edges}
    beside = lanes([line for line in numbered if abs(line[1] - line[0]) > 1])
    left, right = (MARGIN + (LANE * used + BESIDE if used else 0) for used in _used(list(beside.values())))
    canvas.text((left, 32), path.title, 19, theme.text, bold=True)
    boxes: list[Box] = []
    for node in path.nodes.values():
        top = boxes[-1].bottom + SIZES.gap if boxes else TOP
        room = WIDTH - left - right
        boxes.append(Box(left, top, room, node.card.height(room, SIZES)))
        node.card.draw(canvas, boxes[-1], SIZES)
    for (start, end), tone in numbered.items():
        canvas.line(_way(boxes[start], boxes[end], beside.get((start, end), 0)), theme.tones[tone].strong, head=7)
    return canvas.svg(WIDTH, boxes[-1].bottom + MARGIN, path.title, path.description)


def _used(numbers: list[int]) -> tuple[int, int]:
    """Return the numbers of lanes at the left and at the right."""
    return -min(*numbers, 0, 0), max(*numbers, 0, 0)


def _way(one: Box, other: Box, lane: int) -> list[Point]:
    """Return the points of a line: straight to the next card, or through a lane."""
    down = 1 if one.y < other.y else -1
    if not lane:
        return [(one.cx, one.bottom), (one.cx, other.y)] if down > 0 else [(one.cx, one.y), (one.cx, other.bottom)]
    x, side = (one.right + lane * LANE, one.right) if lane > 0 else (one.x + lane * LANE, one.x)
    out, into = one.cy + down * ASIDE, other.cy - down * ASIDE
    return [(side, out), (x, out), (x, into), (side, into)]
