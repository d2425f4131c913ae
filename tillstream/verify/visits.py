"""Sessions and searches of the web shop in Redis against the lake's clicks."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.hot_keys import key_of, parts_of
from tillstream.core.sql_templates import statements
from tillstream.verify.bounds import HotResult, Known, instant, wrong_figures
from tillstream.verify.rollups import since_minute

SESSIONS, SEARCHES = "web:sessions_by_minute", "web:searches_by_day"
FIGURES = ("sessions", "viewed", "added", "checked_out", "paid", "baskets", "unpaid")
#: What terms without a name of their own are counted under. Somebody may search for it: those searches are in it too.
OTHER = "OTHER"
Hashes = Mapping[str, Mapping[str, str]]


def sessions_of_the_lake(trino: Trino, now: datetime, before: datetime, after: datetime) -> dict[str, Known]:
    """What each minute and device can have had when Redis was read."""
    (query,) = statements(
        Path(__file__).parent / "sessions.sql", now=instant(now), before=instant(before), after=instant(after), since=since_minute(now)
    )
    return {key_of(SESSIONS, row[:2]): settled_and_moving(row[2], row[3:]) for row in trino.rows(query)}


def settled_and_moving(visitors: int, figures: list[int]) -> Known:
    """What a minute can have: its settled figures, and so many more as visitors may have ended in it."""
    return Known(sum(figures), visitors, {name: (figure, figure + visitors) for name, figure in zip(FIGURES, figures, strict=True)})


def compare_sessions(held: Hashes, known: Mapping[str, Known], oldest: str) -> HotResult:
    """Each minute and device; where the last session has moved away, Redis keeps a row of noughts or none."""
    result = HotResult(SESSIONS)
    empty = settled_and_moving(0, [0] * len(FIGURES))
    for key in sorted(held.keys() | known.keys()):
        if key.rsplit(":", 1)[1] < oldest:
            result.skipped += 1
        else:
            result.take(key, held.get(key), known.get(key, empty))
    return result


def searches_of_the_lake(
    trino: Trino, now: datetime, before: datetime, after: datetime
) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """By device and terms of today: searches and those without a result, before the moment of reading and until just after."""
    settled = f"ingested_at <= {instant(before)}"
    rows = trino.rows(
        f"SELECT device, search_terms, count_if({settled}), count(*), count_if(result_count = 0 AND {settled}), count_if(result_count = 0) "
        f"FROM lake.web.events WHERE event_type = 'SEARCH' AND search_terms IS NOT NULL AND event_time >= TIMESTAMP '{now:%Y-%m-%d} 00:00:00 UTC' "
        f"AND event_time < TIMESTAMP '{now:%Y-%m-%d} 00:00:00 UTC' + INTERVAL '1' DAY AND ingested_at <= {instant(after)} GROUP BY 1, 2"
    )
    return {(device, terms): (least, most, none_least, none_most) for device, terms, least, most, none_least, none_most in rows}


def compare_searches(held: Hashes, known: Mapping[tuple[str, str], tuple[int, int, int, int]], now: datetime) -> HotResult:
    """Each device's searches together, and of each term no more than there were; rare terms of a flood may be counted together."""
    result = HotResult(SEARCHES)
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, fields in held.items():
        device, terms, day = parts_of(key)
        if day != f"{now:%Y%m%d}":
            result.skipped += 1
            continue
        counted = {name: int(fields.get(name, 0)) for name in ("searches", "without_result")}
        sums[device].update(counted)
        if terms != OTHER and (device, terms) in known:
            _, most, _, none_most = known[device, terms]
            if counted["searches"] > most or counted["without_result"] > none_most:
                result.problems.append(
                    f"{key}: {counted['searches']} searches, {counted['without_result']} without a result; the lake has {most}, {none_most}"
                )
    bounds: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (device, _), figures in known.items():
        bounds[device] = [a + b for a, b in zip(bounds[device], figures, strict=True)]
    for device in sorted(sums.keys() | bounds.keys()):
        least, most, none_least, none_most = bounds[device]
        fields = {name: str(sums[device][name]) for name in ("searches", "without_result")}
        wrong = wrong_figures(fields, {"searches": (least, most), "without_result": (none_least, none_most)})
        result.keys += 1
        result.exact += not wrong and least == most
        result.moving += not wrong and least != most
        result.problems += [f"{SEARCHES}:{device}: {what}" for what in wrong]
    return result
