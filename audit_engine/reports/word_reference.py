"""Which styles does a partnership's own document bring?

Only its styles and its theme are taken: nothing that could run, link to
another place or show somebody's text.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from audit_engine.reports.word_styles import NAMESPACE, STYLE_NAMES, styles_xml
from audit_engine.reports.word_text import LANGUAGE

_LARGEST = 8_000_000
_STYLES = "word/styles.xml"
_THEME = "word/theme/theme1.xml"
_W = f"{{{NAMESPACE}}}"
# A style may carry a list of its own, whose numbering stays behind in the other document.
_LEFT_BEHIND = (f"{_W}numPr",)


class UnusableReference(ValueError):
    """A reference document that cannot give its styles."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong and what to do."""
        super().__init__(f"The reference document cannot be used: {reason}. Save it from Word as a .docx file again.")


@dataclass(frozen=True)
class Look:
    """The styles part and theme of a document; ``ids`` gives a style's id by the name that we call it."""

    styles: etree._Element
    ids: Mapping[str, str]
    theme: bytes | None = None


def own_look() -> Look:
    """Return our own styles."""
    styles = _parse(styles_xml().encode())
    return Look(styles, _called(styles))


def look_of(reference: bytes) -> Look:
    """Return the reference document's styles, completed with ours; raise UnusableReference."""
    parts = _parts(reference)
    styles, own = _parse(parts[_STYLES]), _parse(styles_xml().encode())
    if styles.tag != f"{_W}styles":
        raise UnusableReference("its styles are not those of a Word document")
    for tag in _LEFT_BEHIND:
        for element in list(styles.iter(tag)):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    known = _ids(styles)
    called = _new_ids(_ids(own), known)
    for style in own.findall(f"{_W}style"):
        if _name(style) not in known:
            styles.append(_renamed(style, called))
    _set_language(styles)
    return Look(styles, _called(styles), parts.get(_THEME))


def _parts(reference: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(reference)) as package:
            names = set(package.namelist())
            if _STYLES not in names:
                raise UnusableReference("it has no styles, so it is not a Word document")
            return {name: _read(package, name) for name in (_STYLES, _THEME) if name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as broken:
        raise UnusableReference("the file is damaged, encrypted or not a .docx file") from broken


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        content = part.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise UnusableReference(f"its part {name} is larger than {_LARGEST // 1_000_000} MB")
    return content


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as broken:
        raise UnusableReference("its styles are not well-formed XML") from broken
    if b"<!DOCTYPE" in content:
        raise UnusableReference("its styles declare a document type, which Word never does")
    return root


def _name(style: etree._Element) -> str:
    name = style.find(f"{_W}name")
    return "" if name is None else str(name.get(f"{_W}val", "")).lower()


def _ids(styles: etree._Element) -> dict[str, str]:
    return {_name(s): str(s.get(f"{_W}styleId", "")) for s in styles.iterchildren(f"{_W}style") if _name(s)}


def _called(styles: etree._Element) -> dict[str, str]:
    """Return the ids of the styles that we use, by our names for them; Word writes built-in names in small letters."""
    ids = _ids(styles)
    return {name: ids[name.lower()] for name in STYLE_NAMES}


def _new_ids(own: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return what each of our style ids is called beside the reference's styles."""
    taken = set(known.values())
    return {
        identifier: known.get(name, f"Own{identifier}" if identifier in taken else identifier)
        for name, identifier in own.items()
    }


def _renamed(style: etree._Element, called: Mapping[str, str]) -> etree._Element:
    style.set(f"{_W}default", "0")
    style.set(f"{_W}styleId", called[str(style.get(f"{_W}styleId"))])
    for tag in ("basedOn", "next", "link"):
        element = style.find(f"{_W}{tag}")
        if element is not None:
            element.set(f"{_W}val", called[str(element.get(f"{_W}val"))])
    return style


def _set_language(styles: etree._Element) -> None:
    for language in styles.iter(f"{_W}lang"):
        language.set(f"{_W}val", LANGUAGE)
    for properties in styles.iterfind(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"):
        if properties.find(f"{_W}lang") is None:
            etree.SubElement(properties, f"{_W}lang").set(f"{_W}val", LANGUAGE)
