"""How is a condition or a calculation of a questionnaire read, checked and worked out?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from audit_engine.definition.expressions.compiler import Context, Run, Values, compiled
from audit_engine.definition.expressions.reach import Reach, reach
from audit_engine.definition.expressions.tokens import ExpressionFault, parsed
from audit_engine.definition.expressions.value_types import ValueType
from audit_engine.definition.expressions.words import in_words

__all__ = ["Expression", "ExpressionFault", "Reach", "ValueType", "compile_condition", "compile_expression"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression, ready to run.

    ``names`` holds every item and fact it reads, the whole where it reads a
    part; ``compared`` those of them that it reads otherwise than inside
    ``answered(...)``; ``types`` the kinds of all, parts too.
    """

    source: str
    names: frozenset[str] = field(compare=False)
    compared: frozenset[str] = field(compare=False)
    type: ValueType = field(compare=False)
    _run: Run = field(compare=False, repr=False)
    _tree: ast.expr = field(compare=False, repr=False)
    _literals: tuple[object, ...] | None = field(compare=False, repr=False)
    types: Mapping[str, ValueType] = field(compare=False, repr=False)

    def evaluate(self, values: Values) -> object:
        """Return the value; None where it rests on something unanswered."""
        value: object = self._run(values)
        return value

    def holds(self, values: Values) -> bool:
        """Tell whether the condition is true; an unanswered value makes a comparison false."""
        return self._run(values) is True

    def failing_names(self, values: Values) -> frozenset[str]:
        """Return the names in those conditions joined by ``and`` that do not hold, in one that does not."""
        tree = self._tree
        if not (isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And)):
            return self.names
        failing: set[str] = set()
        for part in tree.values:
            context = Context(self.source, self.types)
            if not compiled(part, context).run(values):
                failing |= context.names
        return frozenset(failing)

    def in_words(self, label: Callable[[str], str]) -> str:
        """Return the expression in plain English; ``label`` gives the phrase for a name."""
        return in_words(self._tree, self.types, label)

    def reach(self) -> tuple[Reach, int]:
        """Tell whether the condition holds never, always or sometimes, or "unknown"; and how many trials that took."""
        return reach(self._literals, self._run, self.names, self.types)


def compile_expression(source: str, types: Mapping[str, ValueType]) -> Expression:
    """Compile an expression over the names in ``types``, or raise ExpressionFault."""
    tree = parsed(source)
    context = Context(source, types)
    part = compiled(tree, context)
    names = frozenset(context.names)
    own_types = {name: types[name] for name in context.written | context.names if name in types}
    literals = None if context.is_arithmetic else tuple(context.literals)
    return Expression(source, names, frozenset(context.compared), part.type, part.run, tree, literals, own_types)


def compile_condition(source: str, types: Mapping[str, ValueType]) -> Expression:
    """Compile an expression that must come out as true or false."""
    expression = compile_expression(source, types)
    if expression.type.kind != "yes-no":
        raise ExpressionFault(f"A condition is needed, but this gives {expression.type.words}.")
    return expression
