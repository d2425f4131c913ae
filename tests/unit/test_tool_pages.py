"""The pages about tools name every tool of the brief, have sources for what they say, and calculate correctly."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.compose_platform import ROOT

#: The tools that the brief names.
BRIEF = (
    *("S3", "RDS", "DynamoDB", "Lambda", "Glue", "EMR", "Rekognition", "Textract", "Comprehend", "Translate", "Macie", "Bedrock"),
    *(
        "Athena",
        "QuickSight",
        "Redshift",
        "Kinesis",
        "IAM",
        "Kafka",
        "NiFi",
        "Flink",
        "Spark Streaming",
        "Spark",
        "Redis",
        "Ignite",
        "HDFS",
    ),
    *("Talend", "Trifacta", "Informatica", "Atlas", "Alation", "Ranger", "Tableau", "Power BI", "Looker"),
)
SELECTION, BI = ROOT / "docs/tool-selection.md", ROOT / "docs/bi-tools.md"
PRICES = ROOT / "docs/tools/prices.md"
CHOICES = sorted(path for path in (ROOT / "docs/tools").glob("*.md") if path != PRICES)
HEADINGS = ["Need", "Candidates", "What decides", "Chosen", "Where the other is better", "How to switch", "Sources"]
LONGEST_PAGE = 70
_TIMES = "\N{MULTIPLICATION SIGN}"
_CALCULATION = re.compile(rf"([\d(][\d.,{_TIMES}+() ]*) = ([\d,]+)")
_THREE_SIZES = re.compile(r"\d[\d,]* / (?:\d[\d,]*|not sized) / (?:\d[\d,]*|not sized)")


def name(path: Path) -> str:
    """Return a page's name as a test's id."""
    return path.stem


def rows(path: Path) -> list[list[str]]:
    """Return the cells of each row of the tables in a document."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def value(expression: str) -> float:
    """Return the result of a sum of products."""
    return _result(ast.parse(expression.replace(",", "").replace(_TIMES, "*"), mode="eval").body)


def _result(node: ast.expr) -> float:
    """Return the result of a node that is a number, a sum or a product."""
    if isinstance(node, ast.BinOp):
        left, right = _result(node.left), _result(node.right)
        return left + right if isinstance(node.op, ast.Add) else left * right
    assert isinstance(node, ast.Constant)
    return float(node.value)  # type: ignore[arg-type]


def amounts(text: str) -> list[str]:
    """Return the amounts of a cell that has one for each size."""
    return re.findall(r"\d[\d,]*|not sized", text)


@pytest.mark.parametrize("tool", BRIEF)
def test_a_tool_of_the_brief_has_a_row_with_a_cell_for_each_column(tool: str) -> None:
    compared = [row for row in rows(SELECTION) if len(row) == 8]
    found = [row for row in compared if re.search(rf"(?<![\w-]){re.escape(tool)}(?![\w-])", row[0])]
    assert found
    assert all(all(row) for row in found)


def test_each_cost_is_the_result_of_its_calculation() -> None:
    calculations = _CALCULATION.findall(PRICES.read_text(encoding="utf-8"))
    assert len(calculations) > 50
    assert [f"{what} = {cost}" for what, cost in calculations if abs(value(what) - float(cost.replace(",", ""))) > 0.5] == []


def test_the_costs_at_three_sizes_are_those_of_the_page_of_prices() -> None:
    calculated = {tuple(cell.rpartition("= ")[2] for cell in row[2:]) for row in rows(PRICES) if len(row) == 5}
    told = {costs for path in (SELECTION, *CHOICES) for costs in _THREE_SIZES.findall(path.read_text(encoding="utf-8"))} - {"0 / 0 / 0"}
    assert len(told) > 20
    assert [costs for costs in sorted(told) if tuple(amounts(costs)) not in calculated] == []


def test_a_tools_costs_are_those_of_its_own_row_in_the_page_of_prices() -> None:
    priced = [(row[0], tuple(cell.rpartition("= ")[2] for cell in row[2:])) for row in rows(PRICES) if len(row) == 5]
    told = [(row[0], tuple(amounts(costs))) for row in rows(SELECTION) if len(row) == 8 for costs in _THREE_SIZES.findall(row[4])]
    named = {(tool, costs): [title for title, own in priced if own == costs] for tool, costs in told if set(costs) != {"0"}}
    assert len(named) > 10
    assert [
        (tool, titles)
        for (tool, _), titles in named.items()
        if not any(word.lower() in tool.lower() for title in titles for word in re.findall(r"\w{2,}", title))
    ] == []


@pytest.mark.parametrize("path", CHOICES, ids=name)
def test_a_page_of_a_choice_is_short_has_its_parts_and_is_linked(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_PAGE
    assert [line[3:] for line in lines if line.startswith("## ")] == HEADINGS
    assert f"(tools/{path.name})" in SELECTION.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*CHOICES, BI, PRICES], ids=name)
def test_every_source_is_used_and_every_reference_has_one_with_a_public_address(path: Path) -> None:
    text, _, listed = path.read_text(encoding="utf-8").partition("\n## Sources\n")
    sources = dict(re.findall(r"^\| (\d+) \| (https://\S+)", listed, re.MULTILINE))
    used = set(re.findall(r"\[(\d+)\]", text))
    if path == PRICES:
        used |= {number for row in rows(path) if len(row) == 5 for number in row[4].split("; ") if number.isdigit()}
    assert used == set(sources)
    assert list(sources) == [str(number) for number in range(1, len(sources) + 1)]
