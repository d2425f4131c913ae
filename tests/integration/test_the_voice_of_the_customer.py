"""What customers write, on the running platform: understood, and free of personal data before it is stored."""

import re

import pytest

from tests.platform import Platform, eventually

ENOUGH = 150
#: A placeholder's value that Faker can make is nowhere in what is stored: these forms alone are searched for.
FORMS = {"e-mail": r"[a-z0-9.]+@[a-z0-9-]+[.][a-z]", "card": r"\d{16}", "IBAN": r"(GB|ES)\d{2}[A-Z0-9]{14}"}

#: Why a text that could be decoded is set aside.
ANALYSTS = {"EMPTY", "TOO_LONG", "ENCODING", "UNKNOWN_LANGUAGE"}


@pytest.fixture(scope="module")
def feedback(platform: Platform) -> Platform:
    """The platform, once it has texts enough to judge by."""
    eventually("texts in the lake", lambda: platform.sql("SELECT count(*) AS n FROM lake.voice.feedback")[0]["n"] >= ENOUGH, 600, every=2)
    return platform


def test_the_lake_is_compared_with_what_was_planted_and_meant(feedback: Platform) -> None:
    """Loosely: of some thirty planted values one is 3 %. How well, on texts that are always the same, is in test_how_texts_are_understood."""
    said = feedback.tools("voice-quality")
    found = re.search(r"with a form: ([\d.]+)% hidden", said)
    assert found, said
    assert float(found[1]) >= 90, said
    for kind, least in (("LANGUAGE", 90), ("FEELING", 75), ("TOPIC", 60)):
        share = re.search(rf"{kind}: [\d,]+ of [\d,]+ as meant \(([\d.]+)%\)", said)
        assert share, said
        assert float(share[1]) >= least, said


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_personal_data_is_in_the_lake(feedback: Platform, form: str) -> None:
    query = f"SELECT text FROM lake.voice.feedback WHERE regexp_like(text || ' ' || text_en, '{FORMS[form]}')"
    assert feedback.sql(query) == []


def test_what_cannot_be_analysed_is_set_aside_without_its_text(feedback: Platform) -> None:
    query = "SELECT kind, max(length(raw)) AS bytes FROM lake.quality.dead_letters WHERE topic = 'voice.feedback.v1' GROUP BY kind"
    kinds = eventually(
        "each kind to be set aside",
        lambda: found if (found := {row["kind"]: row["bytes"] for row in feedback.sql(query)}).keys() >= ANALYSTS else None,
        300,
        every=2,
    )
    assert set(kinds.values()) == {0}


def test_hot_figures_count_each_text_once(feedback: Platform) -> None:
    (found,) = feedback.sql("SELECT sum(texts) AS texts, count(DISTINCT topic) AS topics FROM lake.live.voice_by_minute WHERE of_all")
    assert found["texts"] >= ENOUGH
    assert found["topics"] == 1
