"""Build the Great Expectations suites: rules derived from the contract, and business rules from rules.yaml.

Some checks are computed before and given to the suite as a boolean column: whether a value is to its standard (a failed personal value
would be written to Data Docs), whether a row is the first with its key, whether the key it refers to is known, and whether the source had
a value before one that is not to its standard was removed.
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

#: Key in an expectation's meta, and so in its result, that holds the name of the rule.
NAME = "rule"
RULES = Path(__file__).parent / "rules.yaml"
FIRST_OF_KEY, KNOWN, STANDARD, IN_TIME, GIVEN = "_first_of_key", "_known_", "_standard_", "_in_time_", "_given_"


@dataclass(frozen=True)
class Rule:
    """One expectation: its name in the results, the reason given to a row, and whether a failure refuses the file.

    Names are unique within a dump. Each expectation carries its rule's name, because Great Expectations does not keep the order of results.
    """

    name: str
    column: str
    reason: str
    expectation: Any
    refuses: bool = False


@lru_cache
def _business() -> dict[str, list[dict[str, Any]]]:
    business: dict[str, list[dict[str, Any]]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return business


def rules(contract: DumpContract) -> list[Rule]:
    """Return all rules of a dump.

    Raises:
        ContractError: two rules have the same name, so their results could not be told apart.
    """
    dump_rules = [_flag(FIRST_OF_KEY, ", ".join(contract.key), "unique key", "an earlier line of the file has the same key")]
    for spec in contract.fields:
        dump_rules.extend(_of_field(spec))
    for business in _business().get(contract.name, []):
        arguments = dict(business["arguments"])
        if "where" in business:
            # The caller evaluates a condition on other columns, into a column of its own in which all other rows are null.
            arguments["column"] = conditional(business["rule"])
        expectation = getattr(gxe, business["expectation"])(**arguments, notes=business["rule"])
        column = str(business["arguments"].get("column", ""))
        dump_rules.append(Rule(business["rule"], column, business["rule"], expectation, business.get("severity") == "refuse"))
    if twice := [name for name, times in Counter(rule.name for rule in dump_rules).items() if times > 1]:
        raise ContractError(f"{contract.name} has more than one rule called {', '.join(twice)}")
    for rule in dump_rules:
        rule.expectation.meta = {NAME: rule.name}
    return dump_rules


def conditional(rule: str) -> str:
    """Return the name of the column that a rule with a condition checks."""
    return "_where_" + rule.replace(" ", "_")


def conditions(contract: DumpContract) -> list[dict[str, Any]]:
    """Return the business rules that have a condition."""
    return [business for business in _business().get(contract.name, []) if "where" in business]


def _flag(column: str, of: str, name: str, reason: str) -> Rule:
    return Rule(f"{of}: {name}", of, reason, gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True], notes=f"{of}: {reason}"))


def _of_field(spec: dict[str, Any]) -> list[Rule]:
    """Return the rules that the contract gives for one field."""
    name = spec["name"]
    field_rules = [_flag(STANDARD + name, name, "type and standard", "not of its type or not to its standard")]
    if not isinstance(spec["type"], list):
        field_rules.append(Rule(f"{name}: not empty", name, "it is empty", gxe.ExpectColumnValuesToNotBeNull(column=GIVEN + name)))
    if "allowed" in spec:
        field_rules.append(
            Rule(
                f"{name}: allowed",
                name,
                f"not one of {', '.join(spec['allowed'])}",
                gxe.ExpectColumnValuesToBeInSet(column=name, value_set=spec["allowed"]),
            )
        )
    if "minimum" in spec or "maximum" in spec:
        low, high = spec.get("minimum"), spec.get("maximum")
        field_rules.append(
            Rule(
                f"{name}: range",
                name,
                f"not between {low} and {high}",
                gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high),
            )
        )
    if "pattern" in spec:
        field_rules.append(
            Rule(
                f"{name}: pattern",
                name,
                f"not like {spec['pattern']}",
                gxe.ExpectColumnValuesToMatchRegex(column=name, regex=spec["pattern"]),
            )
        )
    if spec.get("minLength", 0) > 1:
        field_rules.append(
            Rule(
                f"{name}: length",
                name,
                f"shorter than {spec['minLength']}",
                gxe.ExpectColumnValueLengthsToBeBetween(column=name, min_value=spec["minLength"]),
            )
        )
    if "references" in spec:
        field_rules.append(_flag(KNOWN + name, name, "known", f"{spec['references']} has no such row"))
    if spec.get("notAfterBusinessDate"):
        field_rules.append(_flag(IN_TIME + name, name, "not after the business date", "it is after the file's business date"))
    return field_rules
