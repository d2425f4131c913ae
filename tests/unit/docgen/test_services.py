"""What the pictures name is there: services, tables, buckets, and the pages that show the pictures."""

import re
from pathlib import Path

import pytest
import yaml

from docgen.diagrams import whole
from docgen.diagrams.cards import Card
from docgen.diagrams.paths import PATHS
from docgen.diagrams.services import NO_SERVICE, NOT_DRAWN, SERVICES
from docgen.palette import DARK, LIGHT, Theme
from tests.support.compose_platform import ROOT
from tillstream.core import buckets
from tillstream.deploy.buckets import KEPT_DAYS

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
#: Each page with the picture that it shows.
PAGES = {"README.md": "whole", "docs/architecture.md": "whole"} | {f"docs/paths/{name}.md": name for name in PATHS}


def cards() -> list[Card]:
    """Return the cards of all pictures, without what is planned."""
    made = [
        whole.contract(),
        whole.events(),
        whole.photos(),
        whole.live_topics(),
        whole.reference(),
        whole.landing(),
        whole.hot(),
        whole.cold(),
    ]
    made += [
        *whole.sources(),
        *whole.load(),
        *whole.later(),
        whole.query(),
        *whole.answers(),
        *whole.quality(),
        *whole.security(planned=False),
    ]
    return made + [node.card for path in PATHS.values() for node in path.nodes.values()]


def test_every_service_that_the_pictures_name_is_in_compose() -> None:
    named = {part for card in cards() for part in re.split(r", | on ", card.by) if part}
    assert named <= SERVICES.keys() | NO_SERVICE
    titles = {card.title for card in cards()}
    assert SERVICES.keys() <= named | titles
    assert sorted({service for services in SERVICES.values() for service in services} - COMPOSE.keys()) == []


def test_every_service_that_stays_is_drawn_or_said_to_be_left_out() -> None:
    drawn = {service for services in SERVICES.values() for service in services}
    staying = {name for name, service in COMPOSE.items() if "healthcheck" in service}
    assert staying == drawn | NOT_DRAWN


def test_what_is_planned_is_dashed_and_called_so() -> None:
    planned = whole.security(built=False)
    assert planned
    assert all(card.planned and card.by == "planned" for card in planned)
    assert not any(card.planned for card in cards())


def test_originals_are_kept_for_as_long_as_the_pictures_say() -> None:
    assert KEPT_DAYS[buckets.ORIGINALS] == KEPT_DAYS[buckets.PHOTOS] == 3
    assert "three days" in " ".join(card.text for card in whole.security())
    assert "three days" in PATHS["photo"].nodes["bucket"].card.text


@pytest.mark.parametrize(("page", "picture"), PAGES.items())
def test_a_page_shows_its_picture_in_every_layout_and_theme(page: str, picture: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = re.findall(r'(?:srcset|src|href)="([^"]+\.svg)"', text)
    assert [link for link in shown if not (Path(ROOT / page).parent / link).exists()] == []
    assert {Path(link).name for link in shown} == {
        f"{picture}-{layout}-{theme}.svg" for layout in ("wide", "tall") for theme in ("light", "dark")
    }
    assert "```mermaid" not in text


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_text_stands_out_from_what_is_behind_it(theme: Theme) -> None:
    pairs = [(colour, theme.card) for colour in (theme.text, theme.muted)] + [(theme.muted, theme.page)]
    for tone in theme.tones.values():
        pairs += [(tone.strong, theme.card), (tone.strong, tone.soft), (tone.strong, theme.page)]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it: from 1 to 21."""
    light = sorted((luminance(one), luminance(other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def luminance(colour: str) -> float:
    """Return how bright a colour is, from 0 to 1."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
