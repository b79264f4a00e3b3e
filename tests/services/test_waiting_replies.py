"""Do sealed replies come out again whatever happens to the site's key, and is a change in the database noticed?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import take_survey, waiting_replies
from audit_engine.services.import_answers import imported_into
from audit_engine.services.mend_survey import leave_out_unreadable, waiting_surveys
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.services.take_survey import SurveyRefused
from audit_engine.services.waiting_replies import SealedElsewhere, Words, waiting_in, words_waiting
from audit_engine.storage import engine as storage_engine
from audit_engine.storage import imports
from audit_engine.storage.anonymous import Reply
from audit_engine.storage.engine import NoSecret, reading, writing
from tests.conftest import ROOT
from tests.services.pulse import BEFORE_TURN, YES, Pulse, lay_pulse
from tests.services.tiny import DURING, World

FIRST, SECOND = "the first secret key of this site", "the second secret key of this site"
Sites = Callable[..., Pulse]
SAID = {"p.2": "yes", "p.7": "More time"}


@pytest.fixture
def pulse(tmp_path: Path, engine: Engine) -> Pulse:
    return lay_pulse(tmp_path, engine).open()


@pytest.fixture
def with_secrets(pulse: Pulse) -> Iterator[Sites]:
    """Return the same survey as a site with other secret keys sees it."""
    engines = []
    url = pulse.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")

    def site(*known: str) -> Pulse:
        engines.append(storage_engine.create(url, lambda: known))
        return Pulse(World(pulse.world.instance, engines[-1], pulse.world.library), pulse.cycle)

    yield site
    for engine in engines:
        engine.dispose()


def change(pulse: Pulse, statement: str, **values: Any) -> None:
    with writing(pulse.engine) as connection:
        connection.exec_driver_sql(statement)


def test_replies_on_both_sides_of_a_change_of_key_count_where_both_are_known(pulse: Pulse, with_secrets: Sites) -> None:
    with_secrets(FIRST).reply(SAID)
    changed = with_secrets(SECOND)
    assert changed.reply(SAID).done, "nobody who answers is ever refused for it"
    with pytest.raises(CycleRefused, match=r"cannot be closed yet.*AUDIT_EARLIER_SECRET_KEYS"):
        changed.close()
    assert len(changed.rows("survey_sealed_reply")) == 2, "nothing is taken out by halves"
    both = with_secrets(SECOND, FIRST)
    assert [row["replies"] for row in both.close().rows("survey_turnout")] == [2]
    assert len(both.rows("survey_reply")) == 2
    assert [row["text"] for row in both.rows("survey_text")] == ["More time"] * 2


def test_a_key_that_is_lost_for_good_costs_its_replies_and_no_others(pulse: Pulse, with_secrets: Sites) -> None:
    with_secrets(FIRST).reply(SAID)
    site = with_secrets(SECOND)
    for _ in range(2):
        site.reply(SAID)
    with reading(site.engine) as connection:
        (survey,) = waiting_surveys(connection)
    assert not survey.is_well
    assert survey.sentence.startswith("pulse: 3 replies wait; 1 cannot be opened. Some words cannot be opened. Put the")
    with pytest.raises(CycleRefused, match="Say why"):
        leave_out_unreadable(site.engine, "pulse", " ", DURING)
    assert leave_out_unreadable(site.engine, "pulse", "The key is gone", DURING) == 1
    with reading(site.engine) as connection:
        (survey,) = waiting_surveys(connection)
    assert survey.sentence == "pulse: 2 replies wait; all can be opened."
    assert len(site.close().rows("survey_reply")) == len(site.rows("survey_text")) == 2
    (entry,) = [row for row in site.rows("trail") if row["event"] == "unreadable replies left out"]
    assert "The key is gone" in str(entry["content"])


@pytest.mark.parametrize(
    "act",
    ["UPDATE survey_sealed_reply SET organisation_id = 'badgers'",
     "UPDATE survey_sealed_words SET content = (SELECT content FROM survey_sealed_reply LIMIT 1)"],
)  # fmt: skip
def test_a_reply_that_was_moved_or_changed_is_noticed_at_closing_and_can_be_left_out(pulse: Pulse, act: str) -> None:
    pulse.reply(SAID)
    change(pulse, act)
    with pytest.raises(CycleRefused, match="were changed in the database while they waited"):
        pulse.close()
    leave_out_unreadable(pulse.engine, "pulse", "Changed by hand", DURING)
    with reading(pulse.engine) as connection:
        assert waiting_in(connection, "pulse").unreadable == 0
    pulse.close()
    assert len(pulse.rows("survey_reply")) + len(pulse.rows("survey_text")) == 1


def test_imports_say_why_they_cannot_be_undone_while_words_cannot_be_opened(pulse: Pulse, with_secrets: Sites) -> None:
    with_secrets(FIRST).reply(SAID)
    with writing(pulse.engine) as connection:
        imports.add_import(
            connection, cycle_id="pulse", file="a.csv", sha256="0" * 64, mapping_sha256="", opened=False, made_by=None,
            made_at=DURING,
        )  # fmt: skip
    site = with_secrets(SECOND)
    with reading(site.engine) as connection:
        ((_, why),) = imported_into(connection, "pulse", DURING)
        with pytest.raises(SealedElsewhere):
            words_waiting(connection, "pulse")
    assert why.startswith("Some replies were sealed while the site had another secret key")


def test_a_database_that_was_opened_without_a_key_takes_no_reply(
    pulse: Pulse, with_secrets: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoSecret, match="set AUDIT_SECRET_KEY"):
        with_secrets().reply(YES)
    assert pulse.rows("survey_turnout") == []


@pytest.mark.parametrize(
    "known, expected",
    [({}, ()), ({"AUDIT_SECRET_KEY": "a"}, ("a",)), ({"AUDIT_EARLIER_SECRET_KEYS": "b c"}, ("b", "c")),
     ({"AUDIT_SECRET_KEY": "a", "AUDIT_EARLIER_SECRET_KEYS": " b\n"}, ("a", "b"))],
)  # fmt: skip
def test_keys_come_from_the_environment_the_one_in_use_first(known: dict[str, str], expected: tuple[str, ...]) -> None:
    assert storage_engine.secrets_in_environment(known) == expected


def test_a_site_that_makes_its_own_key_takes_earlier_ones_from_the_environment(pulse: Pulse) -> None:
    instance = pulse.world.instance
    own = instance.secrets({})
    assert own == (instance.secret_key({}),)
    assert instance.secrets({"AUDIT_EARLIER_SECRET_KEYS": FIRST.replace(" ", "-")})[1:] == (FIRST.replace(" ", "-"),)


def test_surveys_have_keys_of_their_own(pulse: Pulse) -> None:
    with reading(pulse.engine) as connection:
        one, other = (waiting_replies.seals_of(connection, cycle)[0] for cycle in ("pulse", "pulse-open"))
    assert (one.key != other.key, one.name != other.name) == (True, True)


def test_the_same_reply_is_never_sealed_the_same_way_twice(pulse: Pulse) -> None:
    for _ in range(3):
        pulse.reply(YES)
    assert len({bytes(row["content"]) for row in pulse.rows("survey_sealed_reply")}) == 3


def test_a_reply_that_is_longer_than_any_should_be_still_fits(pulse: Pulse) -> None:
    with reading(pulse.engine) as connection:
        seal = waiting_replies.seals_of(connection, "pulse")[0]
    reply = Reply("pulse", "otters", date(2026, 9, 14), {"p.10": ["#" + "9" * 3000]}, "0" * 40)
    sealed = seal.reply(reply, 1024)
    assert len(sealed.content) == 12 + 3 * 1024 + 16
    assert seal.opened(sealed) == reply


@pytest.mark.parametrize(
    "path", sorted((ROOT / "questionnaires").glob("*/*.yaml")), ids=lambda p: f"{p.parent.name}@{p.stem}"
)
def test_no_shipped_survey_needs_more_than_a_few_thousand_bytes_a_reply(path: Path) -> None:
    questionnaire = Library(ROOT).load(path.parent.name, path.stem)
    assert questionnaire.respondent != "person" or waiting_replies._room(questionnaire) <= 16_384


@pytest.mark.parametrize(
    "replies, written, out",
    [(10, {"a": 11}, []), (11, {"a": 10, "b": 10}, []), (11, {"a": 11, "b": 10}, ["a"]),
     (30, {"a": 12, "b": 40}, ["a", "b"])],
)  # fmt: skip
def test_words_come_out_at_every_eleventh_reply_where_eleven_have_written(
    replies: int, written: dict[str, int], out: list[str]
) -> None:
    texts = tuple((item, "x") for item, n in written.items() for _ in range(n))
    assert sorted(Words(replies, texts).due()) == out


def test_closing_while_others_hand_in_leaves_nobody_waiting(pulse: Pulse) -> None:
    token = pulse.token()
    definitions = pulse.world.definitions
    codes = [take_survey.begin(pulse.engine, token, BEFORE_TURN) for _ in range(24)]
    for code in codes:
        take_survey.keep_draft(pulse.engine, definitions, code, SAID, BEFORE_TURN)

    def hand_in(number: int) -> bool:
        if number == 8:
            pulse.close()
            return False
        try:
            return take_survey.hand_in(pulse.engine, definitions, token, codes[number], BEFORE_TURN).done
        except SurveyRefused:
            return False

    with ThreadPoolExecutor(6) as people:
        done = sum(people.map(hand_in, range(24)))
    assert done >= 1
    assert (pulse.rows("survey_sealed_reply"), pulse.rows("survey_sealed_words")) == ([], [])
    assert len(pulse.rows("survey_reply")) == len(pulse.rows("survey_text")) == done
    assert [row["replies"] for row in pulse.rows("survey_turnout")] == [done]
