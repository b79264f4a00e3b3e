"""How does the text of a YAML file become plain values, each with its line and column?

The parser's events are read one by one (which needs no recursion, so that
deep nesting cannot crash the process) and refused as soon as a limit is passed.
Scalars are those of YAML 1.2: ``yes``, ``no`` and ``on`` stay text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from audit_engine.definition.faults import FaultLog

MOST_BYTES = 4_000_000
MOST_DEPTH = 40
MOST_NODES = 200_000
MOST_ENTRIES = 5_000
MOST_FIGURES = 18

Path = tuple[str | int, ...]
Place = tuple[int, int]

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTIVE = re.compile("^%", re.MULTILINE)
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]+\.[0-9]+", re.ASCII)
_NAMED: Mapping[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unloadable(Exception):
    """The text is no YAML that this program reads; the log says why."""


@dataclass(slots=True)
class _Frame:
    """A mapping or a list that is being filled."""

    values: dict[str, Any] | list[Any]
    start: Any
    key_marks: dict[str | int, Any] = field(default_factory=dict)
    value_marks: dict[str | int, Any] = field(default_factory=dict)
    key: str | None = None
    is_repeated: bool = False


@dataclass(slots=True)
class Loaded:
    """The values of a file and where each stands."""

    values: dict[str, Any]
    text: str
    frames: dict[int, _Frame]

    def place(self, path: Path, of_key: bool = False) -> Place:
        """Return line and column of the value at a path, or of its key; the nearest parent's where it is absent."""
        mark = self._mark(path, of_key)
        return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)

    def place_in(self, path: Path, text: str, column: int) -> Place:
        """Return the place of a character of a text value; the value's own where it is folded over lines."""
        mark = self._mark(path, False)
        line, start = self.place(path)
        if mark is None:
            return line, start
        offset = mark.index + (self.text[mark.index : mark.index + 1] in ("'", '"'))
        written = self.text[offset : offset + len(text)]
        return (line, start + offset - mark.index + column - 1) if written == text else (line, start)

    def where(self, path: Path) -> str:
        """Return ``sections[2].items[0].scale (s11.SR.3)``."""
        steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        owner = self._owner(path)
        return f"{steps} ({owner})" if owner else steps

    def at(self, path: Path) -> object:
        """Return the value at a path; None where there is none."""
        value: Any = self.values
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def _mark(self, path: Path, of_key: bool) -> Any:
        value: Any = self.values
        mark = self.frames[id(value)].start
        for position, step in enumerate(path):
            frame = self.frames.get(id(value))
            if frame is None or step not in frame.value_marks:
                return mark
            last = position == len(path) - 1
            mark = frame.key_marks.get(step) if of_key and last else frame.value_marks[step]
            value = value[step]
        return mark

    def _owner(self, path: Path) -> str:
        owner = ""
        for length, step in enumerate(path):
            if isinstance(step, int):
                owner_id = self.at((*path[: length + 1], "id"))
                owner = owner_id if isinstance(owner_id, str) and len(owner_id) <= 80 else owner
        return owner


def decoded(raw: bytes | str, log: FaultLog) -> str:
    """Return the text of a file, without a byte order mark, or raise Unloadable."""
    if len(raw) > MOST_BYTES:
        _refuse(log, (1, 1), f"The file is larger than {MOST_BYTES // 1_000_000} MB. No questionnaire is; split it.")
    if isinstance(raw, bytes):
        raw = _text_of(raw, log)
    text = raw.removeprefix("\ufeff")
    stray = _FORBIDDEN.search(text)
    if stray:
        line = text.count("\n", 0, stray.start()) + 1
        column = stray.start() - text.rfind("\n", 0, stray.start())
        code = f"U+{ord(stray.group()):04X}"
        _refuse(log, (line, column), f"The character {code} cannot stand in a text file. Is this really a YAML file?")
    return text


def _text_of(raw: bytes, log: FaultLog) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        before = raw[: problem.start]
        place = (before.count(b"\n") + 1, problem.start - before.rfind(b"\n"))
        sentence = "The file is not UTF-8 text. Save it as UTF-8; a Word or Excel file cannot be read here."
        raise _refused(log, place, sentence) from None


def _refuse(log: FaultLog, place: Place, sentence: str) -> None:
    raise _refused(log, place, sentence)


def _refused(log: FaultLog, place: Place, sentence: str) -> Unloadable:
    log.add(place, "", sentence)
    return Unloadable()


def loaded(text: str, log: FaultLog) -> Loaded:
    """Return the mapping that the text holds, with positions, or raise Unloadable."""
    directive = _DIRECTIVE.search(text)
    if directive:
        line = text.count("\n", 0, directive.start()) + 1
        raise _refused(log, (line, 1), "A line may not begin with %. Remove it, or indent the text.")
    composer = _Composer(text, log)
    try:
        parser = _LOADER(text)
        try:
            composer.read(parser)
        finally:
            parser.dispose()
    except yaml.YAMLError as problem:
        _refuse(log, _place_of(problem), _syntax_sentence(problem))
    if composer.is_spoilt:
        raise Unloadable
    if composer.root is None:
        _refuse(log, (1, 1), "The file is empty. Begin with “questionnaire:” and its id.")
    if not isinstance(composer.root, dict):
        raise _refused(log, (1, 1), "The file must hold keys and values, such as “questionnaire: section-11”.")
    return Loaded(composer.root, text, composer.frames)


