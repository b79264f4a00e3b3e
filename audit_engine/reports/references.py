"""Which number has a table or a figure, and where does a reference to it lead?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_engine.reports.blocks import Block, Heading, Table


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that a text can refer to: how it is called there, and its bookmark.

    ``word`` and ``number`` are those of a caption ("Table", 3); a heading has none.
    """

    label: str
    bookmark: str
    word: str = ""
    number: int = 0


class UnknownReference(LookupError):
    """A text refers to a table, chart or heading that the document does not have."""

    def __init__(self, identifier: str) -> None:
        """Say which id is missing."""
        super().__init__(f'Nothing in this document has the id "{identifier}": add it or take the reference out.')


class RepeatedIdentifier(ValueError):
    """Two blocks of a document share an id."""

    def __init__(self, identifier: str) -> None:
        """Say which id stands twice."""
        super().__init__(f'Two parts of this document have the id "{identifier}": give each its own.')


def numbered(blocks: Sequence[Block]) -> Mapping[str, Reference]:
    """Return tables, charts and anchored headings by id; tables and figures each count from 1."""
    found: dict[str, Reference] = {}
    counts = {"Table": 0, "Figure": 0}
    for place, block in enumerate(blocks):
        identifier = block.anchor if isinstance(block, Heading) else getattr(block, "id", "")
        if not identifier:
            continue
        if identifier in found:
            raise RepeatedIdentifier(identifier)
        found[identifier] = _reference(block, place, counts)
    return found


def _reference(block: Block, place: int, counts: dict[str, int]) -> Reference:
    if isinstance(block, Heading):
        return Reference(block.text, heading_bookmark(place))
    word = "Table" if isinstance(block, Table) else "Figure"
    counts[word] += 1
    return Reference(f"{word} {counts[word]}", f"_Ref{word}{counts[word]}", word, counts[word])


def heading_bookmark(place: int) -> str:
    """Return the bookmark of the heading that is the ``place``-th block."""
    return f"_Toc{place:06d}"


def reference(references: Mapping[str, Reference], identifier: str) -> Reference:
    """Return the reference with that id; raise UnknownReference."""
    if identifier not in references:
        raise UnknownReference(identifier)
    return references[identifier]
