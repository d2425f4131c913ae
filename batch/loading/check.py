"""Checks a file's rows with Great Expectations: which rows are bad and why, and a result for each rule."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.checkpoint import UpdateDataDocsAction
from great_expectations.core.expectation_validation_result import ExpectationValidationResult

from batch.loading.landing import Landed
from batch.loading.records import LINE
from batch.loading.standardise import Standardised
from batch.loading.suites import FIRST_OF_KEY, GIVEN, IN_TIME, KNOWN, NAME, STANDARD, Rule, conditional, conditions, rules
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import FileRefusedError

#: The rule's name in the results under which rows are counted that could not be read; in the quarantine each has the reason's own.
READABLE = "row can be read"


#: So many bad rows are named whatever the contract tolerates. Of more than that the file is refused, and nobody reads them: six for each of a million
#: rows would be 2 GB.
MOST_NAMED = 10_000
#: What Great Expectations tells of a failed expectation: the lines. Its pages never expire, and any value, also a personal one, may stand in the wrong
#: column; and values would be written into them as they are: a script in a file would run in the browser of whoever looks.
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [LINE],
    "partial_unexpected_count": 5,
    "return_unexpected_index_query": False,
    "exclude_unexpected_values": True,
}


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule."""

    rule: str
    column: str
    checked: int
    failed: int
    refuses: bool


@dataclass(frozen=True)
class BadRow:
    """One rule that one row broke."""

    line: int
    rule: str
    reason: str


@dataclass
class Checked:
    """The outcome for a file."""

    results: list[RuleResult]
    #: Not all of a file that is refused for their number.
    bad: list[BadRow]
    lines: set[int] = field(default_factory=set)

    @property
    def bad_lines(self) -> set[int]:
        """The lines that do not count."""
        return self.lines | {bad.line for bad in self.bad}

    @property
    def refusals(self) -> list[str]:
        """The rules for which the whole file is refused."""
        return [result.rule for result in self.results if result.refuses and result.failed]


@cache
def context(home: Path) -> Any:
    """Great Expectations' project: its suites, results and pages live below this folder."""
    found = gx.get_context(mode="file", project_root_dir=str(home))
    found.variables.progress_bars = {"globally": False}
    return found


def check(landed: Landed, standardised: Standardised, known: dict[str, set[str]], home: Path) -> Checked:
    """Runs the dump's suite over the rows; `known` has the keys of each dump that is referred to.

    Raises:
        FileRefusedError: a rule could not be checked, so that nothing is known of any row.
    """
    contract = landed.announced.contract
    frame = _with_flags(contract, standardised, known, landed.announced.business_date)
    suite_rules = rules(contract)
    results = _by_rule(_run(contract, suite_rules, frame, home))
    checked = Checked(
        [RuleResult(READABLE, "", landed.count, len(landed.broken), refuses=False)],
        [BadRow(broken.line, broken.rule, broken.reason) for broken in landed.broken],
    )
    most = max(MOST_NAMED, landed.count * contract.tolerance)
    for rule in suite_rules:
        result = results[rule.name]
        if unchecked(result):
            # Not the exception's message: it may quote a value.
            raise FileRefusedError("unchecked", f"the rule {rule.name!r} could not be checked", landed.sha256)
        lines = _lines(result.result.pop("unexpected_index_list", None) or [])
        checked.lines.update(lines)
        failed = len(lines) if lines else int(not result.success)
        checked.results.append(RuleResult(rule.name, rule.column, int(result.result.get("element_count", 0) or 0), failed, rule.refuses))
        wrong = standardised.wrong.get(rule.column, {}) if rule.name.endswith("type and standard") else {}
        if len(checked.lines) <= most:
            checked.bad.extend(BadRow(line, rule.name, f"{rule.column}: {wrong.get(line, rule.reason)}") for line in lines)
    return checked


def _by_rule(outcome: list[ExpectationValidationResult]) -> dict[str, ExpectationValidationResult]:
    """Each result by the name of the rule that it carries: what could not be checked comes before all others, so that places tell nothing."""
    return {result.expectation_config.meta[NAME]: result for result in outcome}


def unchecked(result: ExpectationValidationResult) -> bool:
    """Whether an exception stands in the place of a result: as one entry for the expectation, or as one for each metric that failed."""
    info = result.exception_info
    return bool(info.get("raised_exception", False)) or any(
        isinstance(metric, dict) and metric.get("raised_exception") for metric in info.values()
    )


def _lines(found: list[dict[str, Any]]) -> list[int]:
    """The lines of bad rows: without the values there is one entry with all of them."""
    return [int(line) for entry in found for line in entry[LINE]]


def _with_flags(contract: DumpContract, standardised: Standardised, known: dict[str, set[str]], business_date: date) -> pd.DataFrame:
    """The rows with the columns of true and false that the suite asks for."""
    rows = standardised.rows
    # A key that cannot be read is no other row's key.
    flags: dict[str, Any] = {FIRST_OF_KEY: ~rows.duplicated(contract.key, keep="first") | rows[contract.key].isna().any(axis=1)}
    for spec in contract.fields:
        name = spec["name"]
        flags[STANDARD + name] = ~rows[LINE].isin(list(standardised.wrong.get(name, {})))
        flags[GIVEN + name] = _given(rows[name], flags[STANDARD + name])
        if dump := spec.get("references"):
            flags[KNOWN + name] = rows[name].isna() | rows[name].isin(known[dump])
        if spec.get("notAfterBusinessDate"):
            values = pd.to_datetime(rows[name], utc=True)
            flags[IN_TIME + name] = values.isna() | (values < pd.Timestamp(business_date, tz="UTC") + pd.Timedelta(days=1))
    for business in conditions(contract):
        flags[conditional(business["rule"])] = _where(rows, business, flags[STANDARD + business["arguments"]["column"]])
    return pd.concat([rows, pd.DataFrame(flags, index=rows.index)], axis=1).set_index(LINE)


def _given(column: pd.Series, standard: pd.Series) -> pd.Series:
    """True where there was a value, also one that was taken out because it is not to its standard, which has a rule of its own; else null."""
    return (column.notna() | ~standard).astype("boolean").mask(lambda given: ~given)


def _where(rows: pd.DataFrame, business: dict[str, Any], standard: pd.Series) -> pd.Series:
    """The rule's column where its condition holds; elsewhere something that the rule lets pass."""
    concerned = rows.eval(business["where"]).fillna(False).astype(bool)
    column = rows[business["arguments"]["column"]]
    if business["expectation"] == "ExpectColumnValuesToNotBeNull":
        return _given(column, standard & concerned)
    return column.where(concerned)


def _run(contract: DumpContract, suite_rules: list[Rule], frame: pd.DataFrame, home: Path) -> list[ExpectationValidationResult]:
    """One validation; its suite, its result and its page are kept."""
    project = context(home)
    source = project.data_sources.add_or_update_pandas(contract.name)
    batch = source.add_dataframe_asset(contract.name).add_batch_definition_whole_dataframe("file")
    suite = project.suites.add_or_update(gx.ExpectationSuite(name=contract.name, expectations=[rule.expectation for rule in suite_rules]))
    validation = project.validation_definitions.add_or_update(gx.ValidationDefinition(name=contract.name, data=batch, suite=suite))
    checkpoint = project.checkpoints.add_or_update(
        gx.Checkpoint(
            name=contract.name,
            validation_definitions=[validation],
            actions=[UpdateDataDocsAction(name="data_docs")],
            result_format=RESULT_FORMAT,
        )
    )
    (outcome,) = checkpoint.run(batch_parameters={"dataframe": frame}).run_results.values()
    return list(outcome.results)
