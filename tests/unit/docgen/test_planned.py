"""What is planned stands in one list; what has been built leaves it, and its marks vanish."""

from docgen import planned
from docgen.slides import documents
from docgen.slides.words import Words
from tests.support.compose_platform import ROOT
from tests.unit.docgen.samples import PLANNED as LIST


def test_each_planned_thing_has_a_name_a_purpose_and_words_that_speak_of_it() -> None:
    for one in planned.load(ROOT).values():
        assert one.title
        assert one.what
        assert one.words
        assert one.spoken_of(one.title), "its own title speaks of it"


def test_a_mark_vanishes_when_its_thing_leaves_the_list() -> None:
    text = "Moat [planned: moat] and more"
    assert Words({}, LIST).plain(text) == "Moat planned and more"
    assert Words({}, {}).plain(text) == "Moat and more"
    assert Words({}, LIST).note(text) == "Moat (planned) and more"
    link = 'It has a moat [planned](proposal/planned.yaml "moat").'
    assert documents.refreshed(link, {}, LIST) == link
    assert documents.refreshed(link, {}, {}) == "It has a moat."


def test_marks_beside_each_other_are_one_mark_while_one_of_them_is_planned() -> None:
    text = "Walls [planned: roof] [planned: moat]"
    assert Words({}, LIST).plain(text) == "Walls planned"
    assert Words({}, {"moat": LIST["moat"]}).plain(text) == "Walls planned"
    assert Words({}, {}).plain(text) == "Walls"


def test_a_misspelt_mark_does_not_hide_that_something_is_planned() -> None:
    assert planned.unmarked(LIST, "Moat [planned: mote]") == ["moat"]
    assert planned.unmarked(LIST, "Moat [planned: moat]") == []
