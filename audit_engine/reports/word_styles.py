"""Which styles, lists and settings does a Word document of ours have?

They are written as text from one table.  A partnership's own reference
document gives its styles in their place (``word_reference.py``); those that it
lacks are taken from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit_engine.reports.palette import COLOURS, INK, LINE
from audit_engine.reports.word_text import LANGUAGE

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FONT = "Arial"
TEXT_WIDTH = 9638  # twentieths of a point: A4 less margins of 2 cm
BULLETS = 1  # the list of bullets; numbered lists count on from the next number
_BLUE = COLOURS[0][1:]
_GREY = LINE[1:]
_BLACK = INK[1:]
_ROOT = f'xmlns:w="{NAMESPACE}"'


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style; sizes are half points, spaces twentieths of a point.

    ``frame`` holds paragraph properties that the schema puts before the spacing
    (borders, tabs), ``indent`` those after it.
    """

    name: str
    id: str
    size: int = 24
    before: int = 0
    after: int = 120
    bold: bool = False
    colour: str = _BLACK
    following: str = "Normal"
    keep_next: bool = False
    frame: str = ""
    indent: str = ""
    outline: int | None = None


def _border(colour: str, width: int, *sides: str) -> str:
    lines = "".join(f'<w:{side} w:val="single" w:sz="{width}" w:space="6" w:color="{colour}"/>' for side in sides)
    return f"<w:pBdr>{lines}</w:pBdr>"


def _contents(level: int) -> ParagraphStyle:
    tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    indent = f'<w:ind w:left="{284 * (level - 1)}"/>'
    return ParagraphStyle(f"toc {level}", f"TOC{level}", before=60 if level == 1 else 0, after=20, bold=level == 1,
                          frame=tabs, indent=indent)  # fmt: skip


def _list(name: str, identifier: str) -> ParagraphStyle:
    return ParagraphStyle(
        name, identifier, after=60, following=identifier, indent='<w:ind w:left="454" w:hanging="340"/>'
    )


_RIGHT = '<w:jc w:val="right"/>'
_FURNITURE_TABS = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'

PARAGRAPH_STYLES = (
    ParagraphStyle("Title", "Title", 56, 1200, 120, bold=True, colour=_BLUE, following="Subtitle"),
    ParagraphStyle("Subtitle", "Subtitle", 32, 0, 240, colour=_BLACK),
    ParagraphStyle("heading 1", "Heading1", 40, 160, 160, True, _BLUE, keep_next=True, outline=0),
    ParagraphStyle("heading 2", "Heading2", 32, 280, 100, True, _BLUE, keep_next=True, outline=1),
    ParagraphStyle("heading 3", "Heading3", 26, 240, 80, True, _BLACK, keep_next=True, outline=2),
    ParagraphStyle("TOC Heading", "TOCHeading", 40, 0, 160, True, _BLUE, keep_next=True),
    _contents(1),
    _contents(2),
    _contents(3),
    ParagraphStyle("caption", "Caption", 24, 200, 80, bold=True),
    ParagraphStyle("Lead", "Lead", 28, 0, 160),
    ParagraphStyle("Note", "Note", 22, 60, 120),
    ParagraphStyle("Quote", "Quote", 24, 60, 160, frame=_border(_GREY, 24, "left"), indent='<w:ind w:left="284"/>'),
    ParagraphStyle(
        "Warning",
        "Warning",
        24,
        160,
        200,
        True,
        indent='<w:ind w:left="142" w:right="142"/>',
        frame=_border(_BLACK, 12, "top", "left", "bottom", "right"),
    ),
    ParagraphStyle("Chart", "Chart", 24, 200, 0, keep_next=True),
    _list("List Bullet", "ListBullet"),
    _list("List Number", "ListNumber"),
    ParagraphStyle("Table Heading", "TableHeading", 22, 40, 40, True, following="TableHeading", keep_next=True),
    ParagraphStyle("Table Text", "TableText", 22, 30, 30, following="TableText"),
    ParagraphStyle("Table Number", "TableNumber", 22, 30, 30, following="TableNumber", indent=_RIGHT),
    ParagraphStyle("header", "Header", 22, 0, 0, frame=_FURNITURE_TABS, following="Header"),
    ParagraphStyle("footer", "Footer", 22, 0, 0, frame=_FURNITURE_TABS, following="Footer"),
)

_DEFAULTS = (
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    f'<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
)
_OWN_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:widowControl/><w:spacing w:before="0" w:after="140" w:line="276" w:lineRule="auto"/>'
    f'</w:pPr><w:rPr><w:color w:val="{_BLACK}"/><w:lang w:val="{LANGUAGE}"/></w:rPr></w:style>',
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="100" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style>",
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>',
    '<w:style w:type="character" w:customStyle="1" w:styleId="OrganisationText"><w:name w:val="Organisation Text"/>'
    "<w:qFormat/></w:style>",
    '<w:style w:type="table" w:customStyle="1" w:styleId="AuditTable"><w:name w:val="Audit Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    f'<w:top w:val="single" w:sz="12" w:space="0" w:color="{_BLUE}"/>'
    f'<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{_BLUE}"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/></w:tblBorders></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
    f'<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{_BLUE}"/></w:tcBorders>'
    '<w:shd w:val="clear" w:color="auto" w:fill="E8ECF2"/><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>',
)
STYLE_NAMES = (*(style.name for style in PARAGRAPH_STYLES), "Normal", "Organisation Text", "Audit Table")
# Built-in names must not be marked as custom, or Word shows a second style of that name.
_CUSTOM = {"Lead", "Note", "Warning", "Chart", "Table Heading", "Table Text", "Table Number"}


def styles_xml() -> str:
    """Return the styles part."""
    described = "".join(_style(style) for style in PARAGRAPH_STYLES)
    return f"<w:styles {_ROOT}>{_DEFAULTS}{''.join(_OWN_STYLES)}{described}</w:styles>"


def _style(style: ParagraphStyle) -> str:
    custom = ' w:customStyle="1"' if style.name in _CUSTOM else ""
    keep = "<w:keepNext/><w:keepLines/>" if style.keep_next else ""
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:next w:val="{style.following}"/><w:qFormat/>'
        f'<w:pPr>{keep}{style.frame}<w:spacing w:before="{style.before}" w:after="{style.after}"/>'
        f"{style.indent}{outline}</w:pPr><w:rPr>{'<w:b/><w:bCs/>' if style.bold else ''}"
        f'<w:color w:val="{style.colour}"/><w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>'
        f'<w:lang w:val="{LANGUAGE}"/></w:rPr></w:style>'
    )


def numbering_xml(numbered_lists: Sequence[int]) -> str:
    """Return the numbering part: bullets as list 1, and one list that starts at one for each number given."""
    kinds = ((0, "bullet", "•"), (1, "decimal", "%1."))
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="454" w:hanging="340"/></w:pPr></w:lvl></w:abstractNum>'
        for number, kind, text in kinds
    )
    restarts = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
        for number in numbered_lists
    )
    bullets = f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>'
    return f"<w:numbering {_ROOT}>{abstract}{bullets}{restarts}</w:numbering>"


def settings_xml() -> str:
    """Return the settings part; without the compatibility mode Word opens the file as one of 2007."""
    return (
        f'<w:settings {_ROOT}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{LANGUAGE}"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )
