"""A small, safe language for recomputations: arithmetic over named figures, with the sum written out in Dutch.

``100 * figure("krimpregios", "inwoners", year) / figure("nederland", "inwoners", year)`` gives a value, the figures
that were read and the text ``100 × 1.352.426 / 16.900.726``. Only numbers, strings, names, + - * / and calls of
registered functions are allowed; nothing else of Python can be reached.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from balans.errors import DefinitionError
from balans.words.numbers import number


@dataclass(frozen=True)
class Reading:
    """One figure that was read: its key, value, unit and source tables."""

    region_id: str
    indicator: str
    year: int
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Result:
    """The outcome of an expression.

    Attributes:
        value: the number; NaN if something is missing.
        text: the sum that shows it, in Dutch notation.
        readings: every figure that was read.
        missing: what is not at hand, in words.
    """

    value: float
    text: str
    readings: tuple[Reading, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every figure was at hand."""
        return not self.missing and not math.isnan(self.value)


Function = Callable[..., Result]
Argument = Result | str
OPERATORS: dict[type[ast.operator], tuple[Callable[[float, float], float], str, int]] = {
    ast.Add: (operator.add, "+", 1),
    ast.Sub: (operator.sub, "\N{MINUS SIGN}", 1),
    ast.Mult: (operator.mul, "\N{MULTIPLICATION SIGN}", 2),
    ast.Div: (operator.truediv, "/", 2),
}
ATOM = 3


def constant(value: float) -> Result:
    """Return a number as a result, written as briefly as it can be."""
    return Result(float(value), short(value))


def short(value: float) -> str:
    """Return a number with the decimals that its size asks for: none from 1,000, one from 100, else two at most."""
    if math.isnan(value):
        return number(value)
    most = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    decimals = next(d for d in range(most + 1) if d == most or abs(value - round(value, d)) < 1e-9)
    return number(value, decimals)


def evaluate(expression: str, names: Mapping[str, float], functions: Mapping[str, Function]) -> Result:
    """Return what ``expression`` amounts to.

    Args:
        expression: text in the language of this module.
        names: numbers that it may use by name.
        functions: functions that it may call; string arguments arrive as strings, numbers as floats.

    Raises:
        DefinitionError: the expression uses anything else; the message quotes it.
    """
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise DefinitionError(f"Not an expression: {expression!r} ({error.msg})") from error
    result, _ = _Walker(expression, names, functions).visit(tree.body)
    return result


@dataclass(frozen=True)
class _Walker:
    """Walks over the syntax tree; every visit gives the result and how tightly its text binds."""

    expression: str
    names: Mapping[str, float]
    functions: Mapping[str, Function]

    def visit(self, node: ast.expr) -> tuple[Result, int]:
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return self._operation(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner, binding = self.visit(node.operand)
            text = inner.text if binding == ATOM else f"({inner.text})"
            return Result(-inner.value, f"\N{MINUS SIGN}{text}", inner.readings, inner.missing), ATOM
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.functions:
            return self.functions[node.func.id](*(self._argument(argument) for argument in node.args)), ATOM
        return constant(self._number(node)), ATOM

    def _operation(self, node: ast.BinOp) -> tuple[Result, int]:
        apply, sign, binding = OPERATORS[type(node.op)]
        (left, left_binding), (right, right_binding) = self.visit(node.left), self.visit(node.right)
        left_text = left.text if left_binding >= binding else f"({left.text})"
        right_text = right.text if right_binding > binding else f"({right.text})"
        divides_by_zero = sign == "/" and right.value == 0
        value = math.nan if divides_by_zero else apply(left.value, right.value)
        missing = left.missing + right.missing + (("een deling door nul",) if divides_by_zero else ())
        return Result(value, f"{left_text} {sign} {right_text}", left.readings + right.readings, missing), binding

    def _argument(self, node: ast.expr) -> str | float:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self._number(node)

    def _number(self, node: ast.expr) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.Name) and node.id in self.names:
            return float(self.names[node.id])
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)][0](self._number(node.left), self._number(node.right))
        raise DefinitionError(f"{ast.unparse(node)!r} is not allowed in the expression {self.expression!r}.")
