"""How does a condition read in plain English?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit_engine.definition.expressions.tokens import written_name
from audit_engine.definition.expressions.value_types import ValueType
from audit_engine.definition.nearest import listed

Label = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Speaker:
    types: Mapping[str, ValueType]
    label: Label

    def options(self, node: ast.expr) -> Mapping[str, str]:
        """Return the labels of the options of a bare name."""
        name = written_name(node.id) if isinstance(node, ast.Name) else ""
        value_type = self.types.get(name)
        return (value_type.options if value_type else None) or {}


def in_words(tree: ast.expr, types: Mapping[str, ValueType], label: Label) -> str:
    """Return the condition in words; ``label`` gives the phrase for a name."""
    return _words(tree, _Speaker(types, label))


def _words(node: ast.expr, speaker: _Speaker) -> str:
    return _WORDS[type(node)](node, speaker)


def _constant(node: ast.Constant, speaker: _Speaker) -> str:
    return f"“{node.value}”" if isinstance(node.value, str) else str(node.value)


def _name(node: ast.Name, speaker: _Speaker) -> str:
    name = written_name(node.id)
    if name in _TRUTHS:
        return _TRUTHS[name]
    value_type = speaker.types.get(name)
    if value_type is not None and value_type.part_of:
        return f"{speaker.label(value_type.part_of)} ({value_type.label})"
    if value_type is not None and value_type.kind == "yes-no":
        return speaker.options(node).get("yes") or f"{speaker.label(name)}: yes"
    return speaker.label(name)


def _bool_op(node: ast.BoolOp, speaker: _Speaker) -> str:
    joiner = " and " if isinstance(node.op, ast.And) else " or "
    pieces = [_words(value, speaker) for value in node.values]
    grouped = [
        f"({piece})" if isinstance(value, ast.BoolOp) else piece
        for piece, value in zip(pieces, node.values, strict=True)
    ]
    return joiner.join(grouped)


def _unary(node: ast.UnaryOp, speaker: _Speaker) -> str:
    if isinstance(node.op, ast.USub):
        return f"minus {_words(node.operand, speaker)}"
    operand = node.operand
    if isinstance(operand, ast.Name):
        name = written_name(operand.id)
        return speaker.options(operand).get("no") or f"{speaker.label(name)}: not yes"
    if isinstance(operand, ast.Call):
        return f"{_words(operand.args[0], _Speaker({}, speaker.label))} is not answered"
    return f"it is not so that ({_words(operand, speaker)})"


def _call(node: ast.Call, speaker: _Speaker) -> str:
    return f"{_words(node.args[0], _Speaker({}, speaker.label))} is answered"


def _bin_op(node: ast.BinOp, speaker: _Speaker) -> str:
    sides = [
        f"({_words(side, speaker)})" if isinstance(side, ast.BinOp) else _words(side, speaker)
        for side in (node.left, node.right)
    ]
    return f"{sides[0]} {_SIGNS[type(node.op)]} {sides[1]}"


def _compare(node: ast.Compare, speaker: _Speaker) -> str:
    parts = [node.left, *node.comparators]
    return " and ".join(
        _pair(left, op, right, speaker) for left, op, right in zip(parts, node.ops, parts[1:], strict=False)
    )


def _pair(left: ast.expr, op: ast.cmpop, right: ast.expr, speaker: _Speaker) -> str:
    wanted = isinstance(op, ast.In)
    if isinstance(right, ast.List):
        joined = listed((_option(element, left, speaker) for element in right.elts), "or")
        one = len(right.elts) == 1
        verb = "is" if wanted else "is not" if one else "is none of"
        return f"{_words(left, speaker)} {verb} {joined}"
    if isinstance(op, (ast.In, ast.NotIn)):
        verb = "includes" if wanted else "does not include"
        return f"{_words(right, speaker)} {verb} {_option(left, right, speaker)}"
    return f"{_option(left, right, speaker)} {_RELATIONS[type(op)]} {_option(right, left, speaker)}"


def _option(node: ast.expr, other: ast.expr, speaker: _Speaker) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        label = speaker.options(other).get(node.value)
        return label or f"“{node.value}”"
    return _words(node, speaker)


_TRUTHS = {"true": "always", "false": "never"}
_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "over"}
_RELATIONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.Lt: "is less than",
    ast.LtE: "is at most",
    ast.Gt: "is more than",
    ast.GtE: "is at least",
}
_WORDS: Mapping[type[ast.expr], Callable[[Any, _Speaker], str]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.Call: _call,
    ast.BinOp: _bin_op,
    ast.Compare: _compare,
}
