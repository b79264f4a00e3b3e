"""What does a tree compute, and do the kinds of its values fit together?

Only the node types in the two tables are read; every other is refused.  A
closure is made for each node, so that evaluating never looks at the tree.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from audit_engine.definition.expressions.tokens import ExpressionFault, column_of, written_name
from audit_engine.definition.expressions.value_types import DATE, NUMBER, TEXT, YES_NO, Kind, ValueType
from audit_engine.definition.nearest import listed, suggestion

MOST_PARTS = 200
MOST_DEPTH = 100
Values = Mapping[str, object]
Run = Callable[[Values], Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A compiled node; ``literal`` is set for a constant, ``name`` for a bare name."""

    type: ValueType
    run: Run
    literal: object = None
    name: str = ""


@dataclass(slots=True)
class Context:
    """What compiling one expression knows and finds out."""

    source: str
    types: Mapping[str, ValueType]
    written: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    literals: list[object] = field(default_factory=list)
    is_arithmetic: bool = False
    parts: int = 0
    depth: int = 0

    def fault(self, node: ast.expr, sentence: str) -> ExpressionFault:
        """Return the fault that stands at a node."""
        return ExpressionFault(sentence, column_of(node, self.source))


def compiled(node: ast.expr, context: Context) -> Part:
    """Return the closure of a node, or raise ExpressionFault."""
    maker = _MAKERS.get(type(node))
    if maker is None:
        raise context.fault(node, "This is not part of the language. Use comparisons, and, or, not, in and answered().")
    context.parts += 1
    context.depth += 1
    if context.parts > MOST_PARTS or context.depth > MOST_DEPTH:
        raise context.fault(node, "The expression has too many parts. Put some into an item of type calculated.")
    part = maker(node, context)
    context.depth -= 1
    return part


# ---- names and constants -------------------------------------------------


def _constant(node: ast.Constant, context: Context) -> Part:
    value = Decimal(repr(node.value)) if isinstance(node.value, float) else node.value
    context.literals.append(value)
    return Part(TEXT if isinstance(value, str) else NUMBER, lambda values: value, literal=value)


def _name(node: ast.Name, context: Context) -> Part:
    name = written_name(node.id)
    if name in _TRUTHS:
        truth = _TRUTHS[name]
        return Part(YES_NO, lambda values: truth, literal=truth)
    value_type = context.types.get(name)
    if value_type is None:
        raise context.fault(node, _unknown_name(name, context.types))
    context.written.add(name)
    context.names.add(value_type.part_of or name)
    context.compared.add(value_type.part_of or name)
    if value_type.read is not None:
        context.is_arithmetic = True
        return Part(value_type, _read_part(value_type.part_of, value_type.read), name=name)
    return Part(value_type, _READERS[value_type.kind](name), name=name)


def _unknown_name(name: str, types: Mapping[str, ValueType]) -> str:
    near = suggestion(name, types)
    if not near and len(types) <= 12:
        near = f" Known here: {listed(sorted(types))}." if types else ""
    return f"Nothing called “{name}” can be used here.{near}"


def _read_part(whole: str, read: Callable[[object], object]) -> Run:
    return lambda values: read(values.get(whole))


def _read_number(name: str) -> Run:
    def run(values: Values) -> object:
        value = values.get(name)
        exact = Decimal(repr(value)) if isinstance(value, float) else value
        if isinstance(exact, Decimal):
            return exact if exact.is_finite() else None
        return exact if isinstance(exact, int) and not isinstance(exact, bool) else None

    return run


def _read_yes_no(name: str) -> Run:
    def run(values: Values) -> object:
        value = values.get(name)
        return value if isinstance(value, bool) else _WRITTEN_TRUTHS.get(value) if isinstance(value, str) else None

    return run


def _read_text(name: str) -> Run:
    def run(values: Values) -> object:
        value = values.get(name)
        return value if isinstance(value, str) and value else None

    return run


def _read_texts(name: str) -> Run:
    def run(values: Values) -> object:
        value = values.get(name)
        return value if isinstance(value, (tuple, list, set, frozenset)) and value else None

    return run


def _read_date(name: str) -> Run:
    def run(values: Values) -> object:
        value = values.get(name)
        return value if isinstance(value, date) else None

    return run


def _read_other(name: str) -> Run:
    return lambda values: values.get(name)


