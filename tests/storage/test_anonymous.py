"""Does the anonymous store hold replies in no order, count them right and forget what it should?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from audit_engine.storage import all_models, anonymous, anonymous_sealed, anonymous_undo
from audit_engine.storage.anonymous import DraftRow, Reply
from audit_engine.storage.anonymous_sealed import SealedReply
from audit_engine.storage.engine import reading, writing
from tests.storage.rows import DAY, ROWS, fill, table

CYCLE = "tiny-2026"


@pytest.fixture
def store(engine: Engine) -> Engine:
    """The tiny cycle is there, and nobody has answered."""
    with writing(engine) as connection:
        for name in ("cycle_definition", "cycle"):
            connection.execute(table(name).insert().values(**ROWS[name]))
    return engine


def replies(count: int, organisation: str = "otters") -> list[Reply]:
    return [Reply(CYCLE, organisation, DAY, {"": ["~complete"], "t.A.1": [f"o{n}"]}, str(n % 10)) for n in range(count)]


def stored(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        return [(r.id, r.answers["t.A.1"][0]) for r in connection.execute(anonymous.reply.select())]


def test_replies_lie_in_the_order_of_ids_that_say_nothing(store: Engine) -> None:
    with writing(store) as connection:
        anonymous.add_replies(connection, replies(200))
    found = stored(store)
    assert [id_ for id_, _ in found] == sorted(id_ for id_, _ in found)
    assert [said for _, said in found] != [f"o{n}" for n in range(200)]
    assert {len(id_) for id_, _ in found} == {32}


def test_taking_sealed_replies_takes_each_once_and_of_one_survey(store: Engine) -> None:
    with writing(store) as connection:
        connection.execute(table("cycle").insert().values(**{**ROWS["cycle"], "id": "other"}))
        sealed = [SealedReply("otters", "k" * 16, bytes([n])) for n in range(3)]
        anonymous_sealed.add_replies(connection, CYCLE, sealed)
        anonymous_sealed.add_replies(connection, "other", sealed[:1])
        assert anonymous_sealed.keys_of_replies(connection, CYCLE) == {"k" * 16}
        taken = [anonymous_sealed.take_replies(connection, CYCLE, 2) for _ in range(3)]
        assert [len(some) for some in taken] == [2, 1, 0]
        assert {one for some in taken for one in some} == set(sealed)
        assert anonymous_sealed.take_replies(connection, "other", 9) == (sealed[0],)


def test_sealed_words_are_one_row_a_survey_and_key(store: Engine) -> None:
    with writing(store) as connection:
        assert anonymous_sealed.hold_words(connection, CYCLE, "k") is None
        assert anonymous_sealed.words_of(connection, CYCLE) == {}
        anonymous_sealed.keep_words(connection, CYCLE, "k", b"one")
        anonymous_sealed.hold_words(connection, CYCLE, "l")
        anonymous_sealed.keep_words(connection, CYCLE, "l", b"two")
        assert anonymous_sealed.hold_words(connection, CYCLE, "k") == b"one"
        assert anonymous_sealed.take_words(connection, CYCLE) == {"k": b"one", "l": b"two"}
        assert anonymous_sealed.hold_words(connection, CYCLE, "k") is None


def test_shuffling_gives_every_reply_a_new_id_and_a_new_place_and_changes_nothing_else(store: Engine) -> None:
    with writing(store) as connection:
        anonymous.add_replies(connection, replies(120))
        anonymous.add_texts(connection, CYCLE, [("t.A.1", f"text {n}") for n in range(40)])
    before = stored(store)
    with writing(store) as connection:
        anonymous.shuffle(connection, CYCLE)
        texts = anonymous.texts(connection, CYCLE, [""])
    after = stored(store)
    assert not {id_ for id_, _ in before} & {id_ for id_, _ in after}
    assert sorted(said for _, said in before) == sorted(said for _, said in after)
    assert [said for _, said in before] != [said for _, said in after]
    assert [id_ for id_, _ in after] == sorted(id_ for id_, _ in after)
    assert {t.text for t in texts} == {f"text {n}" for n in range(40)}


def test_another_survey_is_left_alone_by_shuffling(store: Engine) -> None:
    with writing(store) as connection:
        connection.execute(table("cycle").insert().values(**{**ROWS["cycle"], "id": "other"}))
        anonymous.add_replies(connection, replies(5))
        before = stored_ids(connection, CYCLE)
        anonymous.shuffle(connection, "other")
        assert stored_ids(connection, CYCLE) == before


def stored_ids(connection: object, cycle: str) -> list[str]:
    return [r.id for r in connection.execute(anonymous.reply.select()) if r.cycle_id == cycle]  # type: ignore[attr-defined]


def test_packed_replies_come_whole_whatever_their_number(store: Engine) -> None:
    with writing(store) as connection:
        anonymous.add_replies(connection, replies(300))
        anonymous.add_replies(connection, replies(50, "badgers"))
    with reading(store) as connection:
        every = "".join(anonymous.packed_replies(connection, CYCLE))
        own = "".join(anonymous.packed_replies(connection, CYCLE, ["badgers"]))
    assert sorted(every) == sorted([str(n % 10) for n in range(300)] + [str(n % 10) for n in range(50)])
    assert sorted(own) == sorted(str(n % 10) for n in range(50))


def test_counts_add_up_by_organisation_and_in_all(store: Engine) -> None:
    with writing(store) as connection:
        for organisation, n in (("otters", 2), ("otters", 3), ("badgers", 4)):
            anonymous.add_to_counts(connection, CYCLE, organisation, {("t.A.1", "met"): n, ("", ""): 1})
        anonymous.add_to_counts(connection, CYCLE, "otters", {})
    with reading(store) as connection:
        assert anonymous.tally(connection, CYCLE) == {("t.A.1", "met"): 9, ("", ""): 3}
        by_organisation = anonymous.tallies_by_organisation(connection, CYCLE)
    assert by_organisation["otters"] == {("t.A.1", "met"): 5, ("", ""): 2}


def test_a_ticket_is_used_once(store: Engine) -> None:
    with writing(store) as connection:
        anonymous.add_tickets(connection, CYCLE, "otters", ["b" * 64, "a" * 64])
        assert [anonymous.use_ticket(connection, "a" * 64) for _ in range(2)] == [True, False]
        assert not anonymous.use_ticket(connection, "c" * 64)
        way = anonymous.way_in(connection, "not a link", "a" * 64)
    assert way is not None
    assert (way.is_ticket, way.closed) == (True, True)


def test_drafts_are_forgotten_by_age_and_by_survey(store: Engine) -> None:
    with writing(store) as connection:
        for number, day in enumerate((date(2026, 9, 1), date(2026, 9, 20))):
            anonymous.keep_draft(connection, str(number) * 64, DraftRow(CYCLE, "otters", b"x", day))
        anonymous.forget_drafts(connection, touched_before=date(2026, 9, 2))
        assert anonymous.draft_of(connection, "0" * 64) is None
        assert anonymous.draft_of(connection, "1" * 64) is not None
        anonymous.forget_drafts(connection, cycle=CYCLE)
        assert anonymous.draft_of(connection, "1" * 64) is None


def test_what_was_deleted_is_in_no_file_once_traces_are_forgotten(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        fill(connection)
        anonymous.add_texts(connection, CYCLE, [("t.A.1", "Quokka")])
    with writing(sqlite_engine) as connection:
        anonymous_undo.forget_words(connection, CYCLE, ["t.A.1"])
    anonymous.forget_traces(sqlite_engine)
    folder = Path(str(sqlite_engine.url.database)).parent
    assert not [file for file in folder.iterdir() if b"Quokka" in file.read_bytes()]


def test_no_anonymous_table_has_a_column_for_a_person_an_address_or_an_hour(engine: Engine) -> None:
    with reading(engine) as connection:
        columns = {
            (name, column["name"]): repr(column["type"])
            for name in all_models.METADATA.tables
            if name.startswith("survey_")
            for column in inspect(connection).get_columns(name)
        }
    telling = ("person", "email", "address", "user", "_by", "_at", "ip", "agent")
    assert not [c for c in columns if any(word in c[1].split("_") or c[1].endswith(word) for word in telling)]
    assert not [c for c, kind in columns.items() if "TIME" in kind]
    referred = {f.column.table.name for n, t in all_models.METADATA.tables.items() if n.startswith("survey_")
                for f in t.foreign_keys}  # fmt: skip
    assert referred == {"cycle"}