class _Composer:
    """Builds values from events; ``root`` holds the outcome."""

    def __init__(self, text: str, log: FaultLog) -> None:
        self.text, self.log = text, log
        self.root: object = None
        self.frames: dict[int, _Frame] = {}
        self.stack: list[_Frame] = []
        self.nodes = self.documents = 0
        self.is_spoilt = False

    def read(self, parser: Any) -> None:
        """Read every event of a parser."""
        makers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        while (event := parser.get_event()) is not None and not isinstance(event, yaml.StreamEndEvent):
            maker = makers.get(type(event))
            if maker is not None:
                maker(event)

    def _scalar(self, event: Any) -> None:
        self._count(event)
        if event.style == '"' and _FORBIDDEN.search(event.value):
            self._spoil(event, "A character stands here, written with a backslash, that no page can show. Remove it.")
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.key is None and type(frame.values) is dict:
            self._key(frame, event)
            return
        value = event.value
        self._keep(value if event.style else _resolved(value), event.start_mark)

    def _key(self, frame: _Frame, event: Any) -> None:
        key = event.value
        frame.key, frame.is_repeated = key, key in frame.values
        if frame.is_repeated:
            first = frame.key_marks[key].line + 1
            sentence = f"The key “{key[:60]}” stands here a second time; the first is in line {first}. Remove one."
            self.log.add(_at(event.start_mark), key[:60], sentence)
        elif key == "<<":
            self._spoil(event, "Merging with << is not read. Write the keys out.")
        else:
            frame.key_marks[key] = event.start_mark

    def _keep(self, value: object, mark: Any) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if isinstance(frame.values, list):
            frame.value_marks[len(frame.values)] = mark
            frame.values.append(value)
            if len(frame.values) > MOST_ENTRIES:
                _refuse(self.log, _at(mark), f"This list has more than {MOST_ENTRIES:,} entries.")
        elif frame.key is not None:
            if not frame.is_repeated:
                frame.values[frame.key] = value
                frame.value_marks[frame.key] = mark
                if len(frame.values) > MOST_ENTRIES:
                    _refuse(self.log, _at(mark), f"Here are more than {MOST_ENTRIES:,} keys.")
            frame.key = None

    def _start(self, event: Any) -> None:
        self._count(event)
        if len(self.stack) >= MOST_DEPTH:
            _refuse(self.log, _at(event.start_mark), f"Values are nested more than {MOST_DEPTH} deep. None needs that.")
        if self.stack and type(self.stack[-1].values) is dict and self.stack[-1].key is None:
            self._spoil(event, "A key must be a word, not a list or a mapping.")
            self.stack[-1].key, self.stack[-1].is_repeated = "", True
        values: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Frame(values, event.start_mark))

    def _end(self, event: Any) -> None:
        frame = self.stack.pop()
        self.frames[id(frame.values)] = frame
        self._keep(frame.values, frame.start)

    def _alias(self, event: Any) -> None:
        self._spoil(event, f"The alias *{event.anchor[:40]} is not read. Write the value out again.")
        self._keep_or_key(event)

    def _keep_or_key(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is not None and type(frame.values) is dict and frame.key is None:
            frame.key, frame.is_repeated = "", True
        else:
            self._keep(None, event.start_mark)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            _refuse(self.log, _at(event.start_mark), "A second document begins here. Give each its own file.")

    def _count(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            _refuse(self.log, _at(event.start_mark), f"The file holds more than {MOST_NODES:,} values.")
        if event.anchor is not None:
            self._spoil(event, f"The anchor &{event.anchor[:40]} is not read. Remove it, and write values out.")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._spoil(event, f"The tag {tag[:40]} is not read. Remove it.")

    def _spoil(self, event: Any, sentence: str) -> None:
        self.is_spoilt = True
        self.log.add(_at(event.start_mark), "", sentence)


def _resolved(value: str) -> object:
    if value in _NAMED:
        return _NAMED[value]
    if value[0] not in "+-0123456789" or len(value) > MOST_FIGURES:
        return value
    if _INTEGER.fullmatch(value):
        return int(value)
    return Decimal(value) if _DECIMAL.fullmatch(value) else value


def _at(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _place_of(problem: yaml.YAMLError) -> Place:
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    return _at(mark) if mark is not None else (1, 1)


_UNFIT = "This line does not fit those above it. Check its indentation, and quotes before it."
_SYNTAX: Sequence[tuple[str, str]] = (
    ("mapping values are not allowed", "A colon is not expected here. Put text that holds “: ” in quotes."),
    ("cannot start any token", "No value begins with this character. Use blanks, not tabs, or put the text in quotes."),
    ("tab character", "A tab stands here. Use blanks to indent."),
    ("could not find expected ':'", "A colon is missing, or a quotation mark is never closed, near here."),
    ("unexpected end of stream", "The file ends inside a quoted text or a bracket. Close it."),
    ("did not find expected key", _UNFIT),
    ("expected <block end>", _UNFIT),
    ("did not find expected '-'", "A “- ” is expected here. Check the indentation."),
    ("expected ',' or", "A comma or a closing bracket is missing near here."),
    ("unknown escape character", "A backslash in double quotes cannot stand here. Use single quotes."),
    ("undefined alias", "An alias (*name) is not read. Write the value out, or put the text in quotes."),
    ("alphabetic or numeric", "Text that begins with * or & must stand in quotes."),
)


def _syntax_sentence(problem: yaml.YAMLError) -> str:
    told = f"{getattr(problem, 'problem', None) or problem}"
    for sign, sentence in _SYNTAX:
        if sign in told:
            return sentence
    return f"This is not YAML that can be read ({' '.join(told.split())[:120]})."
