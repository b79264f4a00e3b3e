"""Which pictures of the site does the documentation show?  ``python -m tests.browser.pictures`` takes them again."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.browser.running_site import CYCLE, OTTERFELL, ROOT, fill, started
from tests.browser.visitor import Contexts, Visitor, launch, sign_in_everybody

FOLDER = ROOT / "docs" / "images"
WINDOW = {"width": 1200, "height": 960}
SIZE = (1100, 880)
COLOURS = 128  # enough for a page, and a third of the size


def standard(visitor: Visitor) -> None:
    """Show a criterion that was confirmed and saved, beside what the organisation said last time."""
    visitor.page.goto(f"/returns/{visitor.site.return_of(OTTERFELL)}/standards/learning")
    visitor.choose("s11.LI.1", "met")
    visitor.field("s11.LI.1-confirmed").check()
    expect(visitor.page.locator("#saved-status")).to_have_text(re.compile("^Saved"))
    visitor.page.mouse.move(0, 0)
    visitor.page.evaluate("document.activeElement.blur()")


def comparison(visitor: Visitor) -> None:
    """Show what can be chosen and what the comparison says in words."""
    visitor.page.goto(f"/cycles/{CYCLE}/comparison")


# Name -> who looks, and what they do before the picture is taken.
PICTURES: Mapping[str, tuple[str, Callable[[Visitor], None]]] = {
    "standard": ("lead", standard),
    "comparison": ("business team", comparison),
}


def take(visitor: Visitor, prepare: Callable[[Visitor], None]) -> Image.Image:
    """Take a picture of the upper part of a page."""
    visitor.page.set_viewport_size({"width": WINDOW["width"], "height": WINDOW["height"]})
    prepare(visitor)
    visitor.page.evaluate("scrollTo(0, 0)")
    picture = Image.open(io.BytesIO(visitor.page.screenshot())).convert("RGB")
    return picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(COLOURS)


def main() -> None:
    """Fill an invented partnership, start the site and write every picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "Chromium is not installed."
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder) / "root"
        fill(root)
        with started(root) as site:
            sign_in_everybody(playwright, site)
            browser = launch(playwright, chromium)
            contexts = Contexts(browser, site)
            for name, (who, prepare) in PICTURES.items():
                visitor = Visitor(contexts, site, who)
                take(visitor, prepare).save(FOLDER / f"{name}.png", optimize=True)
                visitor.leave()
            browser.close()


if __name__ == "__main__":
    main()
