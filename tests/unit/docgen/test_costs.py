"""The cost model: its page is up to date, each price has a source, each formula's names exist, and what a reader changes has an effect."""

import json
import math
from datetime import date

import pytest

from docgen.costs import figures, model, tools
from docgen.costs.__main__ import PAGE, totals
from docgen.costs.calculation import Result, break_even, calculate, unused
from docgen.costs.formulas import ModelError
from docgen.costs.model import Change
from docgen.costs.page import page
from tests.support.compose_platform import ROOT

TEXT = (ROOT / model.MODEL).read_text(encoding="utf-8")
MODEL = model.load(ROOT)
FIGURES = figures.load(ROOT)
RESULT, WORDLESS = calculate(MODEL, FIGURES), calculate(MODEL, FIGURES, words=False)
SIZES, DESIGNS = list(MODEL.sizes), list(MODEL.designs)


def test_the_page_is_made_from_the_model_as_it_stands() -> None:
    """If this fails, run `make costs`."""
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(MODEL, FIGURES)


def test_the_recorded_totals_are_those_of_the_model() -> None:
    """If this fails, run `make costs`."""
    recorded = {name: one for name, one in FIGURES.items() if name.startswith("cost.")}
    assert recorded == {one.name: json.loads(json.dumps(figures.entry(one))) for one in totals(MODEL, RESULT, WORDLESS)}
    assert {f"cost.month.{design}.{size}" for design in DESIGNS for size in SIZES} <= recorded.keys()


def test_what_tools_cost_alone_is_what_the_model_says() -> None:
    """If this fails, run `make costs`: it also writes these costs again on the pages that repeat them."""
    text = (ROOT / tools.PRICES).read_text(encoding="utf-8")
    assert tools.page(text, MODEL, RESULT) == text


def test_a_cost_that_has_changed_is_written_again_unless_two_tools_had_it() -> None:
    before = "| a | x | 1 = 1 | 1 + 1 = 2 | 3 = 3 |\n| b | x | 1 = 4 | 1 = 5 | 1 = 6,000 |\n| c | x | 1 = 1 | 1 = 2 | 1 = 3 |\n"
    after = before.replace("1 = 6,000", "1 = 7,000").replace("3 = 3", "3 = 9")
    assert (
        tools.repeated("b 4 / 5 / 6,000, not 14 / 5 / 6,000; a 1 / 2 / 3", before, after)
        == "b 4 / 5 / 7,000, not 14 / 5 / 6,000; a 1 / 2 / 3"
    )


def test_without_words_neither_a_service_nor_a_core_of_ours_reads_them() -> None:
    assert WORDLESS.part("aws", "x10000", "words") == 0
    assert WORDLESS.values["x10000"]["word_cores"] == 0
    # The machines may cost the same: there are whole ones, and the night may need more than the busiest hour.
    assert RESULT.values["x10000"]["word_cores"] > 0
    assert all(WORDLESS.usd(*pair) <= RESULT.usd(*pair) for pair in RESULT.costs)


def test_each_price_has_a_source_with_an_address_and_a_date() -> None:
    for name, price in MODEL.prices.items():
        source = MODEL.sources[price.source]
        assert source.url.startswith("https://"), name
        assert date(2024, 1, 1) <= source.date <= MODEL.date, name
        assert price.usd > 0, name


def test_each_assumption_says_why_and_names_a_file_that_exists_or_an_address() -> None:
    for name, one in MODEL.assumptions.items():
        assert one.why, name
        assert one.date <= MODEL.date, name
        assert not one.source or one.source.startswith("https://") or (ROOT / one.source).exists(), name


def test_the_sizes_of_records_are_those_that_were_measured() -> None:
    values = MODEL.assumptions["kafka_bytes_line"].value
    measured = [FIGURES[f"trade.kafka_bytes_per_line.batch_{size}"]["value"] for size in (1, 10, 500)]
    assert isinstance(values, dict)
    assert list(values.values()) == measured


def test_no_cost_is_negative_or_no_number() -> None:
    for costs in RESULT.costs.values():
        for name, cost in costs.items():
            assert math.isfinite(cost.usd), name
            assert cost.usd >= 0, name


def test_each_name_of_the_model_is_used() -> None:
    assert unused(MODEL) == []


def test_each_change_moves_a_total() -> None:
    for change in MODEL.changes:
        changed = calculate(MODEL, FIGURES, change)
        assert any(changed.usd(*pair) != RESULT.usd(*pair) for pair in RESULT.costs), change.title


