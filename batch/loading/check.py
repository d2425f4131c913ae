"""Check the rows of a file with Great Expectations: find the bad rows with their reasons, and give a result for each rule."""

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

#: Name of the rule under which unreadable rows are counted in the results. In the quarantine each row has its own rule.
READABLE = "row can be read"


#: Up to this many bad rows are listed, whatever the contract tolerates. A file with more is refused and nobody reads the list: six entries
#: for each of a million rows would take 2 GB.
MOST_NAMED = 10_000
#: Great Expectations records only the line numbers of failed rows, not their values. Its pages never expire and a personal value may stand
#: in the wrong column. Values are also written to the pages without escaping, so a script in a file would run in the reader's browser.
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [LINE],
    "partial_unexpected_count": 5,
    "return_unexpected_index_query": False,
    "exclude_unexpected_values": True,
}


@dataclass(frozen=True)
class RuleResult:
    """The result of one rule: how many rows were checked, how many failed, and whether a failure refuses the file."""

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
    """The result of the checks of a file."""

    results: list[RuleResult]
    #: Incomplete if the file is refused because of their number (see MOST_NAMED).
    bad: list[BadRow]
    lines: set[int] = field(default_factory=set)

    @property
    def bad_lines(self) -> set[int]:
        """Line numbers of all bad rows, which are not loaded."""
        return self.lines | {bad.line for bad in self.bad}

    @property
    def refusals(self) -> list[str]:
        """Names of the failed rules that refuse the whole file."""
        return [result.rule for result in self.results if result.refuses and result.failed]


@cache
def context(home: Path) -> Any:
    """Return the Great Expectations project below a folder, with its suites, results and pages."""
    project = gx.get_context(mode="file", project_root_dir=str(home))
    project.variables.progress_bars = {"globally": False}
    return project


def check(landed: Landed, standardised: Standardised, known: dict[str, set[str]], home: Path) -> Checked:
    """Run the suite of the dump over the rows of a file.

    Args:
        landed: the file as it was read.
        standardised: its rows in the contract's types.
        known: the known keys of each dump that the contract refers to, by dump name.
        home: folder of the Great Expectations project.

    Raises:
        FileRefusedError: a rule could not be checked, so no row can be accepted.
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
            # The exception's message is left out: it may quote a value.
            raise FileRefusedError("unchecked", f"the rule {rule.name!r} could not be checked", landed.sha256)
        lines = _lines(result.result.pop("unexpected_index_list", None) or [])
        checked.lines.update(lines)
        failed = len(lines) if lines else int(not result.success)
        checked.results.append(RuleResult(rule.name, rule.column, int(result.result.get("element_count", 0) or 0), failed, rule.refuses))
        errors = standardised.errors.get(rule.column, {}) if rule.name.endswith("type and standard") else {}
        if len(checked.lines) <= most:
            checked.bad.extend(BadRow(line, rule.name, f"{rule.column}: {errors.get(line, rule.reason)}") for line in lines)
    return checked


def _by_rule(outcome: list[ExpectationValidationResult]) -> dict[str, ExpectationValidationResult]:
    """Index the results by the name of the rule that each one carries.

    The order of the results cannot be used: Great Expectations puts failed checks first.
    """
    return {result.expectation_config.meta[NAME]: result for result in outcome}


def unchecked(result: ExpectationValidationResult) -> bool:
    """Return whether a result holds an exception instead of an outcome.

    Great Expectations stores one entry for the expectation, or one entry for each metric that failed.
    """
    info = result.exception_info
    return bool(info.get("raised_exception", False)) or any(
        isinstance(metric, dict) and metric.get("raised_exception") for metric in info.values()
    )


def _lines(entries: list[dict[str, Any]]) -> list[int]:
    """Return the line numbers of the bad rows. Without values Great Expectations puts them all into one entry."""
    return [int(line) for entry in entries for line in entry[LINE]]


def _with_flags(contract: DumpContract, standardised: Standardised, known: dict[str, set[str]], business_date: date) -> pd.DataFrame:
    """Return the rows with the boolean columns that the suite checks."""
    rows = standardised.rows
    # A key that cannot be read does not count as a duplicate.
    flags: dict[str, Any] = {FIRST_OF_KEY: ~rows.duplicated(contract.key, keep="first") | rows[contract.key].isna().any(axis=1)}
    for spec in contract.fields:
        name = spec["name"]
        flags[STANDARD + name] = ~rows[LINE].isin(list(standardised.errors.get(name, {})))
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
    """Return True where the source had a value, and null elsewhere.

    A value that was removed because it is not to its standard counts as given; another rule reports it.
    """
    return (column.notna() | ~standard).astype("boolean").mask(lambda given: ~given)


def _where(rows: pd.DataFrame, business: dict[str, Any], standard: pd.Series) -> pd.Series:
    """Return the rule's column where the rule's condition holds, and elsewhere a value that passes the rule."""
    concerned = rows.eval(business["where"]).fillna(False).astype(bool)
    column = rows[business["arguments"]["column"]]
    if business["expectation"] == "ExpectColumnValuesToNotBeNull":
        return _given(column, standard & concerned)
    return column.where(concerned)


def _run(contract: DumpContract, suite_rules: list[Rule], frame: pd.DataFrame, home: Path) -> list[ExpectationValidationResult]:
    """Run one validation. Great Expectations keeps its suite, its result and its page."""
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
