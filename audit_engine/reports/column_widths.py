"""How wide must the columns of a table be, so that no word is broken?

Widths are those of Arial and of what stands in for it elsewhere (Helvetica's
metrics, Adobe Font Metrics 3.0), in thousandths of the size of type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from audit_engine.reports.blocks import Table

_LETTERS = {
    191: "'", 222: "ijl", 278: " !,./:;I[\\]ft", 333: "()-`r", 355: '"', 389: "*", 500: "Jckszvxy",
    556: "#$0123456789?L_abdeghnopqu", 584: "+<=>~−", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ",
    833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
_WIDTHS = {letter: width for width, letters in _LETTERS.items() for letter in letters}
_OTHER = 600
_BOLD = 1.1  # how much wider bold type is
_TYPE = 220  # size of type in tables, twentieths of a point
_MARGINS = 210  # of a cell, both sides together, and a hair's breadth
_WIDEST = 0.35  # largest share of the table that a single word may claim


def column_widths(table: Table, whole: int) -> list[int]:
    """Return the columns' widths, which sum to ``whole``: their shares, but none narrower than its longest word."""
    shares = table.widths or (1.0,) * len(table.columns)
    needs = [min(_needed(table, place), round(whole * _WIDEST)) for place in range(len(table.columns))]
    if sum(needs) >= whole:
        shares, needs = tuple(map(float, needs)), [0] * len(needs)
    widths = _shared(shares, needs, whole)
    widths[-1] += whole - sum(widths)
    return widths


def _shared(shares: Sequence[float], needs: Sequence[int], whole: int) -> list[int]:
    """Return shares of the whole; where a share is below the need, the need comes first and the rest is shared anew."""
    kept: set[int] = set()
    while True:
        left = whole - sum(needs[n] for n in kept)
        base = sum(share for n, share in enumerate(shares) if n not in kept)
        widths = [needs[n] if n in kept else round(left * share / base) for n, share in enumerate(shares)]
        short = {n for n, width in enumerate(widths) if width < needs[n]}
        if not short:
            return widths
        kept |= short


def _needed(table: Table, place: int) -> int:
    """Return the width of a column's longest word with the margins of its cell."""
    body = max(map(_width, _longest(row[place].text for row in table.rows)), default=0)
    heading = max(map(_width, table.columns[place].split()), default=0)
    return _MARGINS + max(body, round(heading * _BOLD))


def _longest(texts: Iterable[str]) -> frozenset[str]:
    """Return the words with the most letters, or one fewer; to measure every word of a large table takes too long."""
    words = {max(text.split(), key=len, default="") for text in texts}
    most = max(map(len, words), default=0)
    return frozenset(word for word in words if len(word) >= most - 1)


def _width(word: str) -> int:
    return sum(_WIDTHS.get(letter, _OTHER) for letter in word) * _TYPE // 1000
