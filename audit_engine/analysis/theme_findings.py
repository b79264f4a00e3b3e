"""What does a document say of themes and promising practice, and by which figures?

Values only, gathered by the services.  Words of staff are here only where they
may be read and shown, and never with whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from audit_engine.analysis.agreement import LEAST_PAIRS, Agreement
from audit_engine.analysis.disclosure import Released
from audit_engine.analysis.figures import Figure, Register, collected, count_figure, share_figure
from audit_engine.analysis.rounding import coefficient_text
from audit_engine.analysis.sentences import Names, Pattern, Sentence, Slot
from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.analysis.themes import Status

MOST_QUOTES, LONGEST_QUOTE = 2, 200
_SOURCE = "themes of the audit, as two people coded them"
_WORDS = {
    "coded": "{r} {r:organisation|organisations} returned. {t} {t:text was|texts were} coded by two people, apart from "
    "each other.",
    "open": "On {k} {k:text|texts} the two have not agreed yet; {k:it is|they are} in no count.",
    "raised": "{k} of the {n} {n:organisation|organisations} that returned {k:raises|raise} it: {kinds}.",
    "raised-by-none": "{k} of the {n} {n:organisation|organisations} that returned {k:raises|raise} it.",
    "agreement": "Before anything was settled, the two found the same themes in {s} of {t} {t:text|texts} ({share}).",
    "kappa": "Agreement beyond chance (Cohen's kappa) is {kappa}.",
    "no-kappa": "No kappa is given: it needs at least {least} texts, and themes that both used in some and not in all.",
}
PATTERNS = MappingProxyType({name: Pattern(f"themes-{name}", words) for name, words in _WORDS.items()})


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme; ``standing`` says what it may be called, ``quotes`` are words of staff."""

    id: int
    label: str
    status: Status
    standing: str
    organisations: int
    kinds: tuple[str, ...]
    staff: Released
    criteria: tuple[str, ...]
    definition: str = ""
    heard: str = ""
    bears_on: str = ""
    question: str = ""
    priority: str = ""
    action: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodedAlike:
    """How far two coders agreed on one theme; ``agreement`` None where it would tell of a few people's words."""

    label: str
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class PracticeCard:
    """A card that an organisation let others read: what is asked, and what it says; ``where`` as consent allows."""

    title: str
    where: str
    criterion: str
    evidence: str
    staff: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ThemeFindings:
    """Themes and cards of one audit; nothing is counted before two people have coded (``texts`` > 0)."""

    themes: tuple[ThemeLine, ...]
    returned: int
    texts: int
    open_differences: int
    whole: Agreement | None = None
    alike: tuple[CodedAlike, ...] = ()
    cards: tuple[PracticeCard, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Tell whether two people have finished coding."""
        return self.texts > 0

    @property
    def says_something(self) -> bool:
        """Tell whether a report of the audit has something to say of themes or practice."""
        return bool(self.cards) or (self.is_counted and bool(self.themes))

    @property
    def coded(self) -> tuple[Sentence, ...]:
        """Return how much was coded, and how much is not settled."""
        returned = count_figure("themes.returned", self.returned, _SOURCE)
        said = [_say("coded", {"r": returned, "t": count_figure("themes.texts", self.texts, _SOURCE)})]
        if self.open_differences:
            said.append(_say("open", {"k": count_figure("themes.open", self.open_differences, _SOURCE)}))
        return tuple(said)

    def raised(self, theme: ThemeLine) -> Sentence:
        """Return how many organisations raise a theme, and of which kinds."""
        slots: dict[str, Slot] = {
            "k": count_figure(f"themes.{theme.id}.organisations", theme.organisations, _SOURCE, base=self.returned),
            "n": count_figure("themes.returned", self.returned, _SOURCE),
        }
        if not theme.kinds:
            return _say("raised-by-none", slots)
        return _say("raised", {**slots, "kinds": Names(theme.kinds)})

    @property
    def agreement(self) -> tuple[Sentence, ...]:
        """Return how far the two agreed on the whole of what texts hold."""
        found = self.whole
        if found is None or not found.pairs:
            return ()
        said = _say("agreement", {
            "s": count_figure("themes.agreement.same", found.same, _SOURCE, base=found.pairs),
            "t": count_figure("themes.agreement.texts", found.pairs, _SOURCE),
            "share": share_figure("themes.agreement.share", found.same, found.pairs, _SOURCE),
        })  # fmt: skip
        if found.kappa is None:
            least = count_figure("themes.agreement.least", LEAST_PAIRS, "the rule for a kappa")
            return said, _say("no-kappa", {"least": least})
        kappa = Figure("themes.agreement.kappa", "share", found.kappa, coefficient_text(found.kappa), _SOURCE)
        return said, _say("kappa", {"kappa": kappa})

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return every sentence with a figure in it."""
        if not self.is_counted:
            return ()
        return (*self.coded, *(self.raised(theme) for theme in self.themes), *self.agreement)

    def with_figures(self, register: Register) -> Register:
        """Return a register that holds the figures of the sentences too."""
        whole = collected([*register, *(figure for sentence in self.sentences for figure in sentence.figures)])
        return Register(whole.figures, tuple(dict.fromkeys((*register.doubts, *whole.doubts))))


def quotes(theme_staff: Released, of_question: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Return up to two short texts of staff that may stand beside a theme; () where none may.

    ``of_question`` are the theme's texts in an order that says nothing, each after the number of
    readable texts of its question.  Words are quoted only where the theme's number of them is
    shown, so that no quotation tells of a number that is hidden, and only of questions that
    eleven answered in words that may be read (methods section 10, rule 7).
    """
    if theme_staff.figure("theme").count is None:
        return ()
    short = (
        " ".join(words.split()) for number, words in of_question if number >= LEAST_BASE and len(words) <= LONGEST_QUOTE
    )
    return tuple(dict.fromkeys(filter(None, short)))[:MOST_QUOTES]


def may_tell_agreement(theme_staff: Released, staff_texts: int) -> bool:
    """Tell whether agreement on a theme gives away no number of staff texts that is hidden.

    Agreement and kappa together nearly give how often a theme was found.
    """
    return not staff_texts or theme_staff.figure("theme").count is not None


def _say(name: str, slots: dict[str, Slot]) -> Sentence:
    return Sentence(PATTERNS[name], tuple(slots.items()))
