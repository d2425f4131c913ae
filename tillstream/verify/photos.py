"""Photos in `make verify`: their producer knows only that the bucket has them; where they are in Kafka, the bucket's own announcements say."""

import sys
from dataclasses import replace

from tillstream.core.announcements import TOPIC
from tillstream.core.contracts import contracts
from tillstream.core.ledger import BAD, Sent

Place = tuple[str, int, int]
"""Topic, partition, offset."""

#: The store writes its announcements every few seconds: a photo of these last minutes may be on its way.
ON_ITS_WAY = 2


def placed(sent: Sent, places: dict[str, Place], asked: int) -> Sent | None:
    """A photo with the place where its bucket announced it; None while it may be on its way, and where nothing can be said of it any more.

    One that was taken and has not been announced in all the time since has a place where nothing is.

    Args:
        sent: what the ledger has of it.
        places: where each photo's announcement is.
        asked: the minute, since 1970, in which the ends of the topics were asked for.
    """
    if sent.event_id in places:
        _, partition, offset = places[sent.event_id]
        return replace(sent, partition=partition, offset=offset)
    if sent.minute >= asked - ON_ITS_WAY:
        return None
    if sent.partition is None:
        return sent
    if sent.minute >= asked - contracts()[TOPIC].retention.total_seconds() / 60:
        return replace(sent, partition=0, offset=sys.maxsize)
    # Kafka no longer has it: a good one is in the lake all the same; of a bad one only its place told which it was.
    return None if sent.kind in BAD else replace(sent, partition=0, offset=-1)