_TRUTHS = {"true": True, "false": False}
_WRITTEN_TRUTHS = {"yes": True, "no": False}
_READERS: Mapping[Kind, Callable[[str], Run]] = {
    "number": _read_number,
    "yes-no": _read_yes_no,
    "text": _read_text,
    "texts": _read_texts,
    "date": _read_date,
    "other": _read_other,
}


# ---- and, or, not, answered() --------------------------------------------


def _condition(node: ast.expr, context: Context) -> Run:
    part = compiled(node, context)
    if part.type.kind != "yes-no":
        hint = f" Compare it: {part.name} == ..." if part.name else ""
        raise context.fault(node, f"A condition is needed here, not {part.type.words}.{hint}")
    return part.run


def _bool_op(node: ast.BoolOp, context: Context) -> Part:
    runs = tuple(_condition(value, context) for value in node.values)
    if isinstance(node.op, ast.And):
        return Part(YES_NO, lambda values: all(run(values) for run in runs))
    return Part(YES_NO, lambda values: any(run(values) for run in runs))


def _unary(node: ast.UnaryOp, context: Context) -> Part:
    if isinstance(node.op, ast.Not):
        run = _condition(node.operand, context)
        return Part(YES_NO, lambda values: not run(values))
    if not isinstance(node.op, ast.USub):
        raise context.fault(node, "Leave the plus sign out.")
    number = _number(node.operand, context)
    literal = -number.literal if isinstance(number.literal, (int, Decimal)) else None
    run_number = number.run

    def negative(values: Values) -> object:
        value = run_number(values)
        return None if value is None else -value

    return Part(NUMBER, negative, literal=literal)


def _call(node: ast.Call, context: Context) -> Part:
    if not isinstance(node.func, ast.Name) or node.func.id != "answered":
        raise context.fault(node, "Nothing can be called but answered(...).")
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
        raise context.fault(node, "answered(...) takes the id of one item or one fact.")
    compared_before = set(context.compared)
    part = _name(node.args[0], context)
    context.compared = compared_before
    if not part.name:
        raise context.fault(node, "answered(...) takes the id of one item or one fact.")
    run = part.run
    return Part(YES_NO, lambda values: run(values) is not None)


# ---- arithmetic ----------------------------------------------------------


def _number(node: ast.expr, context: Context) -> Part:
    part = compiled(node, context)
    if part.type.kind != "number":
        raise context.fault(node, f"A number is needed here, not {part.type.words}.")
    return part


def _bin_op(node: ast.BinOp, context: Context) -> Part:
    apply = _ARITHMETIC.get(type(node.op))
    if apply is None:
        raise context.fault(node, "Only + - * / can be used with numbers.")
    context.is_arithmetic = True
    left, right = _number(node.left, context).run, _number(node.right, context).run

    def run(values: Values) -> object:
        first, second = left(values), right(values)
        if first is None or second is None:
            return None
        try:
            return apply(first, second)
        except ArithmeticError:
            return None

    return Part(NUMBER, run)


def _divided(first: int | Decimal, second: int | Decimal) -> Decimal:
    return Decimal(first) / Decimal(second)


_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
}


# ---- comparisons ---------------------------------------------------------


def _compare(node: ast.Compare, context: Context) -> Part:
    parts = [node.left, *node.comparators]
    pairs = tuple(_pair(left, op, right, context) for left, op, right in zip(parts, node.ops, parts[1:], strict=False))
    if len(pairs) == 1:
        return Part(YES_NO, pairs[0])
    return Part(YES_NO, lambda values: all(pair(values) for pair in pairs))


def _pair(left: ast.expr, op: ast.cmpop, right: ast.expr, context: Context) -> Run:
    if isinstance(op, (ast.In, ast.NotIn)):
        return _membership(left, right, isinstance(op, ast.In), context)
    apply = _COMPARISONS.get(type(op))
    if apply is None:
        raise context.fault(left, "Compare with == != < <= > >= in, or not in.")
    first, second = _comparable(left, right, context)
    if first.type.kind not in _KINDS_OF[type(op)]:
        raise context.fault(left, _order_sentence(first.type, op))
    return _compared(first.run, apply, second.run)


def _compared(left: Run, apply: Callable[[Any, Any], bool], right: Run) -> Run:
    def run(values: Values) -> bool:
        first, second = left(values), right(values)
        return first is not None and second is not None and apply(first, second)

    return run


