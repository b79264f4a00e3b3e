"""What does every later check of a file need: its values, its log, and where each thing stands?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit_engine.definition.expressions import (
    Expression,
    ExpressionFault,
    Reach,
    ValueType,
    compile_condition,
    compile_expression,
)
from audit_engine.definition.faults import FaultLog
from audit_engine.definition.item_types import ItemType
from audit_engine.definition.loading import Loaded, Path
from audit_engine.definition.questionnaire import Option, RatingRule, Variant

MOST_CHARACTERS = 400_000
MOST_TRIALS = 200_000


def entry_of(path: Path) -> Path:
    """Return the path of the item, or of the other entry, that a path lies in."""
    is_in_item = len(path) >= 4 and path[0] == "sections" and path[2] == "items"
    return path[:4] if is_in_item else path[:2]


@dataclass(slots=True)
class ItemDraft:
    """An item with its defaults, before its conditions are read.

    ``own`` holds the keys that the item sets itself, ``keys`` those of its
    type's defaults too.
    """

    path: Path
    section: str
    own: Mapping[str, Any]
    keys: Mapping[str, Any]
    item_type: ItemType
    options: tuple[Option, ...] = ()
    has_sound_options: bool = True
    conditions: dict[str, Expression] = field(default_factory=dict)
    rules: tuple[RatingRule, ...] = ()
    variants: tuple[Variant, ...] = ()

    @property
    def id(self) -> str:
        """Return the item's id; '' where it has none that will do."""
        return str(self.keys.get("id", ""))

    @property
    def is_criterion(self) -> bool:
        """Tell whether the item is graded on "met"."""
        return self.keys.get("graded", self.item_type.is_graded) and any(o.counts_as for o in self.options)

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody answers the item: it has a control, and no rules from which its rating follows."""
        return self.item_type.control != "none" and "rules" not in self.keys

    def path_of(self, key: str) -> Path:
        """Return where a key stands: on the item, or in the defaults of its type."""
        return (*self.path, key) if key in self.own else ("defaults", self.item_type.id, key)


@dataclass(slots=True)
class Manuscript:
    """A file whose keys have their shape; what has not is left out, and ``spoilt`` says where."""

    file: Loaded
    log: FaultLog
    keys: Mapping[str, Any]
    spoilt: frozenset[Path]
    _compiled: dict[tuple[str, int, bool], Expression | ExpressionFault] = field(default_factory=dict)
    _reached: dict[tuple[str, frozenset[str]], Reach] = field(default_factory=dict)
    _spoilt_in: dict[Path, list[Path]] = field(default_factory=dict)
    _characters_left: int = MOST_CHARACTERS
    _trials_left: int = MOST_TRIALS

    def __post_init__(self) -> None:
        """Sort the faults of shape by the entry they lie in, so that nothing is complained of twice."""
        for path in self.spoilt:
            self._spoilt_in.setdefault(entry_of(path), []).append(path)

    def is_spoilt(self, path: Path) -> bool:
        """Tell whether the entry that a path lies in already has a fault of shape."""
        return entry_of(path) in self._spoilt_in

    def fault(self, path: Path, sentence: str, of_key: bool = False) -> None:
        """Log a fault, unless a fault of shape in the same entry may be its cause."""
        if not self._is_consequence(path):
            self.log.add(self.file.place(path, of_key), self.file.where(path), sentence)

    def warn(self, path: Path, sentence: str) -> None:
        """Log a warning."""
        if not self._is_consequence(path):
            self.log.add(self.file.place(path), self.file.where(path), sentence, "warning")

    def _is_consequence(self, path: Path) -> bool:
        spoilt = self._spoilt_in.get(entry_of(path), ())
        return any(path[: len(s)] == s or s[: len(path)] == path for s in spoilt)

    def condition(self, path: Path, source: str, types: Mapping[str, ValueType]) -> Expression | None:
        """Compile a condition, or log the fault and return None; warn of one that never or always holds."""
        expression = self._compile(path, source, types, is_condition=True)
        if expression is not None:
            self._warn_of_reach(path, expression)
        return expression

    def calculation(self, path: Path, source: str, types: Mapping[str, ValueType]) -> Expression | None:
        """Compile a calculation, or log the fault and return None."""
        return self._compile(path, source, types, is_condition=False)

    def _compile(
        self, path: Path, source: str, types: Mapping[str, ValueType], is_condition: bool
    ) -> Expression | None:
        key = (source, id(types), is_condition)
        if key not in self._compiled:
            self._compiled[key] = self._first_compiled(source, types, is_condition)
        found = self._compiled[key]
        if isinstance(found, Expression):
            return found
        if not self._is_consequence(path):
            self.log.add(self.file.place_in(path, source, found.column), self.file.where(path), found.sentence)
        return None

    def _first_compiled(
        self, source: str, types: Mapping[str, ValueType], is_condition: bool
    ) -> Expression | ExpressionFault:
        self._characters_left -= len(source)
        if self._characters_left < 0:
            return ExpressionFault(f"The expressions of this file have more than {MOST_CHARACTERS:,} characters.")
        try:
            return (compile_condition if is_condition else compile_expression)(source, types)
        except ExpressionFault as fault:
            return fault

    def _reach(self, expression: Expression) -> Reach:
        key = (expression.source, expression.names)
        if key not in self._reached:
            found, trials = expression.reach() if self._trials_left > 0 else ("unknown", 0)
            self._trials_left -= trials
            self._reached[key] = found
        return self._reached[key]

    def _warn_of_reach(self, path: Path, expression: Expression) -> None:
        if not expression.names:
            return
        found = self._reach(expression)
        if found == "never":
            self.warn(path, "This condition can never hold, so what rests on it is never reached.")
        elif found == "always":
            self.warn(path, "This condition always holds, so it changes nothing. Leave it out.")
