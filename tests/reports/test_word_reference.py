"""Does a partnership's own document give its looks, and nothing else?"""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.shared import Pt, RGBColor
from lxml import etree

from audit_engine.reports.structure import structure_faults
from audit_engine.reports.word_reference import UnusableReference, look_of
from tests.reports.samples import document, written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def reference(**parts: bytes) -> bytes:
    """An invented document with a purple Heading 1, or a package of given parts."""
    out = io.BytesIO()
    if parts:
        with zipfile.ZipFile(out, "w") as package:
            for name, content in parts.items():
                package.writestr(name, content)
        return out.getvalue()
    made = docx.Document()
    made.styles["Heading 1"].font.color.rgb = RGBColor(0x66, 0, 0x99)
    made.styles["Normal"].font.size = Pt(13)
    made.add_paragraph("A secret of last year")
    made.save(out)
    return out.getvalue()


def styles(made: bytes) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(made)).read("word/styles.xml"))


def test_styles_of_the_reference_are_used_and_missing_ones_are_added() -> None:
    made = written(document(), reference=reference())
    found = {s.find(f"{W}name").get(f"{W}val"): s for s in styles(made).iter(f"{W}style")}
    assert found["heading 1"].find(f"{W}rPr/{W}color").get(f"{W}val") == "660099"
    assert "Audit Table" in found
    assert "toc 1" in {name.lower() for name in found}
    assert structure_faults(made) == ()


def test_nothing_of_the_references_text_comes_along() -> None:
    made = zipfile.ZipFile(io.BytesIO(written(document(), reference=reference())))
    assert not [name for name in made.namelist() if b"secret" in made.read(name)]


def test_style_ids_stay_unique_when_the_reference_uses_one_of_ours_for_another_name() -> None:
    style = '<w:style w:type="paragraph" w:styleId="Note"><w:name w:val="Scribble"/></w:style>'
    own = f'<w:styles xmlns:w="{W[1:-1]}">{style}</w:styles>'
    made = written(document(), reference=reference(**{"word/styles.xml": own.encode()}))
    ids = [s.get(f"{W}styleId") for s in styles(made).iter(f"{W}style")]
    assert len(ids) == len(set(ids))
    assert "OwnNote" in ids


def test_lists_of_the_references_styles_stay_behind() -> None:
    look = look_of(reference())
    assert not list(look.styles.iter(f"{W}numPr"))


BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><w:styles xmlns:w="{W[1:-1]}">&a;</w:styles>'


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"PK\x03\x04 not a package",
        reference(**{"mimetype": b"application/vnd.oasis.opendocument.text"}),
        reference(**{"word/styles.xml": b"<not xml"}),
        reference(**{"word/styles.xml": b"<other/>"}),
        reference(**{"word/styles.xml": BOMB.encode()}),
        reference(**{"word/styles.xml": b" " * 8_000_001}),
    ],
)
def test_a_reference_that_cannot_be_used_is_refused_in_a_sentence(broken: bytes) -> None:
    with pytest.raises(UnusableReference, match=r"cannot be used: .*\. Save it"):
        look_of(broken)
