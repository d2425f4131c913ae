"""What becomes of a file's rows, before anything is written: standardised, checked, and in the lake's types; or refused whole."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from batch.loading.check import Checked, check
from batch.loading.landing import Landed
from batch.loading.load import to_arrow
from batch.loading.records import LINE
from batch.loading.standardise import standardise
from tillstream.core.contracts import DumpContract


@dataclass(frozen=True)
class Judged:
    """The good rows, in pandas' types and in the lake's; what was found of the others; how many values each rule changed."""

    good: pd.DataFrame
    table: pa.Table
    checked: Checked
    changed: dict[str, int]
    #: Why the file is refused, where it is: nothing of it is loaded then.
    refusal: str | None


def judge(landed: Landed, known: dict[str, set[str]], home: Path) -> Judged:
    """Judges a file that was read; `known` has the keys of each dump that it refers to, below `home` are the suites and their pages.

    Raises:
        FileRefusedError: a rule could not be checked.
    """
    contract, a = landed.announced.contract, landed.announced
    standardised = standardise(landed.rows, contract, LINE)
    checked = check(landed, standardised, known, home)
    good = standardised.rows[~standardised.rows[LINE].isin(checked.bad_lines)]
    refusal = why_refused(checked, contract, landed.count, len(good))
    table = to_arrow(good.iloc[:0] if refusal else good, contract, a.business_date, a.path)
    return Judged(good, table, checked, landed.noted | standardised.changed, refusal)


def why_refused(checked: Checked, contract: DumpContract, count: int, good: int) -> str | None:
    """Why a file of so many rows, of which so many are good, is refused whole; None where it is not."""
    if checked.refusals:
        return f"rules: {'; '.join(checked.refusals)}"
    aside = count - good
    if aside > contract.tolerance * count:
        times = Counter(bad.rule for bad in checked.bad) | Counter({result.rule: result.failed for result in checked.results})
        ((rule, failed),) = times.most_common(1)
        return f"tolerance: {aside / count:.1%} of its rows are bad, {contract.tolerance:.1%} may be; most often {rule!r}, {failed:,} times"
    return None
