"""May each role do what it is for, where it holds, and nothing anywhere else?"""

from __future__ import annotations

from itertools import product

import pytest

from audit_engine.response.people import OWN_ROLES, ROLES, Held, PersonFacts
from audit_engine.response.permissions import PERMITS, Act, Target, allowed, areas_seen, roles_that_may

# Who may do what, in the words of a letter; written down here a second time on purpose.
#   o: to the return of an organisation for which the role is held, a: in an area in which it is held, *: everywhere
EXPECTED = {
    "organisation-lead": {Act.READ_RETURN: "o", Act.ANSWER: "o", Act.SUBMIT: "o", Act.READ_PACK: "o",
                          Act.READ_OWN_SURVEY: "o"},
    "business-team": dict.fromkeys(
        (Act.READ_RETURN, Act.REOPEN, Act.EXTEND, Act.SEE_PROGRESS, Act.OPEN_CYCLE, Act.CLOSE_CYCLE, Act.SEE_RESULTS,
         Act.SEE_DASHBOARDS, Act.CHASE, Act.KEEP_PLAN, Act.EXPORT_TIDY, Act.SEND_SURVEY, Act.IMPORT_ANSWERS,
         Act.REVIEW_TEXT, Act.CODE_TEXT, Act.KEEP_PRACTICE, Act.PUBLISH_BENCHMARK,
         Act.MAKE_REPORT, Act.READ_REPORT, Act.TRIANGULATE, Act.READ_PACK, Act.GIVE_PACK), "a"),
    "scrutineer": dict.fromkeys(
        (Act.READ_RETURN, Act.SEE_PROGRESS, Act.SEE_RESULTS, Act.SEE_DASHBOARDS, Act.READ_REPORT, Act.TRIANGULATE,
         Act.READ_PACK), "a"),
    "panel-member": {Act.READ_PACK: "a"},
    "panel-chair": {Act.READ_PACK: "a"},
    "executive": dict.fromkeys((Act.SEE_RESULTS, Act.SEE_DASHBOARDS, Act.READ_REPORT), "a"),
    "administrator": dict.fromkeys((Act.MANAGE_PEOPLE, Act.SEE_SYSTEM), "*"),
}  # fmt: skip
TARGETS = {
    "own, north": Target("otters", ("north",)),
    "foreign, north": Target("badgers", ("north",)),
    "foreign, south": Target("badgers", ("south",)),
    "foreign, both": Target("joint", ("north", "south")),
    "the partnership": Target(None, ("north", "south")),
    "nothing in particular": Target(),
}


def holding(role: str, area: str | None = None) -> PersonFacts:
    organisation = "otters" if role in OWN_ROLES else None
    return PersonFacts(1, "Ada", "ada@example.org", (Held(role, organisation, area),))


@pytest.mark.parametrize("role, act", list(product(ROLES, Act)), ids=str)
def test_a_role_may_do_what_it_is_for_and_nothing_else(role: str, act: Act) -> None:
    relation = EXPECTED.get(role, {}).get(act)
    for name, target in TARGETS.items():
        expected = relation == "*" or relation == "a" or (relation == "o" and name == "own, north")
        assert allowed(holding(role), act, target) is expected, name


@pytest.mark.parametrize("role, act", [(r, a) for r, acts in EXPECTED.items() for a in acts if acts[a] == "a"], ids=str)
def test_a_role_held_in_one_area_reaches_what_works_there_and_no_further(role: str, act: Act) -> None:
    reached = {name for name, target in TARGETS.items() if allowed(holding(role, "north"), act, target)}
    assert reached == {"own, north", "foreign, north", "foreign, both", "the partnership"}


def test_an_administrator_reads_no_return_and_sees_no_result() -> None:
    assert not {a for a in Act if allowed(holding("administrator"), a, Target("otters", ("north",)))} - {
        Act.MANAGE_PEOPLE, Act.SEE_SYSTEM,
    }  # fmt: skip


def test_a_person_without_a_role_may_do_nothing() -> None:
    nobody = PersonFacts(1, "Ada", "ada@example.org", ())
    assert not [(a, t) for a, t in product(Act, TARGETS.values()) if allowed(nobody, a, t)]


def test_a_lead_of_two_organisations_reaches_both_and_no_third() -> None:
    held = (Held("organisation-lead", "otters"), Held("organisation-lead", "badgers"))
    person = PersonFacts(1, "Ada", "ada@example.org", held)
    reached = [o for o in ("otters", "badgers", "joint") if allowed(person, Act.ANSWER, Target(o))]
    assert reached == ["otters", "badgers"]


def test_an_own_role_without_an_organisation_opens_nothing() -> None:
    person = PersonFacts(1, "Ada", "ada@example.org", (Held("organisation-lead"),))
    assert not allowed(person, Act.ANSWER, Target())
    assert not allowed(person, Act.ANSWER, Target("otters"))


def test_every_permit_names_a_role_and_acts_that_exist() -> None:
    assert {p.role for p in PERMITS} <= set(ROLES)
    assert {a for p in PERMITS for a in p.acts} == set(Act)


def test_one_role_held_everywhere_outweighs_the_same_held_in_one_area() -> None:
    held = (Held("executive", area="north"), Held("scrutineer"))
    person = PersonFacts(1, "Ada", "ada@example.org", held)
    assert areas_seen(person, Act.SEE_RESULTS) is None
    assert areas_seen(holding("executive", "north"), Act.SEE_RESULTS) == ("north",)
    assert areas_seen(holding("administrator"), Act.SEE_RESULTS) == ()
    assert set(roles_that_may(Act.SEE_RESULTS)) == {"business-team", "scrutineer", "executive"}
