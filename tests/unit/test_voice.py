"""What customers write: as the ledger says it."""

import pytest

from producers.voice.writing import Purchase, Writer, name_of, phrases

ABOUT = Purchase("367", "W000000000123", None, "42", web=True)


@pytest.mark.parametrize("topic", phrases())
def test_every_topic_has_words_for_both_feelings_in_both_languages(topic: str) -> None:
    for feeling in ("negative", "positive"):
        for language in ("en", "es"):
            assert len(phrases()[topic][feeling][language]) >= 3


def test_a_text_has_the_personal_data_that_the_ledger_notes_and_is_the_same_for_the_same_seed() -> None:
    first, second = (Writer("seed", {"42": "white bread"}) for _ in range(2))
    texts = [first.write(ABOUT, "QUALITY", "negative") for _ in range(300)]
    assert texts == [second.write(ABOUT, "QUALITY", "negative") for _ in range(300)]
    planted = [(value, text.text) for text in texts for _, value in text.personal]
    assert len(planted) > 30
    assert [value for value, text in planted if value not in text] == []
    assert {text.language for text in texts} == {"en", "es"}
    assert {kind for text in texts for kind, _ in text.personal} == {"PERSON", "EMAIL", "PHONE", "CARD", "IBAN", "ADDRESS", "ORDER"}


@pytest.mark.parametrize(
    ("kind", "category", "name"), [("POTATO CHIPS", "SNACKS", "potato chips"), ("SFT DRNK BTL CARB (EX", None, "sft drnk btl carb"), (None, None, "item")]
)  # fmt: skip
def test_a_product_is_called_by_the_masters_words(kind: str | None, category: str | None, name: str) -> None:
    assert name_of(kind, category) == name
