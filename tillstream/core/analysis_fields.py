"""Declare each field of the text, call and photo analyses once, with its type and its comment in the tables of the lake.

From here come the rows that the functions of the voice job return (flink_jobs/voice), the lists of columns in its SQL, the columns of
lake/voice/tables.sql, and the columns that a repeated analysis writes (tillstream/reprocess.py). The order of the fields is the order
of the functions' rows, on which the state of the job rests: a new field comes last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tillstream.core.avro_types import FieldType, field_type
from tillstream.core.buckets import COPIES

#: Euclidean length of an embedding, which is packed into signed bytes.
VECTOR_LENGTH = 127
FEEDBACK, CALLS, READINGS, PHOTOS = "feedback", "calls", "readings", "photos"
_TEXTS = {"type": "array", "items": "string"}
_MODEL = "Version of the models and rules that produced this row"
_INTENTS = "COMPLAINT, QUESTION, PRAISE, CANCELLATION, SAFETY, SPAM or STATEMENT"
_ASPECTS = "JSON: the sentiment of the sentences about each topic"
_REDACTIONS = "JSON: how many placeholders of each kind"
#: Flink's own words, in quotes there.
_RESERVED = {"language", "text"}


@dataclass(frozen=True)
class AnalysisField:
    """A field of an analysis.

    Attributes:
        name: its name, also that of the column.
        type: its type.
        comments: the tables of lake.voice that have it as a column, and its comment there.
        nullable: the tables in which it may be null.
    """

    name: str
    type: FieldType
    comments: Mapping[str, str] = field(default_factory=dict)
    nullable: tuple[str, ...] = ()

    @property
    def flink(self) -> str:
        """The name in Flink SQL."""
        return f"`{self.name}`" if self.name in _RESERVED else self.name

    def column(self, table: str) -> str:
        """Return the definition of the column of a table, in Trino's SQL."""
        null = "" if table in self.nullable else " NOT NULL"
        comment = self.comments[table].replace("'", "''")
        return f"{self.name} {self.type.trino}{null} COMMENT '{comment}'"


def _field(name: str, avro: Any, comments: Mapping[str, str] | None = None, nullable: tuple[str, ...] = ()) -> AnalysisField:
    return AnalysisField(name, field_type(avro), comments or {}, nullable)


def _alike(comment: str, *tables: str) -> dict[str, str]:
    return dict.fromkeys(tables, comment)


_OF_TEXT, _OF_BOTH = (FEEDBACK, READINGS), (FEEDBACK, CALLS, READINGS)
#: Of a text or a call.
TEXT_FIELDS = (
    _field("set_aside", "string"),
    _field("language", "string", _alike("ISO 639-1: en or es", FEEDBACK, CALLS)),
    _field(
        "text",
        "string",
        {
            FEEDBACK: "The text, with typed placeholders such as <PHONE> in place of personal data",
            CALLS: "The transcript, one line per turn, with typed placeholders such as <PHONE> in place of personal data",
        },
    ),
    _field(
        "text_en",
        "string",
        {FEEDBACK: "The text in English; machine-translated from Spanish", CALLS: "The call in English; machine-translated from Spanish"},
    ),
    _field(
        "sentiment", "double", {**_alike("Sentiment of the text, from -1 to 1", *_OF_TEXT), CALLS: "Sentiment of the caller, from -1 to 1"}
    ),
    _field(
        "topics",
        _TEXTS,
        {
            **_alike("Topics of the text, from the taxonomy; OTHER where none fits", *_OF_TEXT),
            CALLS: "Topics of the caller, from the taxonomy; OTHER where none fits",
        },
    ),
    _field("aspects", "string", _alike(_ASPECTS, *_OF_BOTH)),
    _field("intent", "string", _alike(_INTENTS, *_OF_BOTH)),
    _field(
        "urgency",
        "double",
        {
            **_alike("Urgency from 0 to 1, by intent and sentiment", *_OF_TEXT),
            CALLS: "Urgency from 0 to 1, by the caller's intent and sentiment",
        },
    ),
    _field("redactions", "string", _alike(_REDACTIONS, FEEDBACK, CALLS)),
    _field(
        "embedding",
        "bytes",
        {
            **_alike(f"Embedding of the text: a vector of 384 signed bytes, of length {VECTOR_LENGTH}", *_OF_TEXT),
            CALLS: f"Embedding of what the caller said: a vector of 384 signed bytes, of length {VECTOR_LENGTH}",
        },
    ),
    _field(
        "sketch",
        {"type": "array", "items": "long"},
        {
            FEEDBACK: "Signs of the embedding's dimensions, 64 per number: selects candidates before the vectors are compared",
            READINGS: "Signs of the embedding's dimensions, 64 per number",
        },
        nullable=(FEEDBACK,),
    ),
    _field(
        "products_named",
        _TEXTS,
        {**_alike("Product types of the master that the text names", *_OF_TEXT), CALLS: "Product types of the master that the call names"},
        nullable=(FEEDBACK, CALLS),
    ),
    _field("store_named", "string"),
    _field("order_named", "string"),
    _field("fingerprint_a", "string"),
    _field("fingerprint_b", "string"),
    _field(
        "course",
        {"type": "array", "items": "double"},
        {
            CALLS: "The caller's sentiment at each turn, from -1 to 1",
            READINGS: "Of a call: the caller's sentiment at each turn, from -1 to 1",
        },
        nullable=(READINGS,),
    ),
    _field("talk_share", "double", {CALLS: "The agent's share of the speaking time, from 0 to 1"}),
    _field("silence_ms", "long", {CALLS: "How long nobody spoke, including holds, in milliseconds"}),
    _field("interruptions", "long", {CALLS: "Turns that began before the other speaker's turn had ended"}),
    _field(
        "resolved",
        "boolean",
        {
            CALLS: "Whether the matter was settled, judged by the end of the call",
            READINGS: "Of a call: whether the matter was settled, judged by the end of the call",
        },
        nullable=(READINGS,),
    ),
    _field("duration_ms", "long", {CALLS: "From the first word to the last, in milliseconds"}),
    _field("model", "string", _alike(_MODEL, *_OF_BOTH)),
)
#: Of a photo.
PHOTO_FIELDS = (
    _field("set_aside", "string"),
    _field("sent_ms", "long"),
    _field("kind", "string", {PHOTOS: "RECEIPT, PRODUCT, SHELF or OTHER"}),
    _field("width", "int", {PHOTOS: "Of the copy, pixels"}),
    _field("height", "int", {PHOTOS: "Of the copy, pixels"}),
    _field("sharpness", "double", {PHOTOS: "Variance of its Laplacian at 640 pixels: below about 50 the photo is blurred"}),
    _field("brightness", "double", {PHOTOS: "Mean, from 0 to 255"}),
    _field("faces", "int", {PHOTOS: "Faces recognised with certainty"}),
    _field("hidden", "int", {PHOTOS: "Printed names and numbers of persons that are blurred on the copy"}),
    _field("barcodes", _TEXTS, {PHOTOS: "Article numbers (EAN, UPC) with a correct check digit"}),
    _field("store_id", "string"),
    _field("transaction_id", "string"),
    _field("bought_on", "string"),
    _field("total_cents", "long"),
    _field("last_four", "string", {PHOTOS: "Last four digits of the card that are printed on the receipt"}, nullable=(PHOTOS,)),
    _field("likeness", "long", {PHOTOS: "Perceptual hash of 64 bits: photos whose hashes differ in few bits look alike"}),
    _field("copy", "string", {PHOTOS: f"Name of the copy in the bucket {COPIES}"}),
    _field("thumbnail", "bytes", {PHOTOS: "The copy as a JPEG of 280 pixels at most"}),
    _field("model", "string", {PHOTOS: _MODEL}),
)

