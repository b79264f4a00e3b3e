"""What is an answer that is a file kept elsewhere?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from audit_engine.definition.expressions.value_types import OTHER, ValueType
from audit_engine.definition.item_types.base import Control, PlainType, Unparsable, is_blank
from audit_engine.definition.questionnaire import Item


@dataclass(frozen=True, slots=True)
class FileReference:
    """A stored file: ``reference`` finds it in the evidence store, ``name`` is what it was called."""

    reference: str
    name: str


class File(PlainType):
    """A file; the value is a FileReference, the file itself is evidence's to keep."""

    id: ClassVar[str] = "file"
    control: ClassVar[Control] = "file"
    value_type: ClassVar[ValueType] = OTHER

    def parse(self, raw: object, item: Item) -> FileReference | None:
        """Return the reference, from a mapping with ``reference`` and ``name``."""
        if isinstance(raw, FileReference):
            return raw
        if is_blank(raw):
            return None
        if not isinstance(raw, Mapping):
            raise Unparsable("Choose a file.")
        reference, name = raw.get("reference"), raw.get("name")
        if not (isinstance(reference, str) and reference and isinstance(name, str) and name):
            raise Unparsable("The file was not received. Choose it again.")
        return FileReference(reference, name)

    def text(self, value: object, item: Item) -> str:
        """Return the file's name."""
        return value.name if isinstance(value, FileReference) else ""

    def to_json(self, value: object) -> object:
        """Return an object with ``reference`` and ``name``."""
        return asdict(value) if isinstance(value, FileReference) else None

    def from_json(self, raw: object) -> object:
        """Return the reference."""
        return FileReference(str(raw["reference"]), str(raw["name"])) if isinstance(raw, Mapping) else None
