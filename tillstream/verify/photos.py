"""Find the place of photos in Kafka. Their producer only knows that the bucket has them; the bucket announces them in Kafka."""

import sys
from dataclasses import replace

from tillstream.core.contracts import contracts
from tillstream.core.ledger import BAD, Sent
from tillstream.core.topology import PHOTOS

Place = tuple[str, int, int]
"""Topic, partition, offset."""

#: The age, in minutes, below which a photo may not be announced yet. The store sends its announcements every few seconds.
ON_ITS_WAY = 2


def locate_photo(sent: Sent, places: dict[str, Place], asked: int) -> Sent | None:
    """Return a photo's ledger entry with the place of its announcement.

    A photo that should have been announced and was not gets an offset that no message has, so that it counts as lost.

    Args:
        sent: the ledger's entry; its partition is None where the bucket did not confirm the photo.
        places: the place of each photo's announcement, by event id.
        asked: the minute, since 1970, in which the ends of the topics were read.

    Returns:
        The entry; None while the announcement may still come, and for a bad photo that is past Kafka's retention.
    """
    if sent.event_id in places:
        _, partition, offset = places[sent.event_id]
        return replace(sent, partition=partition, offset=offset)
    if sent.minute >= asked - ON_ITS_WAY:
        return None
    if sent.partition is None:
        return sent
    if sent.minute >= asked - contracts()[PHOTOS].retention.total_seconds() / 60:
        return replace(sent, partition=0, offset=sys.maxsize)
    # Kafka no longer has the announcement. A good photo must be in the lake. A bad one could only be recognised by its place.
    return None if sent.kind in BAD else replace(sent, partition=0, offset=-1)
