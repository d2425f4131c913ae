"""What cannot take a business constant or a bucket's name from tillstream.core says the same."""

import re

import pytest

from tests.support.compose_platform import ROOT
from tillstream.core import buckets, rules
from tillstream.core.sql_templates import statements

JAVA = ROOT / "flink_jobs/java/tillstream"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sales/EnrichLines.java", f'GASOLINE = BinaryStringData.fromString("{rules.FUEL_TYPES}")'),
        ("sales/EnrichLines.java", f'FUEL = StringData.fromString("{rules.FUEL_CATEGORY}")'),
        ("sales/EnrichLines.java", f'NO_DEPARTMENT = StringData.fromString("{rules.NO_DEPARTMENT}")'),
        ("inventory/Stock.java", f'NO_DEPARTMENT = "{rules.NO_DEPARTMENT}"'),
        ("inventory/Stock.java", f"KEPT_UNCOUNTED = {rules.UNCOUNTED_DAYS} * "),
        ("inventory/Stock.java", f" KEPT = {rules.COUNT_LATE_DAYS} * "),
        ("behaviour/Sessions.java", f"GAP_MICROS = Duration.ofMinutes({rules.SESSION_MINUTES})"),
        ("behaviour/Terms.java", f"PLACES = {rules.NAMED_TERMS:_};"),
        ("behaviour/Terms.java", f'OTHER = "{rules.OTHER_TERMS}"'),
        ("sales/LiveFigures.java", f"SHOWN = Duration.ofDays({rules.LIVE_DAYS})"),
        ("sales/Remembered.java", f"KEPT = Duration.ofHours({rules.COPY_HOURS})"),
        ("sales/Remembered.java", f"OLD_MICROS = TimeUnit.HOURS.toMicros({rules.OLD_HOURS})"),
    ],
)
def test_java_has_the_same_constant(file: str, text: str) -> None:
    assert text in (JAVA / file).read_text(encoding="utf-8")


def test_every_text_that_tells_the_bounds_of_unhappy_and_happy_tells_these() -> None:
    files = [
        path for folder in ("schemas/topics", "images/trino", "batch/marts/models") for path in (ROOT / folder).rglob("*") if path.is_file()
    ]
    told = [found for path in files for found in re.findall(r"(?:below|above) (-?0\.\d+)", path.read_text(encoding="utf-8"))]
    assert set(told) == {str(rules.UNHAPPY), str(rules.HAPPY)}


def test_every_text_that_tells_when_an_alert_is_raised_tells_these_numbers() -> None:
    contract = (ROOT / "schemas/topics/voice.alerts.v1.avsc").read_text(encoding="utf-8")
    assert f"the last {rules.ALERT_CONTACTS} that spoke of it against up to {rules.ALERT_USUAL_CONTACTS} before them" in contract
    assert f"{rules.ALERT_USUAL_CONTACTS} at most" in contract
    assert f"too many: {rules.ALERT_Z} or more" in contract
    columns = (ROOT / "superset/datasets/Tillstream/voice_alerts.yaml").read_text(encoding="utf-8")
    assert f"Share unhappy of the last {rules.ALERT_CONTACTS}" in columns


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("images/trino/etc/catalog/lake.properties", f"s3://{buckets.LAKE}/"),
        ("images/flink/config.yaml", f"s3://{buckets.CHECKPOINTS}/checkpoints"),
        ("images/flink/config.yaml", f"s3://{buckets.CHECKPOINTS}/savepoints"),
        ("images/flink/config.yaml", f"s3://{buckets.CHECKPOINTS}/ha"),
    ],
)
def test_an_image_has_the_same_bucket(file: str, text: str) -> None:
    assert text in (ROOT / file).read_text(encoding="utf-8")


def test_fuel_is_told_by_its_category_or_its_type() -> None:
    assert rules.is_fuel("FUEL", None)
    assert rules.is_fuel(None, "GASOLINE-REG UNLEADED")
    assert not rules.is_fuel("DAIRY", "FLUID MILK")
    assert not rules.is_fuel(None, None)


def test_every_fact_is_named_by_a_template_and_no_template_has_its_value() -> None:
    folders = ("batch", "bench", "flink_jobs", "lake", "tillstream")
    texts = {path: path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.sql")}
    assert {name for name in {**rules.SQL, **buckets.SQL} if not any(f"${{{name}}}" in text for text in texts.values())} == set()
    again = re.compile(
        r"< -0\.2|< -200|> 200|'GASOLINE|'FUEL|INTERVAL '(?:2|23|40|48)' (?:DAY|HOUR)|(?:19|499) PRECEDING|voice-(?:originals|photos|copies)'"
    )
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if again.search(text)] == []


def test_a_view_of_unhappy_texts_has_the_bound() -> None:
    (view,) = (text for text in statements(ROOT / "lake/voice/views.sql") if "voice_by_store_today" in text)
    assert f"count_if(sentiment < {rules.UNHAPPY}) AS unhappy" in view
