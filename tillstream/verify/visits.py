"""Compare the web shop's sessions and searches in Redis with the clicks in the lake."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.hot_keys import key_of, parts_of
from tillstream.core.rules import OTHER_TERMS
from tillstream.core.sql_templates import statements
from tillstream.core.topology import CLICKS, WEB_SEARCHES_BY_DAY, WEB_SESSIONS_BY_MINUTE, redis_prefix, table_of
from tillstream.verify.bounds import HotResult, Known, instant, wrong_figures
from tillstream.verify.rollups import since_minute

SESSIONS, SEARCHES = redis_prefix(WEB_SESSIONS_BY_MINUTE), redis_prefix(WEB_SEARCHES_BY_DAY)
FIGURES = ("sessions", "viewed", "added", "checked_out", "paid", "baskets", "unpaid")
Hashes = Mapping[str, Mapping[str, str]]


def lake_sessions(trino: Trino, now: datetime, before: datetime, after: datetime) -> dict[str, Known]:
    """Return the bounds of each minute and device when Redis was read, by key."""
    (query,) = statements(
        Path(__file__).parent / "sessions.sql", now=instant(now), before=instant(before), after=instant(after), since=since_minute(now)
    )
    return {key_of(SESSIONS, row[:2]): settled_and_moving(row[2], row[3:]) for row in trino.rows(query)}


def settled_and_moving(visitors: int, figures: list[int]) -> Known:
    """Return the bounds of a minute: from its settled figures to these plus the visitors whose sessions may have ended in it."""
    return Known(sum(figures), visitors, {name: (figure, figure + visitors) for name, figure in zip(FIGURES, figures, strict=True)})


def compare_sessions(held: Hashes, known: Mapping[str, Known], oldest: str) -> HotResult:
    """Compare each minute and device. A minute whose last session has moved to a later minute is zeros in Redis, or missing."""
    result = HotResult(SESSIONS)
    empty = settled_and_moving(0, [0] * len(FIGURES))
    for key in sorted(held.keys() | known.keys()):
        if key.rsplit(":", 1)[1] < oldest:
            result.skipped += 1
        else:
            result.take(key, held.get(key), known.get(key, empty))
    return result


def lake_searches(trino: Trino, now: datetime, before: datetime, after: datetime) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Return today's searches by device and terms.

    The four numbers are: searches before Redis was read, searches until just after, and the same two for searches without a result.
    """
    settled = f"ingested_at <= {instant(before)}"
    rows = trino.rows(
        f"SELECT device, search_terms, count_if({settled}), count(*), count_if(result_count = 0 AND {settled}), count_if(result_count = 0) "
        f"FROM {table_of(CLICKS)} WHERE event_type = 'SEARCH' AND search_terms IS NOT NULL AND event_time >= TIMESTAMP '{now:%Y-%m-%d} 00:00:00 UTC' "
        f"AND event_time < TIMESTAMP '{now:%Y-%m-%d} 00:00:00 UTC' + INTERVAL '1' DAY AND ingested_at <= {instant(after)} GROUP BY 1, 2"
    )
    return {(device, terms): (least, most, none_least, none_most) for device, terms, least, most, none_least, none_most in rows}


def compare_searches(held: Hashes, known: Mapping[tuple[str, str], tuple[int, int, int, int]], now: datetime) -> HotResult:
    """Compare each device's sums, and check that no term has more searches than the lake: rare terms may be counted under OTHER_TERMS."""
    result = HotResult(SEARCHES)
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, fields in held.items():
        device, terms, day = parts_of(key)
        if day != f"{now:%Y%m%d}":
            result.skipped += 1
            continue
        counted = {name: int(fields.get(name, 0)) for name in ("searches", "without_result")}
        sums[device].update(counted)
        if terms != OTHER_TERMS and (device, terms) in known:
            _, most, _, none_most = known[device, terms]
            if counted["searches"] > most or counted["without_result"] > none_most:
                result.wrong[key] = (
                    f"{counted['searches']} searches, {counted['without_result']} without a result; the lake has {most}, {none_most}"
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
        if wrong:
            result.wrong[f"{SEARCHES}:{device}"] = ", ".join(wrong)
    return result
