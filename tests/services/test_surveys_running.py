"""Is a survey sent, followed and read as its rules say?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import run_survey
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.services.warn_before_launch import warn_before_launch
from audit_engine.storage.engine import reading
from tests.conftest import ROOT
from tests.services.pulse import OPENED, YES, Pulse, lay_pulse

TODAY = date(2026, 11, 2)


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine).open()


def test_turnout_names_every_organisation_that_has_a_link(pulse: Pulse) -> None:
    pulse.replies([YES] * 3, "otters")
    run_survey.invited(pulse.engine, "pulse", "office", 7)
    with reading(pulse.engine) as connection:
        found = {t.organisation: (t.replies, t.invited) for t in run_survey.turnout_of(connection, "pulse")}
    assert found == {"otters": (3, None), "badgers": (0, None), "joint": (0, None), "office": (0, 7)}


def test_the_number_invited_can_be_mended_and_taken_back(pulse: Pulse) -> None:
    pulse.replies([YES] * 3)
    for number in (50, 60, None):
        run_survey.invited(pulse.engine, "pulse", "otters", number)
        (row,) = pulse.rows("survey_turnout")
        assert (row["replies"], row["invited"]) == (3, number)
    with pytest.raises(SurveyRefused, match="a whole number from 1"):
        run_survey.invited(pulse.engine, "pulse", "otters", 0)


def test_links_are_made_once_and_renewed_when_asked(pulse: Pulse) -> None:
    with reading(pulse.engine) as connection:
        before = run_survey.links_of(connection, "pulse")
    assert run_survey.make_links(pulse.engine, "pulse", ["otters", "otters"]) == before
    run_survey.renew_link(pulse.engine, "pulse", "otters", None, OPENED)
    with reading(pulse.engine) as connection:
        after = run_survey.links_of(connection, "pulse")
    own = [(link.ended, link.path) for link in after if link.organisation == "otters"]
    assert [ended for ended, _ in own] == [False, True]
    assert own[1][1] in {link.path for link in before}
    assert "survey link renewed" in [row["event"] for row in pulse.rows("trail")]


def test_links_and_tickets_are_refused_for_strangers_and_after_closing(pulse: Pulse) -> None:
    with pytest.raises(SurveyRefused, match="No organisation is called weasels"):
        run_survey.make_links(pulse.engine, "pulse", ["weasels"])
    with pytest.raises(SurveyRefused, match="No organisation is called weasels"):
        run_survey.make_tickets(pulse.engine, "pulse", "weasels", ["ada@example.org"])
    pulse.close()
    with pytest.raises(SurveyRefused, match="has closed, so nobody can be invited"):
        run_survey.make_tickets(pulse.engine, "pulse", "otters", ["ada@example.org"])


def test_tickets_lie_in_an_order_of_their_own(pulse: Pulse) -> None:
    emails = [f"{n:03}@example.org" for n in range(200)]
    made = run_survey.make_tickets(pulse.engine, "pulse", "otters", emails)
    assert [email for email, _ in made] == emails
    stored = [row["hash"] for row in pulse.rows("survey_ticket")]
    assert stored == sorted(stored), "by hash, which says nothing of the list"
    assert len(set(stored)) == 200


def texts(pulse: Pulse) -> list[run_survey.TextRow]:
    with reading(pulse.engine) as connection:
        return list(run_survey.texts_to_review(connection, "pulse"))


def test_a_redacted_text_leaves_nothing_of_the_original(pulse: Pulse) -> None:
    pulse.reply({"p.2": "no", "p.7": "Ask Quokka Smith"})
    pulse.close()
    (text,) = texts(pulse)
    run_survey.review_text(
        pulse.engine, "pulse", text.id, "redacted", reviewer="Ada", today=TODAY, reason="A name", redacted="Ask [name]"
    )
    (row,) = pulse.rows("survey_text")
    assert (row["text"], row["outcome"], row["reviewer"], row["reason"]) == ("Ask [name]", "redacted", "Ada", "A name")
    with reading(pulse.engine) as connection:
        (read,) = run_survey.texts_reviewed(connection, "pulse")
    assert (read.text, read.reviewed_on) == ("Ask [name]", TODAY)
    if pulse.engine.dialect.name == "sqlite":
        assert b"Quokka" not in Path(str(pulse.engine.url.database)).read_bytes()


def test_the_road_of_a_worry_is_written_down(pulse: Pulse) -> None:
    pulse.reply({"p.2": "no", "p.7": "Something is wrong"})
    pulse.close()
    (text,) = texts(pulse)
    run_survey.review_text(
        pulse.engine, "pulse", text.id, "hidden", reviewer="Ada", today=TODAY, reason="A worry", risk="Front door"
    )
    (row,) = pulse.rows("survey_text")
    assert (row["risk"], texts(pulse)) == ("Front door", [])


@pytest.mark.parametrize(
    "outcome, more, sentence",
    [("hidden", {}, "Say why the text is changed or not shown"),
     ("redacted", {"reason": "A name"}, "Write the text as it may be shown")],
)  # fmt: skip
def test_a_decision_needs_its_reason_and_its_words(
    pulse: Pulse, outcome: run_survey.Decision, more: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SurveyRefused, match=sentence):
        run_survey.review_text(pulse.engine, "pulse", "x", outcome, reviewer="Ada", today=TODAY, **more)


def test_a_text_of_another_survey_cannot_be_reviewed(pulse: Pulse) -> None:
    pulse.reply({"p.2": "no", "p.7": "Wait"})
    assert pulse.rows("survey_text") == []
    (row,) = pulse.close().rows("survey_text")
    with pytest.raises(SurveyRefused, match="no longer here to review"):
        run_survey.review_text(pulse.engine, "pulse-open", row["id"], "shown", reviewer="Ada", today=TODAY)


def test_small_groups_are_warned_of_with_broader_answers_to_offer() -> None:
    staff = Library(ROOT).load("section-11-staff", "2026")
    warnings = warn_before_launch(staff, {"County Council": 9000, "Otter School": 340, "Youth Trust": 8})
    told = {w.kind: w.sentence for w in warnings}
    assert [w.kind for w in warnings] == ["small organisation", "small groups", "replies needed"]
    assert told["small organisation"].startswith("Youth Trust has 8 people. No result is shown for fewer than 11")
    assert "together make 60 groups, of about 5 people each, which is under 11" in told["small groups"]
    assert (
        "Offer at most 2 answers to “Which of these is closest to your role?”, in broader bands."
        in told["small groups"]
    )
    assert "at least 11 replies before what its staff say can be set beside its own ratings" in told["replies needed"]


def test_where_broader_answers_are_not_enough_questions_are_to_go() -> None:
    staff = Library(ROOT).load("section-11-staff", "2026")
    told = {w.kind: w.sentence for w in warn_before_launch(staff, {"Nursery": 40})}
    assert "less than one person each" in told["small groups"]
    assert "Leave out “Which of these is closest to your role?” and “Who do you work with?”" in told["small groups"]


def test_an_unknown_number_of_staff_is_told_with_the_number_needed() -> None:
    staff = Library(ROOT).load("section-11-staff", "2026")
    told = {w.kind: w.sentence for w in warn_before_launch(staff, {"Otter School": None})}
    assert "an organisation needs 660 people" in told["size unknown"]


def test_a_survey_that_asks_nothing_about_people_warns_of_no_groups(pulse: Pulse) -> None:
    with reading(pulse.engine) as connection:
        questionnaire = pulse.world.definitions.opened(connection, "pulse").questionnaire
    large = {w.kind for w in warn_before_launch(questionnaire, {"Otter School": 22})}
    assert large == {"replies needed"}, "two groups of eleven are large enough"
    assert {w.kind for w in warn_before_launch(questionnaire, {"Otter School": 21})} == {
        "small groups",
        "replies needed",
    }