def _comparable(left: ast.expr, right: ast.expr, context: Context) -> tuple[Part, Part]:
    first, second = compiled(left, context), compiled(right, context)
    first, second = _dated(left, first, second, context), _dated(right, second, first, context)
    if first.type.kind != second.type.kind:
        raise context.fault(left, _clash_sentence(first, second))
    _check_option(right, second, first, context)
    _check_option(left, first, second, context)
    return first, second


def _dated(node: ast.expr, part: Part, other: Part, context: Context) -> Part:
    if other.type.kind != "date" or not isinstance(part.literal, str):
        return part
    try:
        day = date.fromisoformat(part.literal)
    except ValueError:
        raise context.fault(node, f"“{part.literal}” is not a date. Write it as 2026-09-14.") from None
    return Part(DATE, lambda values: day, literal=day)


def _check_option(node: ast.expr, literal: Part, other: Part, context: Context) -> None:
    options = other.type.options
    if options is None or not isinstance(literal.literal, str) or literal.literal in options:
        return
    whose = f"“{other.name}”" if other.name else "the other side"
    known = suggestion(literal.literal, options) or f" It has {listed(list(options)[:12])}."
    raise context.fault(node, f"{whose} has no option “{literal.literal}”, so this is never true.{known}")


def _clash_sentence(first: Part, second: Part) -> str:
    for side, other in ((first, second), (second, first)):
        if side.type.kind == "texts":
            value = other.literal if isinstance(other.literal, str) else "choice"
            return f'{side.name or "This"} holds several answers. Write "{value}" in {side.name or "..."}.'
        if side.type.kind == "yes-no" and other.type.kind == "text":
            return f"{side.name or 'This'} is yes or no. Write it alone, or with “not” before it."
    return f"{_kind_phrase(first)} cannot be compared with {_kind_phrase(second)}."


def _kind_phrase(part: Part) -> str:
    return f"“{part.name}” ({part.type.words})" if part.name else part.type.words


def _order_sentence(value_type: ValueType, op: ast.cmpop) -> str:
    if value_type.kind == "texts":
        return 'This holds several answers. Write "choice" in ..., once for each choice.'
    if value_type.kind == "other":
        return "This answer can only be asked for with answered(...)."
    return f"Only numbers and dates have an order; this is {value_type.words}. Use == or in."


_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SAME: frozenset[Kind] = frozenset({"text", "number", "yes-no", "date"})
_ORDERED: frozenset[Kind] = frozenset({"number", "date"})
_KINDS_OF: Mapping[type[ast.cmpop], frozenset[Kind]] = {
    op: _SAME if op in (ast.Eq, ast.NotEq) else _ORDERED for op in _COMPARISONS
}


def _membership(left: ast.expr, right: ast.expr, wanted: bool, context: Context) -> Run:
    item = compiled(left, context)
    members = _members(left, item, right, context)
    run_item = item.run

    def run(values: Values) -> bool:
        value, among = run_item(values), members(values)
        return value is not None and among is not None and (value in among) is wanted

    return run


def _members(left: ast.expr, item: Part, right: ast.expr, context: Context) -> Run:
    if isinstance(right, ast.List):
        return _literal_members(left, item, right, context)
    group = compiled(right, context)
    if group.type.kind != "texts":
        raise context.fault(right, 'After “in” write a list, ["a", "b"], or an item that takes several answers.')
    if item.type.kind != "text":
        raise context.fault(left, f'Text is needed before “in”, not {item.type.words}: "choice" in {group.name}.')
    _check_option(left, item, group, context)
    return group.run


def _literal_members(left: ast.expr, item: Part, right: ast.List, context: Context) -> Run:
    if item.type.kind not in ("text", "number"):
        raise context.fault(left, f"Text or a number is needed before “in [...]”, not {item.type.words}.")
    members: set[object] = set()
    for element in right.elts:
        part = compiled(element, context)
        if part.literal is None or part.type.kind != item.type.kind:
            raise context.fault(element, f"The list may hold only {item.type.words} written out.")
        _check_option(element, part, item, context)
        members.add(part.literal)
    if not members:
        raise context.fault(right, "The list is empty, so this is never true.")
    fixed = frozenset(members)
    return lambda values: fixed


def _stray_list(node: ast.List, context: Context) -> Part:
    raise context.fault(node, "A list can stand only after “in”.")


_MAKERS: Mapping[type[ast.expr], Callable[[Any, Context], Part]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.Call: _call,
    ast.BinOp: _bin_op,
    ast.Compare: _compare,
    ast.List: _stray_list,
}
