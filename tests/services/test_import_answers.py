"""Do answers collected elsewhere count as if they had been typed here, once, and can they be taken out again?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.exchange.mapping import UnfitMapping
from audit_engine.services import import_answers
from audit_engine.services.import_answers import Imported, bring_in, expected, imported_into, look_at, undo_import
from audit_engine.services.import_plan import ImportRefused, Order
from audit_engine.services.import_preview import Preview
from audit_engine.services.import_text import as_text
from audit_engine.services.run_cycle import cycle_named, open_cycle
from audit_engine.services.survey_results import recount, survey_results
from audit_engine.storage import trail
from audit_engine.storage.engine import reading
from audit_engine.storage.waiting import waiting_since
from tests.exchange.exports import PRODUCTS, REPLIES, Rows, microsoft_forms, survey_monkey, write
from tests.services.pulse import BEFORE_TURN, OPENED, YES, Pulse, lay_pulse

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DURING = datetime(2026, 10, 5, 12, tzinfo=UTC)
ORGANISATIONS = ("Otter School", "badgers", " joint  police ")


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine)


def with_organisations(rows: Rows, heads: int, *names: str) -> Rows:
    """Add a column that names an organisation, in turn."""
    return [
        [*row, "Organisation" if n == 0 else "" if n < heads else names[n % len(names)]] for n, row in enumerate(rows)
    ]


def many(times: int) -> Sequence[Mapping[str, Any]]:
    return REPLIES * times


def order(pulse: Pulse, rows: Rows, name: str = "answers.csv", **more: Any) -> Order:
    return Order(write(pulse.world.instance.root / name, rows), name, "pulse", **more)


def seen(pulse: Pulse, wanted: Order) -> Preview:
    return look_at(pulse.engine, pulse.world.definitions, wanted)[1]


def imported(pulse: Pulse, wanted: Order, now: datetime = NOW, **more: Any) -> Imported:
    found = seen(pulse, wanted)
    return bring_in(pulse.engine, pulse.world.definitions, wanted, expected(found), None, now, **more)


def state(pulse: Pulse) -> str:
    with reading(pulse.engine) as connection:
        return cycle_named(connection, "pulse").state


def everything(pulse: Pulse) -> tuple[object, ...]:
    """What the survey says, without the ids that are drawn."""
    pulse.cycle = "pulse"
    counts = sorted((r["organisation_id"], r["item_id"], r["option"], r["n"]) for r in pulse.rows("survey_count"))
    replies = sorted((r["organisation_id"], str(r["answered_on"]), r["coded"]) for r in pulse.rows("survey_reply"))
    texts = sorted((r["item_id"], r["text"]) for r in pulse.rows("survey_text"))
    turnout = sorted((r["organisation_id"], r["replies"]) for r in pulse.rows("survey_turnout"))
    return counts, replies, texts, turnout


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("product", PRODUCTS)
def test_imported_answers_count_as_the_same_answers_typed_here(
    product: str, suffix: str, tmp_path: Path, pulse: Pulse
) -> None:
    heads = {"Microsoft Forms": 1, "SurveyMonkey": 2, "SmartSurvey": 3}[product]
    rows = with_organisations(PRODUCTS[product](many(6)), heads, *ORGANISATIONS)
    imported(pulse, order(pulse, rows, f"a{suffix}", organisation_column="organisation"))
    brought = everything(pulse)
    undo_import(pulse.engine, 1, "To type them", None, NOW)
    open_cycle(pulse.engine, pulse.world.library, "pulse", None, OPENED)
    ids = ("otters", "badgers", "joint")
    questionnaire = pulse.world.library.load("pulse", "1")
    for number, reply in enumerate(many(6), heads):
        typed = {i: ITEM_TYPES[questionnaire.items_by_id[i].type].to_json(v) for i, v in reply.items()}
        pulse_reply(pulse, typed, ids[number % 3])
    pulse.close()
    counts, replies, texts, turnout = everything(pulse)
    assert brought[0] == counts
    assert [r[2] for r in brought[1]] == [r[2] for r in replies]
    assert (brought[2], brought[3]) == (texts, turnout)
    with reading(pulse.engine) as connection:
        assert recount(connection, pulse.world.definitions, cycle_named(connection, "pulse")).wrong == {}


def pulse_reply(pulse: Pulse, answers: Mapping[str, Any], organisation: str) -> None:
    """Take in what was typed, required or not: nobody can skip a required question on the pages."""
    questionnaire = pulse.world.library.load("pulse", "1")
    values = {i: ITEM_TYPES[questionnaire.items_by_id[i].type].parse(raw, questionnaire.items_by_id[i])
              for i, raw in answers.items()}  # fmt: skip
    pulse.replies([values], organisation, DURING.date())


def test_a_survey_that_never_ran_here_is_opened_and_closed_with_its_own_dates(pulse: Pulse) -> None:
    assert state(pulse) == "planned"
    done = imported(pulse, order(pulse, microsoft_forms(many(3))))
    with reading(pulse.engine) as connection:
        cycle = cycle_named(connection, "pulse")
        found = survey_results(connection, pulse.world.definitions, cycle)
    assert (done.replies, done.closed, cycle.state) == (18, True, "closed")
    assert (cycle.opened_at, cycle.closed_at) == (cycle.opens_at, cycle.closes_at)
    assert found.replies.base == 18
    assert pulse.rows("survey_link") == []
    assert {str(row["answered_on"]) for row in pulse.rows("survey_reply")} == {"2026-10-01"}, "the day its key turned"


def test_more_files_can_follow_before_a_survey_is_closed(pulse: Pulse) -> None:
    first = imported(pulse, order(pulse, microsoft_forms(many(2)), "a.csv", organisation="otters"), more_to_come=True)
    assert (first.closed, state(pulse)) == (False, "open")
    last = imported(pulse, order(pulse, survey_monkey(many(1)), "b.csv", organisation="badgers"))
    assert (last.closed, state(pulse)) == (True, "closed")
    assert sorted((r["organisation_id"], r["replies"]) for r in pulse.rows("survey_turnout")) == [
        ("badgers", 6), ("otters", 12),
    ]  # fmt: skip


def test_a_survey_that_runs_stays_open_and_a_few_replies_wait_until_it_closes(pulse: Pulse) -> None:
    pulse.open()
    done = imported(pulse, order(pulse, microsoft_forms(), organisation="otters"), DURING)
    assert (done.closed, state(pulse)) == (False, "open")
    pulse.replies([YES] * 5, "otters", BEFORE_TURN)
    assert (len(pulse.waiting()), pulse.rows("survey_reply")) == (11, [])
    assert len(pulse.close().rows("survey_reply")) == 11


def test_a_survey_that_has_still_to_run_is_not_opened_by_a_file(pulse: Pulse) -> None:
    with pytest.raises(ImportRefused, match=r"was never opened\. Open it first"):
        imported(pulse, order(pulse, microsoft_forms(many(3))), datetime(2026, 9, 20, tzinfo=UTC))
    assert (state(pulse), pulse.rows("survey_reply"), pulse.rows("answer_import")) == ("planned", [], [])


def test_replies_cannot_be_added_to_results_where_the_difference_would_show_them(pulse: Pulse) -> None:
    imported(pulse, order(pulse, microsoft_forms(many(3)), "a.csv", organisation="otters"))
    for number in (1, 2, 9):
        with pytest.raises(ImportRefused, match=r"has closed and its results may have been seen\. More replies"):
            imported(pulse, order(pulse, survey_monkey(many(number)), "b.csv", organisation="badgers"))
    assert (len(pulse.rows("survey_reply")), pulse.waiting()) == (18, [])


def test_the_same_file_counts_once_unless_somebody_insists(pulse: Pulse) -> None:
    wanted = order(pulse, microsoft_forms(many(2)))
    imported(pulse, wanted, more_to_come=True)
    renamed = replace(order(pulse, microsoft_forms(many(2)), "other name.csv"))
    with pytest.raises(ImportRefused, match=r"brought in before, as answers\.csv"):
        imported(pulse, renamed)
    assert imported(pulse, renamed, again=True).number == 2
    assert [row["replies"] for row in pulse.rows("survey_turnout")] == [24]


def test_a_file_that_changed_since_it_was_looked_at_is_refused(pulse: Pulse) -> None:
    wanted = order(pulse, microsoft_forms(many(2)))
    promised = expected(seen(pulse, wanted))
    write(wanted.path, microsoft_forms(many(3)))
    with pytest.raises(ImportRefused, match="is not the file that was looked at"):
        bring_in(pulse.engine, pulse.world.definitions, wanted, promised, None, NOW)


def test_an_import_that_was_broken_off_goes_on_where_it_stopped(pulse: Pulse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_answers, "AT_ONCE", 5)
    wanted = order(pulse, microsoft_forms(many(4)))

    def breaks(done: int, _of: int) -> None:
        if done > 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported(pulse, wanted, step=breaks)
    assert [row["replies"] for row in pulse.rows("survey_turnout")] == [15]
    with pytest.raises(ImportRefused, match="was broken off after 16 rows"):
        imported(pulse, order(pulse, survey_monkey(many(3)), "b.csv"))
    assert imported(pulse, wanted).replies == 24
    assert [row["replies"] for row in pulse.rows("survey_turnout")] == [24]
    with reading(pulse.engine) as connection:
        assert recount(connection, pulse.world.definitions, cycle_named(connection, "pulse")).wrong == {}


def test_an_import_is_undone_as_one_and_leaves_nothing(pulse: Pulse) -> None:
    imported(pulse, order(pulse, microsoft_forms(many(3)), organisation="otters"))
    undo_import(pulse.engine, 1, "The wrong survey", None, NOW)
    assert everything(pulse) == ([], [], [], [])
    assert state(pulse) == "planned"
    with reading(pulse.engine) as connection:
        told = [(e["event"], e["content"].get("replies"), e["content"].get("reason"))
                for e in trail.entries_about(connection, "cycle:pulse")]  # fmt: skip
    assert told == [("import undone", 18, "The wrong survey"), ("answers imported", 18, None),
                    ("closed", None, None), ("opened", None, None)]  # fmt: skip


def test_words_wait_for_a_reviewer_from_the_day_of_the_import(pulse: Pulse) -> None:
    imported(pulse, order(pulse, microsoft_forms(many(12))))
    with reading(pulse.engine) as connection:
        assert set(waiting_since(connection, "pulse").values()) == {NOW.date()}
    undo_import(pulse.engine, 1, "Wrong", None, NOW)
    with reading(pulse.engine) as connection:
        assert waiting_since(connection, "pulse") == {}


def test_one_of_several_imports_is_undone_and_the_others_stay(pulse: Pulse) -> None:
    silent = [{k: v for k, v in reply.items() if k in ("p.1", "p.2")} for reply in many(3)]
    imported(pulse, order(pulse, microsoft_forms(many(3)), "a.csv", organisation="otters"), more_to_come=True)
    imported(pulse, order(pulse, microsoft_forms(silent), "b.csv", organisation="badgers"), more_to_come=True)
    undo_import(pulse.engine, 1, "Twice", None, NOW)
    assert [(r["organisation_id"], r["replies"]) for r in pulse.rows("survey_turnout")] == [("badgers", 18)]
    assert {row["organisation_id"] for row in pulse.rows("survey_count")} == {"badgers"}
    assert state(pulse) == "open", "the other import opened it now"
    undo_import(pulse.engine, 2, "That too", None, NOW)
    assert state(pulse) == "planned"


def test_what_is_mixed_with_others_cannot_be_undone(pulse: Pulse) -> None:
    pulse.open()
    imported(pulse, order(pulse, microsoft_forms(many(2)), organisation="otters"), DURING)
    pulse.replies([YES], "otters", BEFORE_TURN)
    with pytest.raises(ImportRefused, match="Other replies of the same organisations"):
        undo_import(pulse.engine, 1, "Too late", None, NOW)


def test_words_of_others_keep_an_import_from_being_undone(pulse: Pulse) -> None:
    pulse.open()
    imported(pulse, order(pulse, microsoft_forms(many(2)), organisation="otters"), DURING)
    pulse.replies([{"p.2": "yes", "p.7": "Mine"}], "badgers", BEFORE_TURN)
    with pytest.raises(ImportRefused, match="Others have written in their own words"):
        undo_import(pulse.engine, 1, "Too late", None, NOW)


def test_undoing_needs_a_reason_and_happens_once(pulse: Pulse) -> None:
    imported(pulse, order(pulse, microsoft_forms(many(2))))
    for reason, told in [(" ", "Say why"), ("Wrong", ""), ("Wrong", "It was undone")]:
        if told:
            with pytest.raises(ImportRefused, match=told):
                undo_import(pulse.engine, 1, reason, None, NOW)
        else:
            undo_import(pulse.engine, 1, reason, None, NOW)
    assert imported(pulse, order(pulse, microsoft_forms(many(2)))).number == 2, "it may be brought in anew"


def test_an_undone_import_does_not_close_a_survey_that_runs_later(pulse: Pulse) -> None:
    imported(pulse, order(pulse, microsoft_forms(many(2))))
    undo_import(pulse.engine, 1, "Wrong", None, NOW)
    open_cycle(pulse.engine, pulse.world.library, "pulse", None, OPENED)
    assert not imported(pulse, order(pulse, survey_monkey(many(2)), "b.csv"), DURING).closed
    assert state(pulse) == "open"


def test_the_trail_and_the_list_hold_no_answers(pulse: Pulse) -> None:
    imported(pulse, order(pulse, microsoft_forms(many(2)), organisation="otters"))
    with reading(pulse.engine) as connection:
        kept = f"{trail.entries_about(connection, 'cycle:pulse')} {imported_into(connection, 'pulse', NOW)}"
    for secret in ("example.org", "union", "fewer", "Front line", "Person"):
        assert secret not in kept
    assert "answers.csv" in kept


def test_the_preview_names_everything_that_is_left(pulse: Pulse) -> None:
    rows = with_organisations(survey_monkey(many(1)), 2, "Otter School", "Weasel School")
    rows[2][10] = "Aye"  # p.2
    rows += [[""] * len(rows[0]), rows[2]]
    found = seen(pulse, order(pulse, rows, organisation_column="Organisation"))
    assert (found.rows, found.replies, found.blank_rows, found.refused_total) == (8, 3, 1, 4)
    assert [(left.name, left.why) for left in found.not_taken][4] == (
        "IP Address", "it says from which computer",
    )  # fmt: skip
    assert ("Weasel School", "no organisation is called that", 3) in [(o.words, o.why, o.count) for o in found.odd]
    assert ("Aye", "the question has no such answer") in [(o.words, o.why) for o in found.odd]
    assert [row.why for row in found.refused][-1] == "it is a row before it once more, number and all"
    said = "\n".join(as_text(found, {"otters": "Otter School"}))
    assert "These columns were not taken:" in said and "Otter School: 3" in said
    shown = str(found.as_json())
    assert "example.org" not in shown and "192.0.2.7" not in shown and "union" not in shown and "fewer" not in shown


def test_required_or_not_a_partial_reply_is_taken(pulse: Pulse) -> None:
    assert seen(pulse, order(pulse, [["ID", "What is your role?"], ["1", "Manager"]])).replies == 1


@pytest.mark.parametrize(
    "more, told",
    [({"organisation": "weasels"}, "No organisation has the id"), ({"organisation_column": "Team"}, "No column is"),
     ({"organisation": "otters", "organisation_column": "ID"}, "not both"), ({"sheet": ""}, "")],
)  # fmt: skip
def test_what_cannot_be_planned_is_a_sentence(more: Mapping[str, str], told: str, pulse: Pulse) -> None:
    wanted = order(pulse, microsoft_forms(), **more)
    if told:
        with pytest.raises(ImportRefused, match=told):
            seen(pulse, wanted)
    else:
        assert seen(pulse, wanted).replies == 6


def test_a_cycle_that_organisations_answer_takes_no_file_of_people(pulse: Pulse) -> None:
    pulse.world.instance.folder.joinpath("cycles/tiny-2024.yaml").write_text(
        "cycle: tiny-2024\ntitle: Tiny\nquestionnaire: tiny\nversion: '2024'\nopens: 2024-03-04 09:00\n"
        "closes: 2024-05-31 17:00\norganisations: all\n", encoding="utf-8",
    )  # fmt: skip
    pulse.world.load()
    with pytest.raises(ImportRefused, match="is no survey that people answer"):
        seen(pulse, replace(order(pulse, microsoft_forms()), cycle="tiny-2024"))


def test_a_mapping_for_another_survey_is_refused(pulse: Pulse) -> None:
    wanted = order(pulse, microsoft_forms())
    plan, _ = look_at(pulse.engine, pulse.world.definitions, wanted)
    other = replace(plan.mapping, questionnaire="pulse@2")
    with pytest.raises(ImportRefused, match="The mapping is for pulse@2"):
        seen(pulse, replace(wanted, mapping=other))
    gone = replace(plan.mapping, uses=tuple(replace(u, heading=u.heading + " x") for u in plan.mapping.uses))
    with pytest.raises(UnfitMapping, match="The file has no column"):
        seen(pulse, replace(wanted, mapping=gone))


def test_an_import_in_progress_is_left_alone(pulse: Pulse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_answers, "AT_ONCE", 5)

    def breaks(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported(pulse, order(pulse, microsoft_forms(many(4))), step=breaks)
    with pytest.raises(ImportRefused, match="still being brought in"):
        undo_import(pulse.engine, 1, "Now", None, NOW + timedelta(minutes=5))
    undo_import(pulse.engine, 1, "It never ended", None, NOW + timedelta(hours=2))
    assert (state(pulse), pulse.rows("survey_reply")) == ("planned", [])
