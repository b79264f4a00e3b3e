"""How is one value drawn among its like: the middle half as a band, the median as a line, the own value as a mark?

Looks are attributes, because the site's Content-Security-Policy refuses inline
styles; every mark has a shape of its own, so that nothing rests on colour.
"""

from __future__ import annotations

from audit_engine.reports.palette import COLOURS, INK, LINE
from audit_engine.reports.xml_text import escaped, one_line

_HEIGHT, _MIDDLE, _BAND = 52, 18, 20
_ASIDE, _WIDE = 6, 0.88  # marks and labels keep so many per cent of the width at either side


def strip_svg(
    name: str, title: str, alt: str, own: float, median: float, middle: tuple[float, float] | None = None
) -> str:
    """Return a strip from 0% to 100%; values are percentages, ``name`` is a part of an HTML id."""
    parts = [_line(_across(0), _across(100), _MIDDLE, _MIDDLE, LINE, 2)]
    if middle is not None:
        left, right = middle
        parts.append(
            f'<rect x="{_across(left)}" y="{_MIDDLE - _BAND // 2}" width="{(right - left) * _WIDE:.2f}%"'
            f' height="{_BAND}" fill="#CFE0EE" stroke="{COLOURS[0]}" stroke-width="1"/>'
        )
    at = _across(median)
    parts.append(_line(at, at, _MIDDLE - _BAND // 2 - 4, _MIDDLE + _BAND // 2 + 4, INK, 3))
    # A text is placed by percentages; a path would need a viewBox, which shrinks with the page.
    parts.append(
        f'<text x="{_across(own)}" y="{_MIDDLE + 8}" text-anchor="middle" font-size="24" fill="{COLOURS[2]}"'
        f' stroke="#FFFFFF" stroke-width="1">◆</text>'
    )
    # The last label ends with the page: in the middle of its place it would not fit on a telephone.
    parts += [_label(_across(0), "0%"), _label(_across(50), "50%"), _label("100%", "100%", "end")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-strip" role="img" width="100%" height="{_HEIGHT}"'
        f' font-size="14" fill="{INK}" aria-labelledby="{name}-name" aria-describedby="{name}-words">'
        f'<title id="{name}-name">{escaped(one_line(title))}</title>'
        f'<desc id="{name}-words">{escaped(one_line(alt))}</desc>{"".join(parts)}</svg>'
    )


def _across(value: float) -> str:
    return f"{_ASIDE + value * _WIDE:.2f}%"


def _line(left: str, right: str, top: int, bottom: int, colour: str, width: int) -> str:
    return f'<line x1="{left}" x2="{right}" y1="{top}" y2="{bottom}" stroke="{colour}" stroke-width="{width}"/>'


def _label(x: str, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{_HEIGHT - 4}" text-anchor="{anchor}">{words}</text>'
