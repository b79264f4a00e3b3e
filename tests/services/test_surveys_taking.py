"""Can somebody answer a survey once, come back to it, and leave nothing that tells who they are?"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import run_survey, take_survey
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused, open_cycle, reopen_cycle
from audit_engine.services.sealing import code_as_typed, hash_of, new_code
from audit_engine.services.take_survey import SurveyDoor, SurveyRefused
from audit_engine.storage import all_models, anonymous
from audit_engine.storage.engine import reading, writing
from tests.services.pulse import AFTER_TURN, BEFORE_TURN, CLOSED, OPENED, YES, Pulse, lay_pulse

LAST_DAY = date(2026, 10, 30)


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine).open()


def door(pulse: Pulse, token: str, today: date = BEFORE_TURN) -> SurveyDoor:
    with reading(pulse.engine) as connection:
        return take_survey.survey_at(connection, pulse.world.definitions, token, today)


def test_opening_a_survey_makes_links_in_place_of_returns(pulse: Pulse) -> None:
    with reading(pulse.engine) as connection:
        links = run_survey.links_of(connection, "pulse")
    assert [link.organisation for link in links] == ["badgers", "joint", "otters", "office"]
    assert len({link.path for link in links}) == 4
    assert all(re.fullmatch("/s/[0-9a-z]{12}", link.path) for link in links)
    assert pulse.rows("response") == []


def test_a_survey_of_no_organisation_has_one_link_for_everybody(tmp_path: Path, engine: Engine) -> None:
    pulse = lay_pulse(tmp_path, engine).open("pulse-open")
    found = door(pulse, pulse.token(""))
    assert (found.state, found.organisation, found.kind) == ("open", "", "open link")
    assert pulse.reply(YES, "").done


def test_the_door_says_where_a_link_leads(pulse: Pulse) -> None:
    found = door(pulse, pulse.token())
    assert (found.state, found.title, found.organisation) == ("open", "Pulse 2026", "Otter School")
    assert found.questionnaire is not None
    assert found.questionnaire.name == "pulse@1"
    assert (found.opens_on, found.closes_on) == (OPENED.date(), LAST_DAY)


def test_a_link_takes_replies_until_its_last_day_ends_or_the_survey_is_closed(pulse: Pulse) -> None:
    assert door(pulse, pulse.token(), LAST_DAY).state == "open"
    assert door(pulse, pulse.token(), date(2026, 10, 31)).state == "closed"
    token = pulse.token()
    pulse.close()
    assert door(pulse, token).state == "closed"
    with pytest.raises(SurveyRefused, match="has closed"):
        take_survey.begin(pulse.engine, token, BEFORE_TURN)


def test_a_wrong_link_and_one_that_was_ended_look_alike(pulse: Pulse) -> None:
    token = pulse.token()
    run_survey.renew_link(pulse.engine, "pulse", "otters", None, OPENED)
    assert door(pulse, token) == door(pulse, "nothing") == SurveyDoor("unknown")
    assert pulse.reply(YES).done, "the new link works"


def test_links_can_be_made_before_the_survey_opens_and_stay(tmp_path: Path, engine: Engine) -> None:
    pulse = lay_pulse(tmp_path, engine)
    definitions = Definitions(pulse.world.library)
    (made,) = run_survey.make_links(engine, "pulse", ["otters"], OPENED.date(), definitions)
    token = made.path.rsplit("/", 1)[1]
    assert door(pulse, token).state == "planned"
    with pytest.raises(SurveyRefused, match="not opened yet"):
        take_survey.begin(engine, token, BEFORE_TURN)
    pulse.open()
    assert pulse.token() == token


def test_an_audit_gets_no_links(pulse: Pulse, tmp_path: Path) -> None:
    with pytest.raises(CycleRefused, match="no cycle called"):
        run_survey.make_links(pulse.engine, "tiny-1999", None)
    lay_and_load = pulse.world.instance.folder / "cycles" / "tiny.yaml"
    lay_and_load.write_text(
        'cycle: tiny\ntitle: Tiny\nquestionnaire: tiny\nversion: "2024"\n'
        "opens: 2026-09-14 09:00\ncloses: 2026-10-30 17:00\n"
    )
    pulse.world.load()
    with pytest.raises(SurveyRefused, match="is no survey that is open"):
        run_survey.make_links(pulse.engine, "tiny", None, OPENED.date(), Definitions(pulse.world.library))
    open_cycle(pulse.engine, pulse.world.library, "tiny", None, OPENED)
    for act in (
        lambda: run_survey.make_links(pulse.engine, "tiny", None),
        lambda: run_survey.make_tickets(pulse.engine, "tiny", "otters", ["ada@example.org"]),
        lambda: run_survey.invited(pulse.engine, "tiny", "otters", 12),
    ):
        with pytest.raises(SurveyRefused, match="is no survey that is open"):
            act()


def test_a_draft_is_there_again_with_its_code_alone(pulse: Pulse) -> None:
    definitions, token = pulse.world.definitions, pulse.token()
    code = take_survey.begin(pulse.engine, token, BEFORE_TURN)
    take_survey.keep_draft(pulse.engine, definitions, code, {"p.2": "yes", "p.7": "More time"}, BEFORE_TURN)
    take_survey.keep_draft(pulse.engine, definitions, code, {"p.3": ["poster"], "p.7": ""}, BEFORE_TURN)
    with reading(pulse.engine) as connection:
        draft = take_survey.read_draft(connection, definitions, code.lower().replace("-", " "))
        assert take_survey.read_draft(connection, definitions, new_code()) is None
    assert draft is not None
    assert draft.answers == {"p.2": "yes", "p.3": ("poster",)}
    assert (draft.organisation, draft.asked["p.3"].asked) == ("Otter School", True)


def test_what_is_typed_cannot_be_read_in_the_database(pulse: Pulse) -> None:
    code = take_survey.begin(pulse.engine, pulse.token(), BEFORE_TURN)
    take_survey.keep_draft(pulse.engine, pulse.world.definitions, code, {"p.7": "Quokka"}, BEFORE_TURN)
    (row,) = pulse.rows("survey_draft")
    assert b"Quokka" not in bytes(row["answers"])
    assert code not in str(row)
    assert row["code_hash"] == hash_of(code)


def test_an_answer_that_cannot_be_one_is_told_and_not_kept(pulse: Pulse) -> None:
    definitions = pulse.world.definitions
    code = take_survey.begin(pulse.engine, pulse.token(), BEFORE_TURN)
    typed = {"p.2": "perhaps", "p.10": "400", "p.99": "x"}
    kept = take_survey.keep_draft(pulse.engine, definitions, code, typed, BEFORE_TURN)
    said = {p.item: p.sentence for p in kept.problems}
    assert said["p.2"].startswith("“perhaps” is not one of the choices")
    assert said["p.10"] == "The number must be 90 or less."
    assert said["p.99"] == "This survey has no question “p.99”."
    with reading(pulse.engine) as connection:
        draft = take_survey.read_draft(connection, definitions, code)
    assert draft is not None
    assert set(draft.answers) == {"p.10"}, "what breaks a rule is kept, so that it can be mended"
    handed = take_survey.hand_in(pulse.engine, definitions, pulse.token(), code, BEFORE_TURN)
    assert [p.item for p in handed.problems] == ["p.2", "p.10"]
    assert pulse.rows("survey_reply") == []


def test_what_is_required_and_missing_comes_back_and_nothing_is_taken_in(pulse: Pulse) -> None:
    token = pulse.token()
    code = take_survey.begin(pulse.engine, token, BEFORE_TURN)
    handed = take_survey.hand_in(pulse.engine, pulse.world.definitions, token, code, BEFORE_TURN)
    assert not handed.done
    assert [(p.item, p.sentence) for p in handed.problems] == [("p.2", "Answer “Do you know who leads?”.")]
    assert pulse.rows("survey_reply") == pulse.rows("survey_turnout") == []


def test_handing_in_twice_is_one_reply(pulse: Pulse) -> None:
    definitions, token = pulse.world.definitions, pulse.token()
    code = take_survey.begin(pulse.engine, token, BEFORE_TURN)
    take_survey.keep_draft(pulse.engine, definitions, code, YES, BEFORE_TURN)
    first = take_survey.hand_in(pulse.engine, definitions, token, code, BEFORE_TURN)
    again = take_survey.hand_in(pulse.engine, definitions, token, code, BEFORE_TURN)
    assert (first.done, first.again, again.done, again.again) == (True, False, True, True)
    assert len(pulse.waiting()) == 1
    assert [row["replies"] for row in pulse.rows("survey_turnout")] == [1]


def test_after_handing_in_only_the_hash_of_the_code_is_left(pulse: Pulse) -> None:
    pulse.reply({"p.2": "yes", "p.7": "Quokka"})
    (row,) = pulse.rows("survey_draft")
    assert (row["answers"], row["organisation_id"]) == (None, "")
    with pytest.raises(SurveyRefused, match="Nothing is kept under this code"):
        take_survey.keep_draft(pulse.engine, pulse.world.definitions, new_code(), YES, BEFORE_TURN)


def test_drafts_go_after_a_fortnight_and_at_closing(pulse: Pulse) -> None:
    for day in (date(2026, 9, 15), date(2026, 9, 16), date(2026, 9, 30)):
        take_survey.begin(pulse.engine, pulse.token(), day)
    assert sorted(str(row["touched_on"]) for row in pulse.rows("survey_draft")) == ["2026-09-16", "2026-09-30"]
    pulse.close()
    assert pulse.rows("survey_draft") == []


def test_a_reply_begun_with_one_link_is_not_sent_with_another(pulse: Pulse) -> None:
    definitions = pulse.world.definitions
    code = take_survey.begin(pulse.engine, pulse.token("otters"), BEFORE_TURN)
    take_survey.keep_draft(pulse.engine, definitions, code, YES, BEFORE_TURN)
    with pytest.raises(SurveyRefused, match="begun with another link"):
        take_survey.hand_in(pulse.engine, definitions, pulse.token("badgers"), code, BEFORE_TURN)


def test_a_one_use_link_serves_once(pulse: Pulse) -> None:
    emails = ["ada@example.org", "Ada@example.org ", "bob@example.org"]
    made = run_survey.make_tickets(pulse.engine, "pulse", "otters", emails)
    assert [email for email, _ in made] == ["ada@example.org", "bob@example.org"]
    token = made[0][1].rsplit("/", 1)[1]
    assert door(pulse, token).kind == "one-use link"
    assert pulse.reply(YES, token=token).done
    assert door(pulse, token).state == "used"
    with pytest.raises(SurveyRefused, match="has been used"):
        take_survey.begin(pulse.engine, token, BEFORE_TURN)
    assert sorted(row["used"] for row in pulse.rows("survey_ticket")) == [False, True]


def test_two_drafts_of_one_ticket_make_one_reply(pulse: Pulse) -> None:
    definitions = pulse.world.definitions
    ((_, path),) = run_survey.make_tickets(pulse.engine, "pulse", "otters", ["ada@example.org"])
    token = path.rsplit("/", 1)[1]
    codes = [take_survey.begin(pulse.engine, token, BEFORE_TURN) for _ in range(2)]
    for code in codes:
        take_survey.keep_draft(pulse.engine, definitions, code, YES, BEFORE_TURN)
    assert take_survey.hand_in(pulse.engine, definitions, token, codes[0], BEFORE_TURN).done
    with pytest.raises(SurveyRefused, match="has been used"):
        take_survey.hand_in(pulse.engine, definitions, token, codes[1], BEFORE_TURN)
    assert take_survey.hand_in(pulse.engine, definitions, token, codes[0], BEFORE_TURN).again


def test_no_address_and_no_token_of_a_ticket_is_stored_anywhere(pulse: Pulse) -> None:
    made = run_survey.make_tickets(pulse.engine, "pulse", "otters", ["ada@example.org", "bob@example.org"])
    with reading(pulse.engine) as connection:
        everything = "\n".join(
            str(tuple(row))
            for table in all_models.METADATA.tables.values()
            for row in connection.execute(table.select())
        )
    for email, path in made:
        assert email not in everything
        assert path.rsplit("/", 1)[1] not in everything
    assert sorted(row["hash"] for row in pulse.rows("survey_ticket")) == sorted(
        hash_of(path.rsplit("/", 1)[1]) for _, path in made
    )


def test_what_is_not_asked_is_dropped_and_not_counted_as_missing(pulse: Pulse) -> None:
    assert pulse.reply({"p.2": "no", "p.3": ["poster"]}).done
    assert pulse.reply({"p.2": "yes"}, "office").done
    by_organisation = {reply.organisation: reply.answers for reply in pulse.waiting()}
    assert "p.3" not in by_organisation["otters"]
    assert by_organisation["otters"]["p.9"] is None, "asked and left blank"
    assert by_organisation["office"]["p.3"] is None
    assert "p.9" not in by_organisation["office"], "the office does no direct work"


def test_words_are_kept_apart_from_the_rest_of_a_reply(pulse: Pulse) -> None:
    said = {"p.2": "yes", "p.3": {"options": ["poster", "other"], "text": "A wombat"}, "p.7": "Quokka"}
    assert pulse.reply(said).done
    pulse.close()
    with reading(pulse.engine) as connection:
        (row,) = connection.execute(anonymous.reply.select()).all()
    assert "Quokka" not in str(row) and "wombat" not in str(row)
    assert (row.answers["p.3"], row.answers["p.7"]) == (["poster", "other"], ["#"])
    texts = pulse.rows("survey_text")
    assert sorted((t["item_id"], t["text"]) for t in texts) == [("p.3", "A wombat"), ("p.7", "Quokka")]
    assert row.id not in {t["id"] for t in texts}


def test_the_day_that_is_kept_tells_only_which_answer_key_held(pulse: Pulse) -> None:
    for today in (BEFORE_TURN, date(2026, 9, 30), date(2026, 10, 1), AFTER_TURN):
        assert pulse.reply({"p.2": "yes", "p.5": "true"}, today=today).done
    found = sorted((str(reply.answered_on), (reply.answers["p.5"] or [])[1]) for reply in pulse.waiting())
    assert found == [
        ("2026-09-14", "=correct"), ("2026-09-14", "=correct"),
        ("2026-10-01", "=misconception"), ("2026-10-01", "=misconception"),
    ]  # fmt: skip


def test_a_survey_that_was_closed_is_not_opened_again(pulse: Pulse) -> None:
    pulse.close()
    with pytest.raises(CycleRefused, match="is a survey, and its results can be seen"):
        reopen_cycle(pulse.engine, "pulse", None, CLOSED)


@pytest.mark.parametrize("typed", ["7k2m qx4p 9trw 3hvd", "7K2M-QX4P-9TRW-3HVD", " 7K2MQX4P9TRW3HVD\n"])
def test_a_code_may_be_typed_in_any_manner(typed: str) -> None:
    assert code_as_typed(typed) == "7K2M-QX4P-9TRW-3HVD"


def test_codes_are_long_and_differ() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {19}
    assert all(code_as_typed(code) == code for code in codes)


def test_taking_a_reply_leaves_no_entry_in_the_trail(pulse: Pulse) -> None:
    before = pulse.rows("trail")
    pulse.reply({"p.2": "yes", "p.7": "Quokka"})
    assert pulse.rows("trail") == before
    with writing(pulse.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one() == 0
