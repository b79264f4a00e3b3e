"""Does the check find each fault of structure that it is there for?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from audit_engine.reports.structure import structure_faults
from tests.reports.samples import document, written


def changed(name: str, change: Callable[[str], str]) -> bytes:
    """A sound document with one part changed."""
    out, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(written(document())))
    with zipfile.ZipFile(out, "w") as package:
        for part in source.namelist():
            content = source.read(part)
            if part == name:
                after = change(content.decode())
                assert after.encode() != content, "the change did nothing"
                content = after.encode()
            package.writestr(part, content)
    return out.getvalue()


BODY, STYLES, CORE = "word/document.xml", "word/styles.xml", "docProps/core.xml"


def swap(old: str, new: str, times: int = 1) -> Callable[[str], str]:
    return lambda xml: xml.replace(old, new, times)


@pytest.mark.parametrize(
    ("part", "change", "where", "sentence"),
    [
        (BODY, swap('w:val="Title"', 'w:val="Subtitle"'), "Cover", "0 titles"),
        (CORE, swap("<dc:language>en-GB</dc:language>", ""), "Properties", "no language"),
        (BODY, swap('w:val="Heading2"', 'w:val="Heading3"'), "Heading", "level 3 after level 1"),
        (BODY, swap('descr="Nothing is claimed. Data in Table 1."', 'descr=" "'), "Figure 1", "no alternative text"),
        (BODY, swap('descr="Nothing', 'descr="' + "x" * 250), "Figure 1", "characters"),
        (BODY, lambda x: x.replace("<wp:inline", "<wp:anchor", 1).replace("</wp:inline>", "</wp:anchor>", 1),
         "Figure 1", "floats"),
        (BODY, swap("<w:tblHeader/>", ""), 'Table "Document control"', "no header row"),
        (BODY, swap("<w:cantSplit/>", ""), 'Table "Document control"', "break across pages"),
        (BODY, swap('<w:tblCaption w:val="Document control"/>', ""), "Table number 1", "no alternative title"),
        (BODY, swap("<w:tcPr>", '<w:tcPr><w:gridSpan w:val="2"/>'), 'Table "Document control"', "merged cells"),
        (BODY, swap("18 December 2026", ""), 'Table "Document control", row 3', "Cell 2 is blank"),
        (STYLES, swap('w:val="en-GB"', 'w:val="en-US"'), "Styles", "not en-GB"),
        (BODY, swap('w:val="en-GB"', 'w:val="fr-FR"'), "Text", "fr-FR"),
        (BODY, swap('<w:rPr><w:lang w:val="en-GB"/></w:rPr>', ""), "Text", "no language"),
        (BODY, swap(">Charts<", ">Drawings<"), "Contents list", "Charts"),
        (BODY, swap("REF _RefTable1", "REF _RefTable9"), "Links", "_RefTable9"),
    ],
)  # fmt: skip
def test_each_fault_is_found_and_says_what_to_do(
    part: str, change: Callable[[str], str], where: str, sentence: str
) -> None:
    found = structure_faults(changed(part, change))
    assert [str(fault) for fault in found if fault.where.startswith(where) and sentence in fault.sentence]
    assert all(fault.sentence.endswith(".") and fault.sentence.count(".") >= 2 for fault in found)


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04", b"<html/>"])
def test_a_damaged_file_is_a_fault_and_no_traceback(broken: bytes) -> None:
    assert [fault.where for fault in structure_faults(broken)] == ["Document"]
