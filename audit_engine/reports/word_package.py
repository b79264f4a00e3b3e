"""Which parts is a Word file packed from, and how do they name one another?"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

from audit_engine.reports.blocks import Document
from audit_engine.reports.word_charts import ChartPart
from audit_engine.reports.word_text import LANGUAGE
from audit_engine.reports.xml_text import one_line

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_LONGEST_PROPERTY = 255  # what the format allows


class WrittenPart(Part):
    """A part whose content is set once everything that it names has its relationship id."""

    content: bytes = b""

    @property
    def blob(self) -> bytes:
        """Return the content."""
        return self.content


class WordPackage:
    """A Word file in the making; python-docx keeps its parts, relationships and content types."""

    def __init__(self) -> None:
        """Start with an empty document."""
        self._package = Package()
        self._main = self._part("/word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN)
        self._package.relate_to(self._main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
        self._charts = 0

    def set_document(self, xml: str) -> None:
        """Set the document itself."""
        self._main.content = f"{_DECLARATION}{xml}".encode()

    def add_text(self, name: str, kind: str, xml: str) -> str:
        """Add a part of the word processor (``styles``, ``header`` ...); return its relationship id."""
        part = self._part(
            f"/word/{name}.xml", f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        )
        part.content = f"{_DECLARATION}{xml}".encode()
        return self._main.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}")

    def add_theme(self, theme: bytes) -> None:
        """Add the colours and fonts that styles may name."""
        part = self._part("/word/theme/theme1.xml", CONTENT_TYPE.OFC_THEME)
        part.content = theme
        self._main.relate_to(part, RELATIONSHIP_TYPE.THEME)

    def add_chart(self, chart: ChartPart) -> str:
        """Add a chart with its workbook; return the chart's relationship id."""
        self._charts += 1
        book = self._part(f"/word/embeddings/chart{self._charts}.xlsx", CONTENT_TYPE.SML_SHEET)
        part = self._part(f"/word/charts/chart{self._charts}.xml", CONTENT_TYPE.DML_CHART)
        book.content = chart.workbook
        part.content = chart.xml(part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE))
        return self._main.relate_to(part, RELATIONSHIP_TYPE.CHART)

    def set_properties(self, document: Document, made_at: datetime) -> None:
        """Set what a file manager and a screen reader say about the file; nothing else is told of anybody."""
        properties = self._package.core_properties
        properties.title = _property(f"{document.title}: {document.subtitle}" if document.subtitle else document.title)
        properties.subject = _property(document.subject)
        properties.keywords = _property(document.keywords)
        properties.author = properties.last_modified_by = _property(document.organisation)
        properties.category = _property(document.marking)
        properties.content_status = "Draft" if document.draft else "Final"
        properties.language = LANGUAGE
        properties.created = properties.modified = made_at
        properties.revision = 1

    def save(self, out: BinaryIO) -> None:
        """Write the file."""
        self._package.save(out)

    def _part(self, name: str, content_type: str) -> WrittenPart:
        return WrittenPart(PackURI(name), content_type, None, self._package)


def _property(text: str) -> str:
    return one_line(text)[:_LONGEST_PROPERTY]
