"""Evaluate the formulas of the cost model. An error says which formula is wrong, and which name was perhaps meant."""

import difflib
import math
from collections.abc import Callable, Mapping, Sequence

from simpleeval import FunctionNotDefined, InvalidExpression, NameNotDefined, SimpleEval

from tillstream.core.errors import TerminalError

Value = float | Sequence[float]


class ModelError(TerminalError):
    """The cost model is wrong: a value, a name or a formula. The message says where."""


def between(amount: float, low: float, high: float) -> float:
    """Return the part of an amount that lies between two limits, for prices that fall with the amount."""
    return max(0.0, min(amount, high) - low)


FUNCTIONS: dict[str, Callable[..., float]] = {"between": between, "ceil": math.ceil, "max": max, "min": min}


def evaluate(formula: str, names: Mapping[str, Value], where: str) -> float:
    """Return the value of a formula.

    Args:
        formula: an expression in Python's syntax, of names, numbers and FUNCTIONS.
        names: the value of each name.
        where: what the formula belongs to, for errors.

    Raises:
        ModelError: the formula cannot be evaluated, or its value is negative or no number.
    """
    try:
        value = SimpleEval(functions=FUNCTIONS, names=dict(names)).eval(formula)
    except NameNotDefined as error:
        raise ModelError(f"{where}: there is no name '{error.name}' in '{formula}'{_meant(error.name, names)}") from error
    except FunctionNotDefined as error:
        raise ModelError(f"{where}: there is no function '{error.func_name}' in '{formula}'{_meant(error.func_name, FUNCTIONS)}") from error
    except (InvalidExpression, SyntaxError, TypeError, ValueError, ArithmeticError) as error:
        raise ModelError(f"{where}: '{formula}' cannot be evaluated: {error}") from error
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ModelError(f"{where}: '{formula}' is {value}, and must be a number that is not negative")
    return float(value)


def _meant(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
