"""The path of a photo."""

from docgen.diagrams import facts
from docgen.diagrams.cards import Card
from docgen.diagrams.paths.path import Node, Path, made, rows, set_aside
from tillstream.core import buckets
from tillstream.core.topology import PHOTOS


def path() -> Path:
    """Return the path."""
    steps = (
        "fetch it once, by its id",
        "keep only the pixels",
        "find faces, barcodes and print",
        "read the receipt",
        "blur faces, names and numbers",
    )
    views = tuple(view for view in facts.live_views("voice") if "photos" in view)
    aside = (*set_aside("voice"), buckets.ORIGINALS)
    nodes = {
        "page": Node(Card("Feedback page", text="stores the photo; it may do nothing else", icon="camera"), 0, 0),
        "bucket": Node(
            Card("Photos as sent", "MinIO", "deleted after three days", names=(buckets.PHOTOS,), icon="bucket", tone="stream"), 1, 0
        ),
        "announcer": Node(Card("Announcer", text="has a photo announced again if it was not", icon="bell"), 0, 1),
        "log": Node(Card("Announcements", "Kafka", f"kept {facts.kept(PHOTOS)}", names=(PHOTOS,), icon="log", tone="stream"), 1, 1),
        "job": Node(Card("Voice job", "Flink", "in a process of its own", steps=steps, icon="hidden", tone="stream"), 2, 1),
        "aside": Node(Card("Set aside", text="no photo, incomplete, too small or large", names=aside, icon="aside", tone="quality"), 2, 2),
        "copies": Node(
            Card("Safe copies", "MinIO", "nobody can be recognised", names=(buckets.COPIES,), icon="bucket", tone="security"), 3, 0
        ),
        "lake": Node(Card("Results", "Iceberg on MinIO", names=rows(made("voice", [PHOTOS])), icon="ice", tone="cold"), 3, 1),
        "query": Node(Card("Live views", "Trino", "receipts with their sale, photos alike", names=views, icon="join", tone="answer"), 4, 1),
        "dashboard": Node(Card("Voice of the customer — live", "Superset", icon="screen", tone="answer"), 4, 0),
    }
    edges = (
        ("page", "bucket"),
        ("announcer", "bucket"),
        ("bucket", "log"),
        ("bucket", "job"),
        ("log", "job"),
        ("job", "aside"),
        ("job", "copies"),
        ("job", "lake"),
        ("lake", "query"),
        ("query", "dashboard"),
    )
    columns = (("Source", "source"), ("Ingestion", "stream"), ("Processing", "stream"), ("Storage", "cold"), ("Answers", "answer"))
    return Path("photo", "The path of a photo", columns, nodes, edges)
