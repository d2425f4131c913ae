"""The lanes of the lines that pass cards in a tall path. They are left and right of the cards, so that few lines cross."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count

#: A line: the numbers of the cards at its start and at its end.
Line = tuple[int, int]
#: A lane: its number from the cards outwards, negative at the left.
Lane = int


def lanes(lines: Sequence[Line]) -> dict[Line, Lane]:
    """Return the lane of each line.

    Lines with the same end share a lane at the right. Other lines with the same start share a lane, at the left if one is free."""
    into = Counter(end for _, end in lines)
    groups: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        key = ("into", line[1]) if into[line[1]] > 1 else ("from", line[0])
        groups.setdefault(key, []).append(line)
    taken: dict[Lane, list[Line]] = {}
    found: dict[Line, Lane] = {}
    for (kind, _), group in sorted(groups.items(), key=lambda item: (item[0][0] == "from", _reach(item[1]))):
        free = next(lane for lane in _outwards(right=kind == "into") if not any(_overlap(group, [other]) for other in taken.get(lane, [])))
        taken.setdefault(free, []).extend(group)
        found |= dict.fromkeys(group, free)
    return found


def _outwards(*, right: bool) -> Iterable[Lane]:
    return (side * number for number in count(1) for side in ((1, -1) if right else (-1, 1)))


def _span(lines: Iterable[Line]) -> Line:
    numbers = [number for line in lines for number in line]
    return min(numbers), max(numbers)


def _reach(lines: Sequence[Line]) -> int:
    first, last = _span(lines)
    return last - first


def _overlap(some: Sequence[Line], others: Sequence[Line]) -> bool:
    (first, last), (begin, end) = _span(some), _span(others)
    return first < end and begin < last
