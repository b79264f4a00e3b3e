"""Are results right, seen only after closing, and never of too few?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from audit_engine.services import run_survey
from audit_engine.services.show_survey import COLUMNS, as_json, as_text, write_csv
from audit_engine.services.take_survey import SurveyRefused
from tests.services.pulse import AFTER_TURN, BEFORE_TURN, CYCLES, YES, Pulse, lay_pulse, of, shown

NO: Mapping[str, Any] = {"p.2": "no"}


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine).open()


def test_while_a_survey_is_open_only_the_turnout_is_seen(pulse: Pulse) -> None:
    pulse.replies([YES] * 30)
    with pytest.raises(SurveyRefused, match="still open, so only the turnout can be seen: 30 replies so far"):
        pulse.results()
    pulse.close()
    assert shown(pulse.results(), "p.2") == {"yes": 30, "no": 0, "unsure": 0}


def test_counts_bases_and_shares_are_those_of_the_replies(pulse: Pulse) -> None:
    pulse.replies([YES | {"p.3": ("poster",)}] * 12 + [YES] * 3 + [NO] * 4 + [{"p.2": "unsure"}])
    results = pulse.close().results()
    known, told = of(results, "p.2").released, of(results, "p.3").released
    assert (known.asked, known.answered, known.base) == (20, 20, 20)
    assert (known.figure("favourable").percent, known.figure("dont-know-share").count) == ("75%", 1)
    assert known.figure("favourable").interval is not None
    assert (told.asked, told.answered, told.figure("poster").percent) == (15, 12, "100%")
    assert of(results, "p.3").asked_of == "“Do you know who leads?” is Yes"
    assert of(results, "p.3").many_skipped


def test_knowledge_is_scored_with_the_key_of_each_reply_s_day(pulse: Pulse) -> None:
    said = {"p.2": "no", "p.5": "true"}
    pulse.replies([said] * 12, today=BEFORE_TURN).replies([said] * 15 + [NO | {"p.5": "dont-know"}], today=AFTER_TURN)
    found = of(pulse.close().results(), "p.5").released
    numbers = {name: found.figure(name).count for name in ("correct", "misconception", "gap")}
    assert numbers == {"correct": 12, "misconception": 15, "gap": 1}


def test_a_survey_of_ten_shows_nothing(pulse: Pulse) -> None:
    results = pulse.replies([YES] * 10).close().results()
    assert results.took_part == "Fewer than 11 people took part, so nothing is shown."
    assert {q.released.symbol for q in results.questions} == {"low"}


def test_own_experience_hides_few_and_shows_the_words_for_all(pulse: Pulse) -> None:
    pulse.replies([NO | {"p.4": "no"}] * 27 + [NO | {"p.4": "yes"}] * 2 + [NO | {"p.4": "prefer-not"}] * 3)
    found = of(pulse.close().results(), "p.4").released
    assert (found.base, found.answered) == (29, None)
    assert [f.number for f in (*found.cells, *found.outside)] == ["[c]", "[c]", "[c]"]


def test_by_sector_the_remainder_is_never_a_handful(pulse: Pulse) -> None:
    pulse.replies([YES] * 40, "otters").replies([NO] * 13, "joint").replies([NO] * 5, "office")
    results = pulse.close().results(by="sector")
    groups = {g.id: g for g in results.groups}
    assert list(groups) == ["police", "education"]
    assert [groups[g].label for g in groups] == ["Police", "Schools"]
    assert (groups["police"].replies.base, groups["education"].replies.base) == (18, 40)


def test_a_small_sector_takes_the_next_with_it(pulse: Pulse) -> None:
    pulse.replies([YES] * 40, "otters").replies([NO] * 12, "badgers").replies([NO] * 5, "office")
    results = pulse.close().results(by="sector")
    assert {g.id: g.replies.symbol for g in results.groups} == {"police": "c", "education": "c"}


def test_one_organisation_is_shown_only_where_the_others_stay_safe(pulse: Pulse) -> None:
    pulse.replies([YES] * 40, "otters").replies([NO] * 12, "badgers").replies([NO] * 5, "office")
    pulse.close()
    assert pulse.results(organisation="otters").replies.base == 40
    hidden = pulse.results(organisation="badgers")
    assert (hidden.organisation, hidden.replies.base, hidden.replies.symbol) == ("Badger School", None, "c")
    assert {q.released.base for q in hidden.questions} == {None}


def test_the_whole_less_all_that_is_shown_is_nobody_or_eleven(pulse: Pulse) -> None:
    for number, organisation in ((25, "otters"), (14, "badgers"), (30, "joint"), (3, "office")):
        pulse.replies([YES] * number, organisation)
    pulse.close()
    whole = pulse.results().replies.base
    organisations = [pulse.results(organisation=o).replies.base for o in ("otters", "badgers", "joint", "office")]
    sectors = [g.replies.base for g in pulse.results(by="sector").groups]
    assert whole == 72
    for shown_ones in (organisations, sectors):
        rest = whole - sum(n for n in shown_ones if n)
        assert rest == 0 or rest >= 11
    assert organisations[3] is None


def test_a_question_may_break_results_down_if_that_was_fixed_in_advance(pulse: Pulse) -> None:
    pulse.replies([YES | {"p.1": "front"}] * 20 + [NO | {"p.1": "manager"}] * 15 + [NO] * 12)
    pulse.close()
    groups = {g.label: g for g in pulse.results(by="p.1").groups}
    assert {label: g.replies.base for label, g in groups.items()} == {"Front line": 20, "Manager": 15}
    (known,) = [q for q in groups["Manager"].questions if q.question.id == "p.2"]
    assert known.released.figure("no").count == 15


@pytest.mark.parametrize("by", ["p.2", "role", "p.6:peer"])
def test_any_other_breakdown_is_refused_with_those_there_are(pulse: Pulse, by: str) -> None:
    pulse.replies([YES] * 12).close()
    with pytest.raises(SurveyRefused, match=r"fixed in advance: sector, organisation or p\.1"):
        pulse.results(by=by)


def test_one_organisation_is_not_broken_down_and_a_strange_one_is_named(pulse: Pulse) -> None:
    pulse.replies([YES] * 12).close()
    with pytest.raises(SurveyRefused, match="not broken down further"):
        pulse.results(organisation="otters", by="p.1")
    with pytest.raises(SurveyRefused, match=r"called “weasels”\. There are: otters"):
        pulse.results(organisation="weasels")


def test_a_survey_by_one_link_for_everybody_has_no_sectors(tmp_path: Path, engine: Engine) -> None:
    pulse = lay_pulse(tmp_path, engine).open("pulse-open").replies([YES] * 12, "").close()
    with pytest.raises(SurveyRefused, match=r"one link for everybody.*Use --by with p.1 \(“What is your role\?”\)"):
        pulse.results(by="sector")


def test_an_audit_has_no_survey_results(pulse: Pulse) -> None:
    text = CYCLES["pulse"].replace("questionnaire: pulse", "questionnaire: tiny").replace('"1"', '"2024"')
    text = text.replace("cycle: pulse", "cycle: tiny")
    (pulse.world.instance.folder / "cycles" / "tiny.yaml").write_text(text)
    pulse.world.load()
    pulse.open("tiny")
    with pytest.raises(SurveyRefused, match="was answered by organisations"):
        pulse.results()


@pytest.mark.parametrize(
    "invited, rate",
    [({"otters": 40, "badgers": 10, "joint": 8, "office": 2}, "20 people took part of 60 invited; the response rate "),
     ({"otters": 40}, "20 people took part; the number invited is not known")],
)  # fmt: skip
def test_a_response_rate_needs_the_number_invited_of_every_organisation(
    pulse: Pulse, invited: dict[str, int], rate: str
) -> None:
    for organisation, number in invited.items():
        run_survey.invited(pulse.engine, "pulse", organisation, number)
    pulse.replies([YES | {"p.1": "front", "p.3": ("poster",), "p.4": "no", "p.5": "true", "p.8": "always"}] * 20)
    assert pulse.close().results().took_part.startswith(rate)


def test_words_are_shown_once_a_named_reviewer_has_read_them(pulse: Pulse) -> None:
    for number in range(12):
        pulse.reply({"p.2": "no", "p.7": f"text {number}"})
    pulse.close()
    assert (pulse.results().texts_waiting, of(pulse.results(), "p.7").texts) == (12, ())
    with pulse.engine.connect() as connection:
        waiting = run_survey.texts_to_review(connection, "pulse")
    decisions: dict[run_survey.Decision, dict[str, str]] = {
        "shown": {},
        "hidden": {"reason": "Names a child", "risk": "Front door, by telephone"},
        "redacted": {"reason": "A name", "redacted": "text by [name]"},
    }
    for row, (outcome, more) in zip(waiting[:3], decisions.items(), strict=True):
        run_survey.review_text(pulse.engine, "pulse", row.id, outcome, reviewer="Ada", today=AFTER_TURN, **more)
    results = pulse.results()
    assert results.texts_waiting == 9
    assert set(of(results, "p.7").texts) == {waiting[0].text, "text by [name]"}
    assert pulse.results(organisation="otters").questions[-3].texts == (), "words have no organisation"


def test_results_take_the_same_few_statements_whatever_the_size(pulse: Pulse) -> None:
    seen: list[str] = []
    pulse.replies([YES] * 15).close()
    pulse.results()
    event.listen(pulse.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    pulse.results()
    assert len([s for s in seen if s.lstrip().startswith("SELECT")]) <= 6
    assert not [s for s in seen if "survey_reply" in s], "results are read from counts, not from replies"


def test_the_text_says_bases_symbols_and_who_was_asked(pulse: Pulse) -> None:
    pulse.replies([YES | {"p.4": "yes"}] * 3 + [NO | {"p.4": "no"}] * 60, "otters")
    text = "\n".join(as_text(pulse.close().results()))
    assert "63 people took part; the number invited is not known, so no response rate can be given." in text
    assert "Asked where “Do you know who leads?” is Yes." in text
    assert "  Asked 63, answered 63, counted 63." in text
    assert "[c] not shown, because it would point to a few people." in text
    assert "[low] not shown, because fewer than 11 people answered." in text


def test_json_and_csv_hold_the_same_released_figures(pulse: Pulse) -> None:
    pulse.replies([YES | {"p.1": "front"}] * 14 + [NO | {"p.1": "manager"}] * 12 + [NO | {"p.4": "yes"}] * 2)
    results = pulse.close().results(by="p.1")
    machine = json.loads(json.dumps(as_json(results)))
    out = io.StringIO()
    written = write_csv(results, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert len(rows) == written
    assert tuple(rows[0]) == COLUMNS
    assert {row["group"] for row in rows} == {"", "front", "manager"}
    by_key = {(r["group"], r["question"], r["answer"]): r for r in rows if r["kind"] == "answer"}
    for group in [{"id": "", "questions": machine["questions"]}, *machine["groups"]]:
        for question in group["questions"]:
            for answer in question["answers"]:
                row = by_key[group["id"], question["id"], answer["id"]]
                hidden = answer["count"] is None
                assert row["count"] == ("" if hidden else str(answer["count"]))
                assert row["shown_as"] == (answer["percent"] if hidden else "")
    assert json.loads(json.dumps(as_json(results)))["symbols"] == machine["symbols"]


def test_every_column_of_numbers_in_the_csv_holds_numbers_or_nothing(pulse: Pulse) -> None:
    pulse.replies([YES | {"p.1": "front"}] * 14 + [NO | {"p.1": "manager"}] * 12 + [NO | {"p.4": "yes"}] * 2)
    out = io.StringIO()
    write_csv(pulse.close().results(by="p.1"), out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    numeric = ("asked", "answered", "base", "count", "percent", "lower_percent", "upper_percent")
    for row in rows:
        for column in numeric:
            assert row[column] == "" or float(row[column]) >= 0, (column, row)
        assert (row["count"] == "") is (row["shown_as"] != "")
    assert {"[c]", "[low]"} & {row["shown_as"] for row in rows}
    (known,) = [r for r in rows if r["group"] == "" and r["question"] == "p.2" and r["answer"] == "yes"]
    assert float(known["percent"]) == round(100 * int(known["count"]) / int(known["base"]), 1)


def test_a_label_that_a_spreadsheet_would_run_is_made_harmless(tmp_path: Path, engine: Engine) -> None:
    pulse = lay_pulse(tmp_path, engine)
    file = pulse.world.instance.root / "questionnaires/pulse/1.yaml"
    file.write_text(file.read_text().replace("label: Front line", 'label: "=1+1"'))
    pulse.open().replies([YES | {"p.1": "front"}] * 12).close()
    out = io.StringIO()
    write_csv(pulse.results(by="p.1"), out)
    assert "'=1+1" in out.getvalue()
    assert not [line for line in csv.reader(io.StringIO(out.getvalue())) if any(c.startswith("=") for c in line)]
