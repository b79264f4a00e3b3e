"""Can somebody who watches the database while people answer tell who said what?  (reliability_security T40, small)

The onlooker knows in which order and at which minute everybody handed in, reads
every row after each press of a button and the bytes of every file every few
hours.  Naming a reply's person must do no better than guessing: one right, on
average, however many answered.  ``make rigs`` runs the attack at full size.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import sealing, waiting_replies
from audit_engine.storage import anonymous
from audit_engine.storage import engine as storage_engine
from tests.databases import SqliteDatabases
from tests.rigs.linkage_attack import attack, touched
from tests.rigs.linkage_broken import broken_by
from tests.rigs.linkage_world import Manner, Seen, answered, careless, lay_runs, staff_of
from tests.services.pulse import OPENED, lay_pulse

STAFF, RUNS = 44, 8
MANNER = Manner(tickets=True, hours=8)


@pytest.fixture
def sqlite_engine(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database, whose files can be read."""
    with sqlite_databases.fresh(tmp_path) as url:
        opened = storage_engine.create(url)
        yield opened
        opened.dispose()


def runs(folder: Path, engine: Engine, number: int, manner: Manner = MANNER) -> Iterator[Seen]:
    careless(engine)
    pulse = lay_runs(folder, engine, number)
    for run in range(number):
        yield answered(pulse, f"run-{run}", staff_of(STAFF, run), manner)


def test_naming_the_person_of_a_reply_does_no_better_than_guessing(tmp_path: Path, engine: Engine) -> None:
    found = attack(runs(tmp_path, engine, RUNS))
    assert {len(tried.right) for tried in found.values()} == {RUNS}
    assert {name: tried.right for name, tried in found.items() if tried.beats_chance} == {}


def test_taking_a_reply_changes_nothing_but_the_tables_without_names(tmp_path: Path, sqlite_engine: Engine) -> None:
    (seen,) = runs(tmp_path, sqlite_engine, 1, Manner(tickets=True, hours=24, every_table=True))
    assert touched(seen) == {
        "survey_draft", "survey_sealed_reply", "survey_sealed_words", "survey_text", "survey_ticket", "survey_turnout",
        "survey_waiting",
    }  # fmt: skip


@pytest.mark.parametrize(
    "broken, ways",
    [
        ("in the clear", ("by what could be read", "by bytes in the files", "words by time")),
        ("as long as they are", ("by the length of what is sealed",)),
        ("drafts as long as they are", ("words by the length of drafts",)),
        ("numbered", ("by id",)),
        ("counted one by one", ("by growing counts",)),
    ],
)  # fmt: skip
def test_the_attack_succeeds_where_something_is_left_to_find(
    tmp_path: Path, sqlite_engine: Engine, broken: str, ways: tuple[str, ...]
) -> None:
    with broken_by(broken):
        found = attack(runs(tmp_path, sqlite_engine, 2))
    for way in ways:
        assert found[way].beats_chance, (way, found[way], "an attack that never succeeds would prove nothing")


def test_neither_the_site_s_key_nor_one_that_follows_from_it_lies_anywhere(tmp_path: Path, engine: Engine) -> None:
    (seen,) = runs(tmp_path, engine, 1)
    with engine.connect() as connection:
        (seal, *_) = waiting_replies.seals_of(connection, "run-0")
        secret = connection.get_execution_options()["secrets"]()[0]
    stored = repr(seen.onlooker.changed)
    assert seal.name in stored, "a name tells nothing"
    files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for telling in (secret.encode(), seal.key, seal.key.hex().encode()):
        assert telling not in files and repr(telling)[2:-1] not in stored


def test_what_waits_takes_the_same_room_whoever_wrote_it(tmp_path: Path, engine: Engine) -> None:
    pulse = lay_pulse(tmp_path, engine).open()
    for answers in ({"p.2": "no"}, {"p.2": "yes", "p.3": ["manager", "poster"], "p.7": "x" * 900, "p.10": "90"}):
        pulse.reply(answers)
        assert {len(row["content"]) for row in pulse.rows("survey_sealed_words")} == {
            waiting_replies.WORDS_ROOM + 12 + 16
        }
    assert len({len(row["content"]) for row in pulse.rows("survey_sealed_reply")}) == 1
    code = pulse.rows("survey_draft")
    assert {row["answers"] for row in code} == {None}


@pytest.mark.parametrize("letters", [0, 10, 8000, 8300, 20000])
def test_a_draft_takes_one_of_a_few_lengths(letters: int) -> None:
    code = sealing.new_code()
    sealed = sealing.sealed(code, {"p.7": "é" * (letters // 2)})
    assert len(sealed) - 12 - 16 in {sealing.DRAFT_ROOM * 2**n for n in range(3)}
    assert sealing.unsealed(code, sealed) == {"p.7": "é" * (letters // 2)}


def test_nothing_that_is_stored_names_the_day_or_joins_a_reply_to_a_draft_or_a_ticket(
    tmp_path: Path, engine: Engine
) -> None:
    pulse = lay_runs(tmp_path, engine, 1)
    answered(pulse, "run-0", staff_of(STAFF, 0), MANNER)
    replies = pulse.rows("survey_reply")
    assert {str(row["answered_on"]) for row in replies} == {str(OPENED.date())}, "of two days, none is kept"
    assert set(replies[0]) == {"id", "cycle_id", "organisation_id", "answered_on", "answers", "coded"}
    assert pulse.rows("survey_draft") == pulse.rows("survey_sealed_reply") == pulse.rows("survey_sealed_words") == []
    assert set(pulse.rows("survey_ticket")[0]) == {"hash", "cycle_id", "organisation_id", "used"}
    assert {row["event"] for row in pulse.rows("trail")} <= {"opened", "closed"}


def test_replies_over_a_turn_of_the_key_keep_only_the_side_of_it(tmp_path: Path, engine: Engine) -> None:
    pulse = lay_pulse(tmp_path, engine).open()
    for day in (date(2026, 9, 15), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 20)):
        pulse.reply({"p.2": "yes"}, today=day)
    assert sorted(str(row["answered_on"]) for row in pulse.close().rows("survey_reply")) == [
        "2026-09-14", "2026-09-14", "2026-10-01", "2026-10-01",
    ]  # fmt: skip


def test_ids_are_drawn_so_that_nobody_can_foresee_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda length: "ab" * length)
    assert anonymous.fresh_id() == "ab" * 16
