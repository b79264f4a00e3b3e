"""How is an address drawn as a QR code?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

BORDER = 4  # the quiet zone that readers need, in modules (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code as one SVG path in a square of ``size`` units."""

    size: int
    path: str


@lru_cache(maxsize=512)
def qr_code(text: str) -> QrCode:
    """Return the code of a text, with a quarter of it allowed to be damaged: posters get torn."""
    from qrcode import QRCode, constants

    code = QRCode(error_correction=constants.ERROR_CORRECT_Q, border=BORDER)
    code.add_data(text)
    rows = code.get_matrix()
    return QrCode(len(rows), "".join(_strokes(rows)))


def _strokes(rows: list[list[bool]]) -> list[str]:
    """Return one rectangle for each run of dark modules."""
    found = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                found.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return found
