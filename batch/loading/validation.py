"""Validate a file before anything is written: decide which rows are loaded, and whether the whole file is refused."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from batch.loading.check import Checked, check
from batch.loading.landing import Landed
from batch.loading.load import to_arrow
from batch.loading.records import LINE
from batch.loading.standardise import standardise
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract, dump_contracts


@dataclass(frozen=True)
class ValidatedFile:
    """The good rows as pandas and in Arrow types, the results of the checks, and how many values each standard changed."""

    good: pd.DataFrame
    table: pa.Table
    checked: Checked
    changed: dict[str, int]
    #: Reason to refuse the whole file; None if it is loaded.
    refusal: str | None


def validate(landed: Landed, known: dict[str, set[str]], home: Path) -> ValidatedFile:
    """Standardise and check a file.

    Args:
        landed: the file as it was read.
        known: the known keys of each dump that the contract refers to, by dump name.
        home: folder of the Great Expectations project.

    Raises:
        FileRefusedError: a rule could not be checked.
    """
    contract, a = landed.announced.contract, landed.announced
    standardised = standardise(landed.rows, contract, LINE)
    checked = check(landed, standardised, known, home)
    good = standardised.rows[~standardised.rows[LINE].isin(checked.bad_lines)]
    refusal = why_refused(checked, contract, landed.count, len(good))
    table = to_arrow(good.iloc[:0] if refusal else good, contract, a.business_date, a.path)
    return ValidatedFile(good, table, checked, landed.noted | standardised.changed, refusal)


def why_refused(checked: Checked, contract: DumpContract, count: int, good: int) -> str | None:
    """Return the reason to refuse a whole file, or None.

    Args:
        checked: results of the checks.
        contract: contract of the dump, with its tolerance for bad rows.
        count: number of rows in the file.
        good: number of good rows.
    """
    if checked.refusals:
        return f"rules: {'; '.join(checked.refusals)}"
    aside = count - good
    if aside > contract.tolerance * count:
        times = Counter(bad.rule for bad in checked.bad) | Counter({result.rule: result.failed for result in checked.results})
        ((rule, failed),) = times.most_common(1)
        return f"tolerance: {aside / count:.1%} of its rows are bad, {contract.tolerance:.1%} may be; most often {rule!r}, {failed:,} times"
    return None


def known_keys(trino: Trino, contract: DumpContract, business_date: date) -> dict[str, set[str]]:
    """Return the keys of each dump that a contract refers to, as of a business date, so that a backfill accepts what the first load accepted.

    The keys of a master's first file count as known before its date too: that file starts the platform's data, not the master's.
    """
    known = {}
    for dump in set(contract.references.values()):
        other = dump_contracts()[dump]
        since = "valid_from" if other.load == "history" else "known_since"
        first = f"coalesce((SELECT min({since}) FROM {other.table}), DATE '{business_date}')"
        query = f"SELECT DISTINCT {other.key[0]} FROM {other.table} WHERE {since} IS NULL OR {since} <= greatest(DATE '{business_date}', {first})"
        known[dump] = {row[0] for row in trino.rows(query)}
    return known
