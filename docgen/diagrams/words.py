"""Words of a retailer for jobs, sources and areas. A new job needs an entry in JOBS; without one, an area is called by its name."""

from dataclasses import dataclass

from tillstream.core.errors import TerminalError


@dataclass(frozen=True)
class Words:
    """Title, explanation and icon."""

    title: str
    text: str = ""
    icon: str = ""


#: The Flink jobs.
JOBS = {
    "sales": Words("Sales", "each basket once, with its products, store and customer", "till"),
    "behaviour": Words("Behaviour", "visits, searches and a profile of each customer", "person"),
    "inventory": Words("Inventory", "stock of each product in each store, and its alerts", "table"),
    "voice": Words("Voice", "texts, calls and photos: made safe, then understood", "speech"),
    "hot_store": Words("Hot store", "puts the newest version of each figure into Redis", "bolt"),
}
#: The senders of topics, by the area of the topics.
SOURCES = {
    "pos": Words("Tills", icon="till"),
    "web": Words("Web shop", icon="shop"),
    "voice": Words("Customers", icon="speech"),
}
#: The systems that send dumps, by the area of the dumps.
SYSTEMS = {
    "loyalty": Words("Loyalty", icon="person"),
    "inventory": Words("Stock", icon="table"),
    "catalog": Words("Masters", icon="book"),
}
#: The areas of live figures.
AREAS = {
    "sales": Words("Sales"),
    "pos": Words("Tills"),
    "web": Words("Shop visits"),
    "inventory": Words("Stock"),
    "voice": Words("Voice"),
    "customers": Words("Customers"),
    "quality": Words("Quality"),
}


def of_job(name: str) -> Words:
    """Return the words for a job.

    Raises:
        TerminalError: the job has no words yet.
    """
    if name not in JOBS:
        raise TerminalError(f"the diagrams cannot say what the job {name!r} does: add it to JOBS in docgen/diagrams/words.py")
    return JOBS[name]


def of_area(known: dict[str, Words], name: str) -> Words:
    """Return the words for an area; one that has none is called by its name."""
    return known.get(name, Words(name.replace("_", " ").capitalize(), icon="file"))
