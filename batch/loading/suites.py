"""Great Expectations suites: what the contract says, derived from it, and what the business says, from rules.yaml.

What an expectation should not see or cannot say is worked out before as a column of true and false: whether a personal value is to its standard
(its failures' values would stand in Data Docs), whether a row is the first of its key, whether what it refers to is known, whether there was a
value at all before what is not to its standard was taken out.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import great_expectations.expectations as gxe
import yaml

from tillstream.core.contracts import DumpContract
from tillstream.core.errors import ContractError

#: Where an expectation, and so its result, carries the name of its rule.
NAME = "rule"
RULES = Path(__file__).parent / "rules.yaml"
FIRST_OF_KEY, KNOWN, STANDARD, IN_TIME, GIVEN = "_first_of_key", "_known_", "_standard_", "_in_time_", "_given_"


@dataclass(frozen=True)
class Rule:
    """One expectation: its name in the results, whether a failure refuses the file, and the reason given to a row.

    Names are unique within a dump. Each expectation carries its rule's name, for Great Expectations gives results in an order of its own.
    """

    name: str
    column: str
    reason: str
    expectation: Any
    refuses: bool = False


@lru_cache
def _business() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return found


def rules(contract: DumpContract) -> list[Rule]:
    """All rules of a dump.

    Raises:
        ContractError: two rules have one name, so that a result could not be told from the other's.
    """
    found = [_flag(FIRST_OF_KEY, ", ".join(contract.key), "unique key", "an earlier line of the file has the same key")]
    for spec in contract.fields:
        found.extend(_of_field(spec))
    for business in _business().get(contract.name, []):
        arguments = dict(business["arguments"])
        if "where" in business:
            # A condition on other columns is worked out by the caller: what it does not concern is null in a column of its own.
            arguments["column"] = conditional(business["rule"])
        expectation = getattr(gxe, business["expectation"])(**arguments, notes=business["rule"])
        column = str(business["arguments"].get("column", ""))
        found.append(Rule(business["rule"], column, business["rule"], expectation, business.get("severity") == "refuse"))
    if twice := [name for name, times in Counter(rule.name for rule in found).items() if times > 1]:
        raise ContractError(f"{contract.name} has more than one rule called {', '.join(twice)}")
    for rule in found:
        rule.expectation.meta = {NAME: rule.name}
    return found


def conditional(rule: str) -> str:
    """The column in which a rule with a condition looks."""
    return "_where_" + rule.replace(" ", "_")


def conditions(contract: DumpContract) -> list[dict[str, Any]]:
    """The business rules with a condition."""
    return [business for business in _business().get(contract.name, []) if "where" in business]


def _flag(column: str, of: str, name: str, reason: str) -> Rule:
    return Rule(f"{of}: {name}", of, reason, gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True], notes=f"{of}: {reason}"))


def _of_field(spec: dict[str, Any]) -> list[Rule]:
    """What the contract says of one field."""
    name = spec["name"]
    found = [_flag(STANDARD + name, name, "type and standard", "not of its type or not to its standard")]
    if not isinstance(spec["type"], list):
        found.append(Rule(f"{name}: not empty", name, "it is empty", gxe.ExpectColumnValuesToNotBeNull(column=GIVEN + name)))
    if "allowed" in spec:
        found.append(
            Rule(
                f"{name}: allowed",
                name,
                f"not one of {', '.join(spec['allowed'])}",
                gxe.ExpectColumnValuesToBeInSet(column=name, value_set=spec["allowed"]),
            )
        )
    if "minimum" in spec or "maximum" in spec:
        low, high = spec.get("minimum"), spec.get("maximum")
        found.append(
            Rule(
                f"{name}: range",
                name,
                f"not between {low} and {high}",
                gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high),
            )
        )
    if "pattern" in spec:
        found.append(
            Rule(
                f"{name}: pattern",
                name,
                f"not like {spec['pattern']}",
                gxe.ExpectColumnValuesToMatchRegex(column=name, regex=spec["pattern"]),
            )
        )
    if spec.get("minLength", 0) > 1:
        found.append(
            Rule(
                f"{name}: length",
                name,
                f"shorter than {spec['minLength']}",
                gxe.ExpectColumnValueLengthsToBeBetween(column=name, min_value=spec["minLength"]),
            )
        )
    if "references" in spec:
        found.append(_flag(KNOWN + name, name, "known", f"{spec['references']} has no such row"))
    if spec.get("notAfterBusinessDate"):
        found.append(_flag(IN_TIME + name, name, "not after the business date", "it is after the file's business date"))
    return found