#: The columns of each table, in the groups between which its other columns stand. Their order is that of the tables that there are.
GROUPS: dict[tuple[str, str], tuple[str, ...]] = {
    (FEEDBACK, "words"): ("language", "text", "text_en"),
    (FEEDBACK, "judged"): ("sentiment", "topics", "aspects", "intent", "urgency", "redactions", "embedding", "model"),
    (FEEDBACK, "named"): ("products_named", "sketch"),
    (CALLS, "words"): ("language", "text", "text_en"),
    (CALLS, "judged"): (
        "products_named", "sentiment", "course", "topics", "aspects", "intent", "urgency", "talk_share", "silence_ms", "interruptions", "resolved", "duration_ms",
    ),
    (CALLS, "kept"): ("redactions", "embedding", "model"),
    (READINGS, "model"): ("model",),
    (READINGS, "judged"): ("sentiment", "topics", "aspects", "intent", "urgency", "products_named", "embedding", "sketch"),
    (READINGS, "of_calls"): ("course", "resolved"),
    (PHOTOS, "kind"): ("kind",),
    (PHOTOS, "seen"): (
        "last_four", "barcodes", "faces", "hidden", "width", "height", "sharpness", "brightness", "likeness", "copy", "thumbnail", "model",
    ),
}  # fmt: skip
#: Columns that were added to a table after its first version.
_ADDED = ((FEEDBACK, "products_named"), (FEEDBACK, "sketch"), (READINGS, "course"), (READINGS, "resolved"))
#: What the voice job does not pass on from the function's row as it is.
_NOT_PASSED_ON = {"set_aside", "store_named", "order_named"}


def fields_of(table: str, group: str) -> tuple[AnalysisField, ...]:
    """Return the fields of a group of a table's columns."""
    known = {field.name: field for field in (PHOTO_FIELDS if table == PHOTOS else TEXT_FIELDS)}
    return tuple(known[name] for name in GROUPS[table, group])


#: Columns that a repeated analysis writes, besides its model.
READ_AGAIN = (*fields_of(READINGS, "judged"), *fields_of(READINGS, "of_calls"))

#: Lists of columns as SQL has them, by the names in the templates: a group of a table's columns as Flink lists them, the same with their
#: definitions, and single definitions for columns that were added.
SQL = {
    **{f"{table}_{group}": ", ".join(field.flink for field in fields_of(table, group)) for table, group in GROUPS},
    **{f"columns_{table}_{group}": ",\n  ".join(field.column(table) for field in fields_of(table, group)) for table, group in GROUPS},
    **{f"column_{table}_{name}": field.column(table) for table, name in _ADDED for field in TEXT_FIELDS if field.name == name},
    "u_passed_on": ", ".join(f"u.{field.flink} AS {field.flink}" for field in TEXT_FIELDS if field.name not in _NOT_PASSED_ON),
    "p_photos_seen": ", ".join(f"p.{field.flink}" for field in fields_of(PHOTOS, "seen")),
}
