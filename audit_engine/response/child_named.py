"""Does a free text look as if it names or describes a child?

Names that children commonly have are warned of beside words about children;
other words with a capital letter only where the text itself says that they are
a name ("a boy called ...") or where a name and a surname stand beside a year
group, a class, "a pupil" ("Tom Smith in Year 9").  It is a warning, never a block: better to miss
what somebody hides than to doubt what nobody meant.
"""

from __future__ import annotations

import re
from typing import Literal

from audit_engine.response.identifying import identifying

Sign = Literal["names", "describes", "identifies"]


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as prose."""
    return frozenset(text.split())


# Names often given in the United Kingdom since 2005, without those that are also words, places or surnames of adults'
# services (Grace, Hope, Summer, Chelsea, Kent, Grant ...). Short forms are there because people write those.
_GIVEN = words(
    """
    aaliyah aaron abdul abdullah abigail adam aidan aiden aisha alexander alexandra alfie ali alice aliyah
    amelia amelie amina amir amy anaya andrei anna archie aria arthur arya ava ayaan ayesha bailey barnaby beatrice
    bella benjamin bethany billy bobby brandon brooke caleb callum cameron charlie charlotte chloe connor dexter
    dominic dylan ebony edward eleanor elijah eliza elizabeth ella ellie elliot elliott elsie emilia emily emma
    erin ethan eva evelyn evie ezra farah fatima felix ferne finlay finley florence francesca frankie freddie
    frederick freya gabriel george grayson hamza hannah harley harper harriet harrison harry harvey hassan
    hazel heidi henry holly hugo ibrahim imogen isaac isabel isabella isabelle isla ismail ivy jack jackson jacob
    jaden jake james jamie jasmine jayden jessica joel joseph joshua jude julia kai kaiden katie kayden kayla keira
    khadija kian kyle lacey layla leah leo leon lewis lexi liam libby lily logan lola louie louis luca lucas lucy
    luke lydia maddison maisie maria mariam martha maryam mason matilda matthew maya megan mia michael millie
    mohamed mohammad mohammed molly muhammad musa mustafa mya nancy natasha nathan niamh nicole noah oliver olivia
    ollie omar orla oscar owen paige penelope phoebe poppy rafael reggie reuben rhys riley robyn ronnie rory rosie
    ruby ryan saffron samuel sara sarah scarlett sebastian shannon sienna skye sofia sonny sophia sophie stanley
    sumaya tabitha teddy thea theo theodore thomas toby tommy tyler william yusuf zac zachary zain
    zainab zara zoe
    """
)
_ONE = (
    r"(?:pupil|student|boy|girl|child|kid|son|daughter|baby|toddler|infant|brother|sister|sibling|twin|teenager|lad"
    r"|nephew|niece|young (?:person|man|woman|carer)|victim)"
)
_CHILD = rf"(?:{_ONE}|pupils|students|boys|girls|children|kids|sons|daughters|babies|siblings|twins|young people)"
_FAMILY = (
    r"(?:mum|mother|mummy|dad|father|daddy|step-?(?:mum|dad|mother|father)|parents?|carers?|foster carers?|family"
    r"|nan|gran(?:dmother|dfather|dad|ny)?|sister|brother|sibling|social worker|school|teacher|bruises?|injur(?:y|ies)"
    r"|disclosure|plan|case)"
)
_WORD = re.compile(r"\b[A-Z][a-zà-öø-ÿ]+")
_FIGURE = re.compile(r"\d")
_NAMING = re.compile(r"\b(?:called|named|name|known as)\b", re.IGNORECASE)
_NAME = r"[A-Z][a-zà-öø-ÿ]+(?:[-'’][A-Z]?[a-zà-öø-ÿ]+)?"
_YEAR = r"(?:[Yy]ear|[Yy]r|Y)\s?\d{1,2}\b|[Rr]eception\b"
_AGE = rf"(?:aged?\s*\d{{1,2}}\b|\d{{1,2}}\s*(?:years?|yrs?|months?|mths?)[\s-]*old|{_YEAR})"

# What makes a year group a matter of the staff: "Year 9 lead", "a student nurse".
_WORK = (
    r"(?:lead|teach|tutor|head|manager|coordinator|team|staff|assembl|lesson|classes|curriculum|group|pastoral|nurse"
    r"|social|midwi|counsel|support|voice|council|services?|welfare|premium|union|police|officer|parent|evening)"
)
_AT_WORK = rf"(?![\s-]+(?:(?:class|form|deputy|assistant|maths|English|science)\s+)?{_WORK})"
# "a boy called Zed": the text itself says that it is a name, so any word with a capital letter counts.
_CALLED = re.compile(
    rf"\b(?i:{_CHILD}|{_YEAR})\b[^.!?\n]{{0,20}}?\b(?i:called|named|whose (?:first )?name (?:is|was)|known as)\s+"
    rf"[\"'“‘]?(?P<name>{_NAME})"
)
# "Zed, aged 9", "Zed (Year 4)", "Zed is 9 years old".
_AGED = re.compile(
    rf"\b(?P<name>{_NAME})(?:\s+{_NAME}|\s+[A-Z]\b\.?)?(?:\s*[,(]\s*|\s+(?:is|was|who is|who was)\s+)"
    rf"(?i:{_AGE}){_AT_WORK}"
)
# What stands before and behind a given name: a word about children, an age, somebody's mother.
_BEFORE = re.compile(rf"\b(?i:{_CHILD}|{_YEAR})[\s,:(\"'“‘-]+(?:(?!and\b|or\b)\w+\s+)?$")
# Further on in the sentence stands one child, or an age; "Sarah trains pupils" is about a colleague.
_BEHIND = re.compile(rf"(?:['’]s?)?[^.!?\n]{{0,40}}?\b(?i:{_ONE}|{_AGE})\b")
_OWNED = re.compile(rf"['’]s?\s+(?:\w+\s+)?(?i:{_FAMILY})\b")
_NEAR = 60
# "a 14-year-old girl told me": one child, and something that happened.
_ONE_CHILD = re.compile(
    rf"\b(?i:an?|the|one|our|my|this|that)\s+(?:\w+\s+){{0,2}}?(?i:\d{{1,2}}[\s-]*(?:years?|yrs?|months?)[\s-]*old"
    rf"(?:\s+\w+)?\s+{_CHILD}|(?:{_YEAR})\s+(?:\w+\s+)?(?:boy|girl|pupil|student|child|lad))\b"
)
_HAPPENED = re.compile(
    r"\b(?i:told|said|disclosed|reported|came|went|ran|hit|touched|sent|had|was|were|has been|is on|lives|lived|died|"
    r"took|tried|alleged|arrived|moved|attended|refused|self-harmed)\b"
)
# "Tom Smith in Year 9", "Tom Smith (4B)", "Tom Smith is a pupil"; not "in Year 9 lessons" nor "a student nurse".
_SURNAME = rf"(?:O['’]|Mc|Mac)?{_NAME}"
_PLACE = rf"(?:(?:our |the )?(?:{_YEAR}|[Cc]lass \w+\b|\d{{1,2}}[A-Z]\b))"
_PUPIL = r"(?:an?|the|our|one of our)\s+(?:(?!former)\w+\s+){0,2}?(?:pupil|student)s?\b"
_JOINED = r"(?:\s*[,(]\s*|\s+)(?:(?:who\s+)?(?:is|was)\s+(?:now\s+)?)?"
_PLACED = re.compile(
    rf"\b(?P<name>{_NAME})\s+(?P<surname>{_SURNAME})"
    rf"(?:{_JOINED}(?:(?:in|from|of)\s+{_PLACE}|{_PUPIL})|\s*[,(]\s*(?:{_PLACE}|pupil\b|student\b))"
    rf"{_AT_WORK}"
)
# "pupil Tom Smith", "the Year 9 student Tom Smith".
_PUPIL_NAMED = re.compile(rf"\b(?:[Pp]upil|[Ss]tudent),?\s+(?P<name>{_NAME})\s+(?P<surname>{_SURNAME})\b")
# What stands before a member of staff, and the words that make two of them with capital letters something else.
_TITLED = re.compile(r"(?:\b[A-Z][\w'’-]*|\b(?:[Tt]eacher|[Cc]olleague|[Gg]overnor|[Ll]ead))\.?,?\s+$")
_THINGS = words(
    """
    academy action ambassador ambassadors anti assembly assistant associate awareness behaviour british bullying care
    centre champion champions charity chief childline childnet church class club committee community compass
    coordinator council councillor county cyber day deputy digital director dr drama duty education emotional
    encompass executive extra family form forum foundation governor governors group guidance head healthy heritage
    high history home house inclusion infant internet junior keeping leader leaders leadership learning lesson lessons
    local lord love manager matters mental mentor mentors miss month mr mrs ms mx nurse nursery officer online
    operation panel parent parents parliament partnership pastoral peer personal phase physical plan playground police
    policy practice prevent prime prof professor programme project protection protective pshe relationship
    relationships religious respect restorative road rse safe safeguarding safer safety saint saints schools science
    senior service sex sexual sir sports st street studies subject support survey swimming talk teaching team the
    together topic training trust tutor universal vice voice wellbeing week whole with working workshop world young
    youth zone zones
    """
)
# Words with a capital letter after "Year 9" or before "aged 5" that are no names.
_NO_NAMES = words(
    """
    a all an and any anyone april are as at august autumn both boys but by child children college dbs december
    designated dsl each early every everyone february five for four friday from girls he head health her his i if in
    is it january july june kcsie keeping key lado lead march mash may me monday most my no nobody not november
    nursery october of on one or our parents people police primary pupils reception report saturday school secondary
    see send september she since sixth social some spring staff stage students summer sunday teacher teachers that
    the their there these they this three thursday to tuesday two under was we wednesday were what when where which
    who why winter with year years you young your
    """
)


def sign_of_child(text: str) -> Sign | None:
    """Return what a text seems to do: name a child, describe one, or tell a number or day by which one can be found."""
    has_figures = _FIGURE.search(text) is not None
    if has_figures and identifying(text):
        return "identifies"
    if _says_a_name(text, has_figures) or any(_is_about_a_child(text, m) for m in _WORD.finditer(text)):
        return "names"
    if not (has_figures or "eception" in text):
        return None
    return "describes" if any(_HAPPENED.search(_rest(text, m.end())) for m in _ONE_CHILD.finditer(text)) else None


def _says_a_name(text: str, has_figures: bool) -> bool:
    """Tell whether the text itself says that a word is a child's name."""
    said = [_CALLED] if _NAMING.search(text) else []
    if has_figures or "eception" in text:
        said.append(_AGED)
    if any(match["name"].lower() not in _NO_NAMES for one in said for match in one.finditer(text)):
        return True
    return any(_is_a_pair(text, match) for one in (_PLACED, _PUPIL_NAMED) for match in one.finditer(text))


def _is_a_pair(text: str, match: re.Match[str]) -> bool:
    """Tell whether two words with capital letters are a name and a surname, and not somebody's of the staff."""
    both = {match["name"].lower(), match["surname"].lower()}
    if both & (_NO_NAMES | _THINGS):
        return False
    before = text[max(0, match.start("name") - _NEAR) : match.start("name")]
    return match.re is _PUPIL_NAMED or not _TITLED.search(before)


def _is_about_a_child(text: str, word: re.Match[str]) -> bool:
    """Tell whether a word is a name that children have, and words about a child stand beside it."""
    if word[0].lower() not in _GIVEN:
        return False
    before = text[max(0, word.start() - _NEAR) : word.start()]
    behind = text[word.end() : word.end() + _NEAR]
    return bool(_OWNED.match(behind) or _BEHIND.match(behind) or _BEFORE.search(before))


def _rest(text: str, start: int) -> str:
    """Return the rest of the sentence."""
    return re.split(r"[.!?\n]", text[start:], maxsplit=1)[0]
