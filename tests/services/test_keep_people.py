"""Can only fit people sign in, with fit roles, and is nobody left signed in who may not be?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit_engine.response.people import Held
from audit_engine.services.keep_people import PersonRefused, add_person, password_hash, reset_person, switch_person
from audit_engine.storage import models, people, trail
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.people import IDLE_LIMIT, WHOLE_LIMIT, PersonRow
from tests.services.tiny import DURING, PASSWORD, World

LEAD = [Held("organisation-lead", "otters")]
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Hashing is slow on purpose; only the tests about it wait for it."""
    if "hash" not in request.node.name:
        monkeypatch.setattr("argon2.PasswordHasher.hash", lambda _self, password: f"hash of {len(password)} letters")


def add(
    world: World, email: str = "ada@example.org", name: str = "Ada", password: str = PASSWORD, held: list[Held] = LEAD
) -> int:
    return add_person(world.engine, email, name, password, held, None, DURING)


def person(world: World, **column: object) -> PersonRow:
    with reading(world.engine) as connection:
        found = people.person_by(connection, **column)
    assert found is not None
    return found


def test_a_person_is_kept_with_the_roles_and_noted(world: World) -> None:
    number = add(world, " Ada@Example.ORG ", " Ada ")
    found = person(world, id=number)
    assert (found.facts.email, found.facts.name, found.facts.held) == ("ada@example.org", "Ada", tuple(LEAD))
    assert found.active
    with reading(world.engine) as connection:
        (entry,) = trail.entries_about(connection, f"person:{number}")
    assert (entry["event"], entry["content"]) == ("person added", {"roles": [["organisation-lead", "otters", None]]})


def test_a_password_is_kept_as_its_argon2_hash_alone() -> None:
    hashed = password_hash(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert PASSWORD not in hashed
    assert hashed != password_hash(PASSWORD)


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.org", "ada@example", "a b@example.org", "a@b@c.org", "a\n@b.org"]
)
def test_what_is_no_e_mail_address_is_refused(world: World, email: str) -> None:
    with pytest.raises(PersonRefused, match="is not an e-mail address"):
        add(world, email)


@pytest.mark.parametrize("email, name", [(f"{'a' * 250}@example.org", "Ada"), ("ada@example.org", "A" * 201)])
def test_what_does_not_fit_is_refused(world: World, email: str, name: str) -> None:
    with pytest.raises(PersonRefused, match="at most"):
        add(world, email, name)


def test_a_person_needs_a_name_and_a_password_of_twelve_letters(world: World) -> None:
    with pytest.raises(PersonRefused, match="Give the person's name"):
        add(world, name="  ")
    with pytest.raises(PersonRefused, match="at least 12 characters"):
        add(world, password="x" * 11)
    assert world.count(models.person) == 0


def test_an_address_has_one_account_however_it_is_written(world: World) -> None:
    add(world)
    with pytest.raises(PersonRefused, match="has an account already"):
        add(world, "ADA@example.org")


@pytest.mark.parametrize(
    "held, sentence",
    [
        (Held("king"), "There is no role called “king”. Roles: administrator"),
        (Held("organisation-lead"), "The role organisation lead needs an organisation"),
        (Held("business-team", "otters"), "The role business team is not held in one organisation"),
        (Held("organisation-lead", "stoats"), "No organisation is called “stoats”"),
        (Held("executive", None, "west"), "No area is called “west”. Areas: north, south"),
    ],
)
def test_a_role_that_does_not_fit_is_refused(world: World, held: Held, sentence: str) -> None:
    with pytest.raises(PersonRefused, match=sentence):
        add(world, held=[held])
    assert world.count(models.person) == 0


def signed_in(world: World, number: int, secret: str = "s", now: object = DURING) -> None:
    with writing(world.engine) as connection:
        people.start_session(connection, secret, number, now)  # type: ignore[arg-type]


def found_in_session(world: World, secret: str = "s", after: timedelta = SECOND) -> bool:
    with reading(world.engine) as connection:
        return people.person_in_session(connection, secret, DURING + after) is not None


def test_switching_off_ends_every_session_at_once(world: World) -> None:
    number = add(world)
    for secret in ("one", "two"):
        signed_in(world, number, secret)
    switch_person(world.engine, number, False, None, DURING)
    assert not person(world, id=number).active
    assert not found_in_session(world, "one") and not found_in_session(world, "two")
    switch_person(world.engine, number, True, None, DURING)
    assert person(world, id=number).active
    assert not found_in_session(world, "one")


def test_nobody_switches_themselves_off_or_somebody_who_is_not_there(world: World) -> None:
    number = add(world)
    with pytest.raises(PersonRefused, match="cannot switch your own account off"):
        switch_person(world.engine, number, False, number, DURING)
    with pytest.raises(PersonRefused, match="There is no such person"):
        switch_person(world.engine, 999, False, number, DURING)


def test_a_reset_changes_the_password_forgets_the_second_factor_and_ends_sessions(world: World) -> None:
    number = add(world)
    with writing(world.engine) as connection:
        people.change_person(connection, number, tf_primary_method="authenticator", tf_totp_secret="sealed")
    signed_in(world, number)
    before = person(world, id=number)
    reset_person(world.engine, " ADA@example.org", "another password!", None, DURING)
    after = person(world, id=number)
    assert after.password != before.password
    assert (after.tf_primary_method, after.tf_totp_secret) == (None, None)
    assert not found_in_session(world)
    with pytest.raises(PersonRefused, match="Nobody has the e-mail address"):
        reset_person(world.engine, "ben@example.org", "another password!", None, DURING)


@pytest.mark.parametrize(
    "after, alive",
    [(timedelta(0), True), (IDLE_LIMIT - SECOND, True), (IDLE_LIMIT, False), (IDLE_LIMIT + SECOND, False)],
)
def test_a_session_ends_when_nobody_was_heard_from_for_three_quarters_of_an_hour(
    world: World, after: timedelta, alive: bool
) -> None:
    assert timedelta(minutes=45) == IDLE_LIMIT
    signed_in(world, add(world))
    assert found_in_session(world, after=after) is alive


def test_a_session_ends_after_twelve_hours_however_busy(world: World) -> None:
    assert timedelta(hours=12) == WHOLE_LIMIT
    signed_in(world, add(world))
    for moment in (WHOLE_LIMIT - SECOND, WHOLE_LIMIT):
        with writing(world.engine) as connection:
            people.see_session(connection, "s", DURING + moment)
        assert found_in_session(world, after=moment) is (moment < WHOLE_LIMIT)


def test_only_the_hash_of_a_sessions_secret_is_kept(world: World) -> None:
    signed_in(world, add(world), "very secret")
    with reading(world.engine) as connection:
        (row,) = people.sessions_of(connection, person(world, email="ada@example.org").facts.id)
    assert "very secret" not in str(row)
    assert not found_in_session(world, "another secret")


def test_a_role_taken_away_is_gone_at_the_next_request(world: World) -> None:
    number = add(world)
    signed_in(world, number)
    with writing(world.engine) as connection:
        people.set_held(connection, number, [Held("executive", None, "north")])
    with reading(world.engine) as connection:
        found = people.person_in_session(connection, "s", DURING)
    assert found is not None
    assert found.facts.held == (Held("executive", None, "north"),)
