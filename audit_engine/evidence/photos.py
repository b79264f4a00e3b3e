"""Is this a photo, and what is left of it when everything but the picture is taken out?

The picture is drawn anew: place, time, camera and whatever else a file may
carry beside the picture do not survive that.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

KINDS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE = 12_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
QUALITY = 82
MEDIA_TYPE = "image/jpeg"


class NotAPhoto(ValueError):
    """A file that is not taken; its text is for the person who chose it."""


def cleaned(content: bytes) -> bytes:
    """Return the picture alone, upright, as a JPEG of at most 1600 pixels a side; raise ``NotAPhoto``."""
    if not content:
        raise NotAPhoto("Choose a photo")
    if len(content) > LARGEST_FILE:
        raise NotAPhoto(f"The photo must be smaller than {LARGEST_FILE // 1_000_000} MB")
    return _drawn_anew(content)


def _drawn_anew(content: bytes) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as opened:
            _refuse_huge(opened)
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except NotAPhoto:
        raise
    except Exception as problem:  # what a damaged file raises differs from kind to kind and release to release
        raise NotAPhoto("This file is not a photo that can be read. Choose a JPEG, PNG or WebP photo.") from problem
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    alone = Image.new("RGB", picture.size)
    alone.paste(picture)
    out = io.BytesIO()
    alone.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _refuse_huge(opened: Image.Image) -> None:
    """Refuse before the picture is unpacked: a small file can hold a picture that fills the memory."""
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise NotAPhoto("The photo has too many pixels. Take it again with the usual size of your phone.")
