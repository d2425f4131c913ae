"""Check the platform's promises for a file of a dump, in all steps of a load before the write to the lake."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.expectation_validation_result import ExpectationValidationResult

from batch.loading import check
from batch.loading.landing import Landed
from batch.loading.quality_tables import printable
from batch.loading.records import LINE
from batch.loading.suites import NAME, Rule
from batch.loading.validation import ValidatedFile, validate
from tests.fuzz.dumps.files import Made
from tests.fuzz.dumps.model import results
from tests.fuzz.dumps.values import SECRET
from tests.support.dump_rows import read_file
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.errors import FileRefusedError

#: The most processor time for a file. A file of at most 60 rows takes under half a second with Great Expectations.
MOST_SECONDS = 6.0


@contextmanager
def tolerance(contract: DumpContract, share: float) -> Iterator[None]:
    """Let the contract tolerate another share of bad rows inside the context. Most files of the fuzzer have more bad rows than any real file."""
    every = dump_contracts()
    every[contract.name] = replace(contract, document=contract.document | {"dump": contract.document["dump"] | {"tolerance": share}})
    try:
        yield
    finally:
        every[contract.name] = contract


@contextmanager
def checked_by(model: bool) -> Iterator[list[str]]:
    """Check rules with the model alone, or with the model and Great Expectations without its pages. Yield the list of differences."""
    differences: list[str] = []

    def run(contract: DumpContract, suite_rules: list[Rule], frame: pd.DataFrame, home: Path) -> list[Any]:
        modelled = results(contract, suite_rules, frame, home)
        if model:
            return modelled
        found = _checks_only(contract, suite_rules, frame)
        differences.extend(_differences(found, modelled))
        return found

    whole, check._run = check._run, run
    try:
        yield differences
    finally:
        check._run = whole


def _differences(found: list[Any], modelled: list[Any]) -> Iterator[str]:
    by_name = [{result.expectation_config.meta[NAME]: result for result in some} for some in (found, modelled)]
    for name, result in by_name[0].items():
        lines = check._lines(result.result.get("unexpected_index_list") or [])
        wanted = check._lines(by_name[1][name].result.get("unexpected_index_list") or [])
        if sorted(lines) != sorted(wanted) or result.success != by_name[1][name].success:
            yield f"{name}: Great Expectations says lines {lines}, the model {wanted}"


@cache
def _batch_of(name: str) -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas(name).add_dataframe_asset(name).add_batch_definition_whole_dataframe("file")


def _checks_only(contract: DumpContract, suite_rules: list[Rule], frame: pd.DataFrame) -> list[ExpectationValidationResult]:
    suite = gx.ExpectationSuite(name=contract.name, expectations=[rule.expectation for rule in suite_rules])
    batch = _batch_of(contract.name).get_batch({"dataframe": frame})
    return list(batch.validate(suite, result_format=check.RESULT_FORMAT).results)


def broken_promises(made: Made, known: dict[str, set[str]], home: Path) -> tuple[str, list[str]]:
    """Return the file's outcome in a word, and each promise that was broken."""
    begun = time.process_time()
    try:
        landed = read_file(made.contract, made.body, made.rows)
        found = validate(landed, known, home)
    except FileRefusedError as error:
        return f"refused {error.rule}", [*_of_reason(str(error)), *_of_refusal(made, error.rule), *_of_time(begun)]
    except Exception as error:  # noqa: BLE001 - that there is none is what is promised
        return "crashed", [f"{type(error).__name__}: {error}"]
    broken = _of_time(begun)
    if made.refused_by:
        broken.append(f"read, though it had to be refused by {sorted(made.refused_by)}")
    return ("refused rules" if found.refusal else "loaded"), broken + _of_rows(made, landed, found)


def _of_time(begun: float) -> list[str]:
    took = time.process_time() - begun
    return [f"it took {took:.1f} s of a core"] if took > MOST_SECONDS else []


def _of_reason(reason: str) -> list[str]:
    broken = [f"the reason {reason!r} quotes the file"] if SECRET.lower() in reason.lower() else []
    return broken + ([f"the reason {reason!r} is no sentence"] if printable(reason) != reason else [])


def _of_refusal(made: Made, rule: str) -> list[str]:
    if made.refused_by and rule not in made.refused_by:
        return [f"refused by {rule}, not by one of {sorted(made.refused_by)}"]
    if made.meant is not None and not _too_many(made):
        return [f"refused by {rule}, though only {made.meant.count(None)} of {made.rows} rows are bad"]
    return []


def _too_many(made: Made) -> bool:
    assert made.meant is not None
    return made.meant.count(None) > made.rows * dump_contracts()[made.contract.name].tolerance


def _of_rows(made: Made, landed: Landed, found: ValidatedFile) -> list[str]:
    broken = [what for bad in found.checked.bad for what in _of_reason(f"{bad.rule}: {bad.reason}")]
    aside = found.checked.bad_lines
    if landed.count != made.rows or len(found.good) + len(aside) != made.rows:
        broken.append(f"{made.rows} rows sent, {landed.count} came, {len(found.good)} are good and {len(aside)} bad")
    if lost := aside - set(landed.rows[LINE].tolist()) - {row.line for row in landed.broken}:
        broken.append(f"lines {sorted(lost)} are bad and of no row")
    if any(len(rule.split(": ")) != 2 for rule in found.changed):
        broken.append(f"a rule of {sorted(found.changed)} has no column")
    if found.refusal:
        vanished = found.refusal == "rules: members do not vanish" and not len(found.good)
        broken += _of_reason(found.refusal)
        return broken + ([] if vanished else _of_refusal(made, "tolerance"))
    if found.table.num_rows != len(found.good):
        broken.append(f"{len(found.good)} rows are good, {found.table.num_rows} would be loaded")
    return broken + ([] if made.meant is None else _of_values(made.meant, found))


def _of_values(meant: list[dict[str, Any] | None], found: ValidatedFile) -> list[str]:
    wanted = [row for row in meant if row is not None]
    loaded = found.table.drop_columns(["business_date", "source_file"]).to_pylist()
    if len(wanted) != len(loaded):
        missed = [row for row in wanted if row not in loaded][:2]
        surplus = [row for row in loaded if row not in wanted][:2]
        return [
            f"{len(wanted)} rows were meant to be loaded, {len(loaded)} would be; missed {missed}, surplus {surplus}; {found.checked.bad[:3]}"
        ]
    return [f"meant {was}, would be loaded as {now}" for was, now in zip(wanted, loaded, strict=True) if was != now][:2]
