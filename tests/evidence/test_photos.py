"""Is nothing left of a photo but the picture, and is nothing else taken for one?"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from audit_engine.evidence import photos
from audit_engine.evidence.photos import NotAPhoto, cleaned

PLACE = 0x8825  # the tag under which a camera writes where it was
TURN = 0x0112


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **more: object) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", size, "green")
    picture.paste("red", (0, 0, size[0] // 4, size[1] // 4))
    picture.save(out, kind, **more)
    return out.getvalue()


def with_place(turn: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna Smith"
    exif[TURN] = turn
    exif[PLACE] = {1: "N", 2: (51.0, 16.0, 20.0), 3: "E", 4: (0.0, 31.0, 10.0)}
    return photo(exif=exif.tobytes(), comment=b"taken at home")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_comes_out_as_a_jpeg(kind: str) -> None:
    with Image.open(io.BytesIO(cleaned(photo(kind)))) as found:
        assert (found.format, found.size, found.mode) == ("JPEG", (400, 300), "RGB")


def test_place_camera_and_comments_are_gone() -> None:
    sent = with_place()
    with Image.open(io.BytesIO(sent)) as before:
        assert PLACE in before.getexif()
    kept = cleaned(sent)
    with Image.open(io.BytesIO(kept)) as found:
        assert dict(found.getexif()) == {}
        assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for secret in (b"Anna", b"taken at home", b"Exif", b"GPS", b"http"):
        assert secret not in kept


def test_words_in_a_png_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Anna Smith")
    assert b"Anna" in photo("PNG", pnginfo=told)
    assert b"Anna" not in cleaned(photo("PNG", pnginfo=told))


def test_a_photo_taken_on_its_side_stands_upright() -> None:
    with Image.open(io.BytesIO(cleaned(with_place(turn=6)))) as found:
        assert found.size == (300, 400)
        red, green, _ = found.getpixel((290, 10))  # type: ignore[misc]
        assert red > green


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(io.BytesIO(cleaned(photo(size=(4000, 1000))))) as found:
        assert found.size == (1600, 400)


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + b"\0" * 50,
        b"%PDF-1.7 not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>",
        b"\xff\xd8\xff\xe0 nothing more",
        photo()[:300],
        photo("GIF"),
        photo("TIFF"),
    ],
)
def test_what_is_no_photo_is_refused_by_its_content(content: bytes) -> None:
    with pytest.raises(NotAPhoto, match="not a photo"):
        cleaned(content)


def test_nothing_and_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAPhoto, match="Choose"):
        cleaned(b"")
    monkeypatch.setattr(photos, "LARGEST_FILE", 100)
    with pytest.raises(NotAPhoto, match="smaller"):
        cleaned(photo())


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photos, "MOST_PIXELS", 1000)
    with pytest.raises(NotAPhoto, match="too many pixels"):
        cleaned(photo())