def test_more_trade_never_costs_less() -> None:
    for design in DESIGNS:
        costs = [RESULT.usd(design, size) for size in SIZES]
        assert costs == sorted(costs), design


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("kind: ours, value: 7, unit: years", "kind: ours, value: 14, unit: years", ("own", "aws", "warehouse")),
        ("{usd: 0.11, unit: KPU-hour", "{usd: 0.22, unit: KPU-hour", ("aws",)),
        ('quantity: "own_units * hours"', 'quantity: "own_units * hours * 2"', ("own",)),
    ],
)
def test_a_changed_value_price_or_formula_changes_the_result(before: str, after: str, moved: tuple[str, ...]) -> None:
    assert before in TEXT
    changed = calculate(model.read(TEXT.replace(before, after)), FIGURES)
    assert [design for design in DESIGNS if changed.usd(design, "x100") != RESULT.usd(design, "x100")] == list(moved)


def test_a_measured_figure_takes_the_place_of_the_models_value() -> None:
    name = "sales.catch_up.warm.cpu_seconds_per_million_lines"
    assert calculate(MODEL, {name: {"value": [10, 20]}}).values["x1"]["cpu_s_job"] == 20
    assert calculate(MODEL, {name: {"value": None}}).values["x1"]["cpu_s_job"] == 10.8
    assert "cpu_s_job" in calculate(MODEL, {}).unmeasured


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("own_units * hours", "own_unitz * hours", r"item own\.machines, x1: there is no name 'own_unitz' .* did you mean 'own_units'"),
        ("own_units * hours", "own_units *", r"item own\.machines, x1: 'own_units \*' cannot be evaluated"),
        ("own_units * hours", "ciel(own_units)", r"item own\.machines, x1: there is no function 'ciel' .* did you mean 'ceil'"),
        ("own_units * hours", "own_units / 0", r"item own\.machines, x1: .* division"),
        ("own_units * hours", "0 - own_units", r"item own\.machines, x1: .* not negative"),
        ("trade_lines_s * scale", "trade_lines_z * scale", r"derived lines_s, x1: there is no name 'trade_lines_z'"),
        ("price: ec2_m7i_xlarge}", "price: ec2_m7i_xlarg}", r"item own\.machines: there is no price 'ec2_m7i_xlarg'"),
        ("source: redshift}", "source: redshifd}", r"price redshift_rpu: there is no source 'redshifd'"),
        ("set: {years_kept: 3}", "set: {year_kept: 3}", r"change 'Baskets are kept for 3 years': there is no assumption 'year_kept'"),
        (
            "value: {x1: 20, x100: 120, x10000: 480}",
            "value: {x1: 20, x100: 120}",
            "assumption hours_own: give one value, or one for each of",
        ),
        ("items: [own.machines]", "items: [own.machine]", r"tool 'Our machines \(EC2\)': there is no item 'own.machine'"),
        ("{usd: 0.375, unit", "{uzd: 0.375, unit", r"prices\.redshift_rpu\.usd: Field required; prices\.redshift_rpu\.uzd: Extra inputs"),
        ("kind: measured, value: 104", "kind: guessed, value: 104", r"assumptions\.bytes_a_pair\.kind"),
    ],
)
def test_a_mistake_is_told_with_its_place(before: str, after: str, told: str) -> None:
    assert before in TEXT
    with pytest.raises(ModelError, match=told):
        calculate(model.read(TEXT.replace(before, after)), FIGURES)


def test_a_value_that_was_measured_needs_a_source_and_figures_need_a_formula() -> None:
    with pytest.raises(ModelError, match="assumption cpu_s_stores: a value that is measured needs a source"):
        model.read(TEXT.replace("source: bench/peers/README.md, ", ""))
    with pytest.raises(ModelError, match="assumption busiest_hour: figures and their formula"):
        model.read(TEXT.replace(', formula: "max(hour)"', ""))


def test_break_even_is_in_hours_of_people() -> None:
    usd = Result({"x1": {"people_usd_per_hour": 50.0}}, {("a", "x1"): {}, ("b", "x1"): {}}, {}, ())
    assert break_even(usd, "a", "b", "x1") == 0
    difference = RESULT.usd("aws", "x1") - RESULT.usd("own", "x1")
    assert break_even(RESULT, "own", "aws", "x1") * RESULT.values["x1"]["people_usd_per_hour"] == pytest.approx(difference)
    with pytest.raises(ModelError, match="above 0"):
        break_even(calculate(MODEL, FIGURES, Change(title="free", set={"people_usd_per_hour": 0})), "own", "aws", "x1")
