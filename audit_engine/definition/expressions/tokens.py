"""How does the text of an expression become a tree, with hostile text refused before it is parsed?

Ids hold dots and figures (``s11.OS.6``, ``ss.12``), which Python would read as
attributes and numbers; a dot inside an id becomes U+00B7, a letter of
identifiers, so that every column stays where the author wrote it.
"""

from __future__ import annotations

import ast
import keyword
import re

MOST_CHARACTERS = 500
MOST_NESTING = 20
MOST_DIGITS = 15
DOT = "\u00b7"

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<text>"[^"\\\r\n]*"|'[^'\\\r\n]*')
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
      | (?P<sign>==|!=|<=|>=|[<>+\-*/(),\[\]])""",
    re.VERBOSE,
)
_VALUES = frozenset({"name", "number", "text"})
_OWN_WORDS = frozenset({"and", "or", "not", "in"})
_HINTS = {
    "=": "Write == to compare two values.",
    "&": "Write the word “and”.",
    "|": "Write the word “or”.",
    "!": "Write “not”, or != for “is not”.",
    "“": 'Use straight quotation marks: "text".',
    "”": 'Use straight quotation marks: "text".',
    "‘": 'Use straight quotation marks: "text".',
    "’": 'Use straight quotation marks: "text".',
    '"': "A quotation mark is never closed.",
    "'": "A quotation mark is never closed.",
    "\\": "Leave the backslash out.",
    "%": "Write the number itself: 0.75 for 75%.",
    "^": "Powers are not part of the language.",
}
_KEYWORD_HINTS = {"True": "Write true.", "False": "Write false.", "None": "Write not answered(...)."}


class ExpressionFault(Exception):
    """An expression that is refused: the sentence says why, ``column`` (from 1) where."""

    def __init__(self, sentence: str, column: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.column = column


def parsed(source: str) -> ast.expr:
    """Return the tree of an expression whose tokens and length are allowed."""
    _refuse_length(source)
    prepared = _prepared(source)
    try:
        tree = ast.parse(f"({prepared})", mode="eval").body
    except SyntaxError as problem:
        raise ExpressionFault(_syntax_sentence(source), _syntax_column(source, problem)) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionFault("This expression cannot be read. Write it in a simpler way.") from None
    return tree


def names_in(source: str) -> frozenset[str]:
    """Return every word of the text, outside quotation marks, that is written as a name; nothing is checked."""
    if len(source) > MOST_CHARACTERS:
        return frozenset()
    return frozenset(match.group() for match in _TOKEN.finditer(source) if match.lastgroup == "name")


def column_of(node: ast.expr, source: str) -> int:
    """Return where a node stands in the source, counting characters from 1."""
    encoded = f"({_prepared(source)})".encode()
    return max(1, min(len(encoded[: node.col_offset].decode(errors="replace")), len(source)))


def written_name(identifier: str) -> str:
    """Return an identifier of the tree as the author wrote it."""
    return identifier.replace(DOT, ".")


def _refuse_length(source: str) -> None:
    if not source.strip():
        raise ExpressionFault("The expression is empty. Write a condition, or leave the key out.")
    if len(source) > MOST_CHARACTERS:
        raise ExpressionFault(
            f"The expression has {len(source)} characters; at most {MOST_CHARACTERS} are read. "
            "Put part of it into an item of type calculated.",
            MOST_CHARACTERS + 1,
        )


def _prepared(source: str) -> str:
    pieces: list[str] = []
    position, depth, before, spaced = 0, 0, "", False
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise ExpressionFault(_stray_sentence(source[position]), position + 1)
        kind, piece = match.lastgroup or "", match.group()
        _refuse_neighbours(before, kind, spaced, position)
        depth += (piece in "([") - (piece in ")]") if kind == "sign" else 0
        _refuse_nesting(depth, position)
        pieces.append(_PREPARE.get(kind, _unchanged)(piece, position))
        position, spaced = match.end(), kind == "space"
        before = before if spaced else kind
    if depth:
        raise ExpressionFault("A bracket is never closed.", len(source))
    return "".join(pieces)


def _stray_sentence(character: str) -> str:
    hint = _HINTS.get(character)
    if hint:
        return f"{hint} The character {character} cannot be read here."
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return f"The character {shown} is not part of the language."


def _refuse_neighbours(before: str, kind: str, spaced: bool, position: int) -> None:
    touching = not spaced and {before, kind} <= _VALUES
    if touching or before == kind == "text":
        raise ExpressionFault("Two values stand side by side. Put a space and an operator between them.", position + 1)


def _refuse_nesting(depth: int, position: int) -> None:
    if depth < 0:
        raise ExpressionFault("A bracket is closed that was never opened.", position + 1)
    if depth > MOST_NESTING:
        raise ExpressionFault(f"Brackets are nested more than {MOST_NESTING} deep.", position + 1)


def _unchanged(piece: str, position: int) -> str:
    return piece


def _as_blanks(piece: str, position: int) -> str:
    return " " * len(piece)


def _checked_number(piece: str, position: int) -> str:
    if len(piece) > MOST_DIGITS:
        raise ExpressionFault(f"A number may have at most {MOST_DIGITS} figures.", position + 1)
    if len(piece) > 1 and piece[0] == "0" and piece[1] != ".":
        raise ExpressionFault("A number may not begin with 0.", position + 1)
    return piece


def _checked_name(piece: str, position: int) -> str:
    if keyword.iskeyword(piece) and piece not in _OWN_WORDS:
        hint = _KEYWORD_HINTS.get(piece, "Only and, or, not, in and answered(...) are.")
        raise ExpressionFault(f"The word “{piece}” is not part of the language. {hint}", position + 1)
    return piece.replace(".", DOT)


_PREPARE = {"space": _as_blanks, "number": _checked_number, "name": _checked_name}


def _syntax_column(source: str, problem: SyntaxError) -> int:
    return max(1, min((problem.offset or 2) - 1, len(source)))


def _syntax_sentence(source: str) -> str:
    ending = source.split()[-1]
    if ending in {*_OWN_WORDS, "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"}:
        return f"The expression ends with “{ending}”: something is missing after it."
    return "The expression does not read: something is missing or out of place here."
