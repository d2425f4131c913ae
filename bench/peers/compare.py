"""Compare the lake that Spark has written with the one that Flink has written: by day, to the cent, and by column."""

from bench.peers.peer_platform import LINES, PeerPlatform

OURS = "lake.sales.lines"
SUMS = ("net_amount", "retail_discount", "coupon_discount", "coupon_match_discount", "quantity", "units")
#: Kafka's time of a message is not part of the event, and any copy of an event may be the first.
NOT_COMPARED = ("ingested_at",)


def by_day(platform: PeerPlatform, table: str) -> dict[str, dict[str, str]]:
    """Return rows, baskets and sums for each day of event time."""
    sums = ", ".join(f"CAST(sum({name}) AS varchar) AS {name}" for name in SUMS)
    rows = platform.sql(
        f"SELECT CAST(CAST(event_time AS date) AS varchar) AS day, CAST(count(*) AS varchar) AS lines, "
        f"CAST(count(DISTINCT event_id) AS varchar) AS baskets, {sums} FROM {table} GROUP BY 1"
    )
    return {row.pop("day"): row for row in rows}


def checksums(platform: PeerPlatform, table: str, groups: dict[str, list[str]]) -> dict[str, str]:
    """Return a checksum of each group of columns over all rows, in any order. It is equal if all rows have the same values in them."""
    sums = ", ".join(f'to_hex(checksum(ROW({", ".join(columns)}))) AS "{name}"' for name, columns in groups.items())
    (row,) = platform.sql(f"SELECT {sums} FROM {table}")
    return row


def different(platform: PeerPlatform, columns: list[str]) -> list[str]:
    """Return the columns that differ. Single columns are compared only if any differs, because that takes a minute."""
    for groups in ({"all": columns}, {name: ["event_id", "line_position", name] for name in columns}):
        mine, other = checksums(platform, OURS, groups), checksums(platform, LINES, groups)
        if mine == other:
            return []
    return [name for name in columns if mine[name] != other[name]]


def lakes(platform: PeerPlatform) -> bool:
    """Print the totals of both lakes; return whether they are equal."""
    ours, theirs = by_day(platform, OURS), by_day(platform, LINES)
    for day in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(day, {}), theirs.get(day, {})
        print(
            f"{day}: Flink {mine.get('lines')} lines of {mine.get('baskets')} baskets, {mine.get('net_amount')}; "
            f"Spark {other.get('lines')} lines of {other.get('baskets')} baskets, {other.get('net_amount')}: {'equal' if mine == other else 'NOT EQUAL'}"
        )
    columns = [str(row["Column"]) for row in platform.sql(f"SHOW COLUMNS FROM {OURS}")]
    columns = [name for name in columns if name not in NOT_COMPARED]
    wrong = different(platform, columns)
    print(f"checksum of {len(columns)} columns of every row: {'equal' if not wrong else 'NOT EQUAL in ' + ', '.join(wrong)}")
    return ours == theirs and not wrong


def redis(platform: PeerPlatform, peer: str) -> bool:
    """Print how many figures of a peer in Redis differ from the sales job's; return whether none differs."""
    figures = platform.peer_tools("compare", peer)
    for figure in figures:
        print(f"{peer} {figure['figure']}: Flink has {figure['flink']}, it has {figure['peer']}, different {figure['different']}")
    return not any(figure["different"] for figure in figures)
