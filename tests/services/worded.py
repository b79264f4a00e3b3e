"""An audit whose returns say something in words, a survey beside it, and two people who code both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.response.cycles import CycleFacts
from audit_engine.response.people import Held
from audit_engine.services import code_themes, run_cycle, theme_book, theme_texts
from audit_engine.services.code_themes import Coder, Coding, Compared
from audit_engine.services.run_survey import Decision, review_text
from audit_engine.services.survey_batches import Origin, take_in
from audit_engine.services.theme_texts import Text
from audit_engine.services.themes import Found, themes_of
from audit_engine.storage import anonymous, themes
from audit_engine.storage.engine import reading, writing
from tests.services.seen import CLOSED, CYCLES, QUESTIONNAIRES, Seen
from tests.services.tiny import DURING, OPENED, World, complete, lay

AUDIT, SURVEY = "seen-2026", "staff-2026"
RATED, PLAIN, SPOKEN = (AUDIT, "s.A.1"), (AUDIT, "s.C.1"), (SURVEY, "st.3")
TODAY = date(2026, 11, 2)
CALLS, TIME = "Calling back", "Time for supervision"


def lay_worded(root: Path, engine: Engine) -> Seen:
    """Write the files of ``seen`` with a question in words for organisations and one for staff."""
    plain = (
        "  - id: words\n    title: Words\n    items:\n      - {id: s.C.1, type: long-text, text: What would help?}\n"
    )
    spoken = "      - {id: st.3, type: long-text, required: false, text: What would you change?}\n"
    texts = {
        **QUESTIONNAIRES, "seen/2026": QUESTIONNAIRES["seen/2026"] + plain,
        "staff/2026": QUESTIONNAIRES["staff/2026"] + spoken,
    }  # fmt: skip
    instance = lay(root, cycles=CYCLES, questionnaires=texts)
    return Seen(World(instance, engine, Library(root)).load()).open()


@dataclass
class Worded:
    """What two coders, Ada and Ben, do in it."""

    seen: Seen
    ada: int = 0
    ben: int = 0

    @classmethod
    def laid(cls, root: Path, engine: Engine) -> Worded:
        found = cls(lay_worded(root, engine))
        found.ada = found.world.person("ada@example.org", Held("business-team"))
        found.ben = found.world.person("ben@example.org", Held("business-team"))
        return found

    @property
    def world(self) -> World:
        return self.seen.world

    @property
    def engine(self) -> Engine:
        return self.world.engine

    # --- words ---------------------------------------------------------------------

    def returned(self, organisation: str, said: str, commentary: str = "About it") -> None:
        """Let an organisation say something in words, and submit."""
        whole = self.world.opened(organisation, AUDIT)
        items = whole.questionnaire.items_by_id
        drafts = [replace(complete(items[i], "met"), commentary=commentary if i == "s.A.1" else "About it")
                  for i in whole.asked_ids if items[i].is_criterion]  # fmt: skip
        words = replace(complete(items["s.C.1"], said), version=0)
        versions = {i: whole.answer(i).version for i in whole.asked_ids}
        self.world.save(
            *(replace(d, version=versions[d.item]) for d in (*drafts, words)), organisation=organisation, cycle=AUDIT
        )
        self.world.submit(organisation, AUDIT)

    def spoke(self, *texts: str) -> None:
        """Let staff write something, close the survey, and let a reviewer show all of it."""
        with writing(self.engine) as connection:
            form = self.world.definitions.opened(connection, SURVEY).questionnaire
            said = [{"st.1": "yes", "st.3": text} for text in texts]
            take_in(connection, Origin(form, SURVEY, OPENED.date(), "otters"), said, OPENED.date())
        self.seen.close()
        for row in self.rows():
            self.review(row.id, "shown")

    def rows(self) -> tuple[anonymous.TextRow, ...]:
        with reading(self.engine) as connection:
            return anonymous.texts(connection, SURVEY, ["", "shown", "redacted", "hidden"])

    def review(self, text: str, outcome: Decision, today: date = TODAY, **more: str) -> None:
        review_text(self.engine, SURVEY, text, outcome, reviewer="Ada", today=today, **more)

    # --- the code book ---------------------------------------------------------------

    def book(self, *labels: str) -> list[int]:
        return [self.theme(label) for label in labels or (CALLS, TIME)]

    def theme(self, label: str, definition: str = "What belongs in it") -> int:
        words = {"label": label, "definition": definition}
        return theme_book.add_theme(self.engine, AUDIT, words, self.ada, DURING)

    def choose(self, *questions: theme_texts.Question) -> int:
        chosen = questions or (PLAIN, SPOKEN)
        return theme_book.choose_questions(self.engine, self.world.definitions, self.cycle, chosen, self.ada, DURING)

    # --- coding ------------------------------------------------------------------------

    @property
    def cycle(self) -> CycleFacts:
        with reading(self.engine) as connection:
            return run_cycle.cycle_named(connection, AUDIT)

    def coding(self, person: int, areas: theme_texts.Areas = None) -> Coding:
        with reading(self.engine) as connection:
            return code_themes.coding_of(connection, self.world.definitions, self.cycle, Coder(person, areas))

    def text(self, words: str, person: int | None = None) -> Text:
        return next(t for t in self.coding(person or self.ada).texts if words in t.words)

    def code(self, person: int, text: Text, *found: int, areas: theme_texts.Areas = None) -> None:
        code_themes.keep_codes(
            self.engine, self.world.definitions, self.cycle, Coder(person, areas), text.id, found, DURING
        )

    def code_all(self, person: int, by_word: Mapping[str, Iterable[int]]) -> None:
        """Take a place, code every text by the words in it, and finish."""
        code_themes.take_place(self.engine, AUDIT, person, DURING)
        for text in self.coding(person).texts:
            found = [t for word, themes_of_word in by_word.items() if word in text.words for t in themes_of_word]
            self.code(person, text, *found)
        self.finish(person)

    def finish(self, person: int) -> None:
        code_themes.finish(self.engine, self.world.definitions, self.cycle, Coder(person, None), DURING)

    def compared(self, person: int | None = None) -> Compared | None:
        with reading(self.engine) as connection:
            return code_themes.compared(connection, self.world.definitions, self.cycle, Coder(person or self.ada, None))

    def agree(self, person: int, text: Text, *found: int, note: str = "Read again") -> None:
        code_themes.agree(
            self.engine, self.world.definitions, self.cycle, Coder(person, None), text.id, found, note, CLOSED
        )

    def found(self) -> Found:
        with reading(self.engine) as connection:
            return themes_of(connection, self.world.definitions, self.cycle)

    def stored(self) -> tuple[themes.ReadingRow, ...]:
        with reading(self.engine) as connection:
            return themes.readings(connection, AUDIT)
