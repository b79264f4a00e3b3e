"""Does the demo show themes, agreement, cards and a comparison worth looking at, all of it called invented?"""

from __future__ import annotations

import pytest

from audit_engine.services import benchmarks, code_themes, self_audit
from audit_engine.services.demo import SECOND_CODER, Demo
from audit_engine.services.invented_comparison import COMPARED
from audit_engine.services.invented_settings import LEAD
from audit_engine.services.invented_themes import AUDIT
from audit_engine.services.practice_cards import WORDS, cards_of
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.themes import Found, themes_of
from audit_engine.storage import people, settings
from audit_engine.storage.engine import reading
from tests.services.tiny import World

Filled = tuple[World, Demo]


@pytest.fixture(scope="module")
def found(filled_demo: Filled) -> Found:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        return themes_of(connection, world.definitions, cycle_named(connection, AUDIT))


def test_themes_of_each_standing_are_there(found: Found) -> None:
    assert {"emerging", "staff", "none"} <= {t.status for t in found.themes}
    assert found.open_differences == 1, "one is left for a visitor to settle"


def test_what_was_heard_is_called_invented(found: Found) -> None:
    written = [w for t in found.themes for w in (t.row.heard, t.row.question, t.row.action) if w]
    assert written and all(w.startswith("Invented: ") for w in written)


def test_two_people_coded_and_did_not_always_agree(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        second = people.person_by(connection, email=SECOND_CODER)
        assert second is not None and second.facts.name == "Invented second coder of themes"
        cycle = cycle_named(connection, AUDIT)
        who = code_themes.Coder(second.facts.id, None)
        both = code_themes.compared(connection, world.definitions, cycle, who)
    assert both is not None and both.coding.mine is not None
    whole = both.agreement.whole
    assert whole.pairs > 100 and 0.85 < whole.same / whole.pairs < 1
    assert whole.kappa is not None and whole.kappa < 0.95


def test_one_card_is_agreed_and_one_waits_for_consent(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        cards = cards_of(connection, world.definitions, cycle_named(connection, AUDIT), drafts=True)
    assert {(c.row.state, c.row.staff, c.consent is not None) for c in cards} == {
        ("agreed", "yes", True), ("draft", "yes", False),
    }  # fmt: skip
    said = [getattr(c.row, name) for c in cards for name in WORDS if getattr(c.row, name)]
    assert all(text.startswith("Invented") for text in said)


def test_the_school_that_a_visitor_can_be_sees_where_it_stood(filled_demo: Filled) -> None:
    world, _ = filled_demo
    with reading(world.engine) as connection:
        (school,) = settings.settings_of(connection, LEAD)
        audits = {a.cycle: a for a in settings.audits_of(connection, school.id)}
        whole = self_audit.open_audit(connection, world.definitions, audits[COMPARED])
        standing = benchmarks.standing_of(connection, world.definitions, whole)
    assert len(standing.rows) == len(whole.questionnaire.sections)
    assert {"quartiles"} <= {row.cohort.shows for row in standing.rows}
    assert any(row.middle and row.alt for row in standing.rows)
