from __future__ import annotations

import pytest

from audit_engine.definition.difference import difference_in_words
from tests.definition.small import SMALL, changed, sound
from tests.definition.versions import Shelf, text

OLD = sound(SMALL)


def told(*changes: tuple[str, str]) -> list[str]:
    return list(difference_in_words(OLD, sound(changed(*changes))))


def test_a_version_does_not_differ_from_itself() -> None:
    assert difference_in_words(OLD, sound(SMALL)) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("text: The first thing is done", "text: It is done"),
            "t.1 was worded “The first thing is done” and is now worded “It is done”.",
        ),
        (("tags: [one]", "tags: [one]\n        critical: true"), "t.1: being critical changed from no to yes."),
        (("guidance: Look at it", "guidance: Look well"), "t.1: guidance changed from “Look at it” to “Look well”."),
        (("tags: [one]", "tags: [two]"), "t.1: the tags changed from one to two."),
        (
            ("tags: [one]", "applies_when: organisation.direct_work"),
            "t.1: the condition on the profile changed from none to organisation.direct_work.",
        ),
        (
            ("tags: [one]", "tags: [one]\n        action: {required_when: [not-met]}"),
            "t.1: when an action is asked changed from none to not-met.",
        ),
        (("title: First standard", "title: One"), "The standard “First standard” is now called “One”."),
        (("id: first", "id: other"), "The standard “First standard” is gone."),
        (
            ("label: Partially met, points: 1", "label: Partly, points: 1"),
            "t.1: the choices changed from Met, Partially met, Not met and Not applicable to Met, Partly,",
        ),
        (
            ("points: 1", "points: 0.5"),
            "The scale “met” was Met (counts as met, 2 points); Partially met (counts as partly-met, 1 points);",
        ),
        (
            ("met == applicable", "met >= applicable"),
            "The grade of a standard was: met when met == applicable; partly-met when true. It is now: met",
        ),
        (("title: Small audit", "title: Tiny audit"), "The title was “Small audit” and is now “Tiny audit”."),
        (("      - id: t.2", "      - {id: t.3, type: date, text: When?}\n      - id: t.2"), "t.3 is new: “When?”."),
        (("      - id: t.2", "      - id: t.4"), "t.2 is dropped."),
        (
            ("grades:", "measures: [{id: m, title: More ones, tags: [one], baseline: '1'}]\ngrades:"),
            "The measure “More ones” is new; it is compared with 1.",
        ),
        (
            ("grades:", "checks: [{id: c, holds: answered(t.1), message: M}]\ngrades:"),
            "The checks across items was “” and is now “c: answered(t.1)”.",
        ),
        (("tags: [one]", "tags: [one]\n        observed: true"), "t.1: its marks changed from none to observed."),
        (("tags: [one]", "tags: [one]\n        mirrors: [x.1]"), "t.1: what it mirrors changed from none to x.1."),
        (
            ("tags: [one]", "tags: [one]\n        do_today: Ring them"),
            "t.1: what to do today changed from none to written.",
        ),
        (
            ("tags: [one]", "tags: [one]\n        duty_from: {date: 2025-09-01, ref: EYFS}"),
            "t.1: the day of the duty changed from none to 2025-09-01 (EYFS).",
        ),
        (
            (
                "tags: [one]",
                'tags: [one]\n        rules: [{option: met, when: t.2 == "yes"}, {option: not-met, when: true}]',
            ),
            't.1: the rules of its rating changed from none to met when t.2 == "yes"; not-met when true.',
        ),
        (
            ("tags: [one]", "tags: [one]\n        variants: [{when: organisation.staff == 1, text: You do it}]"),
            "t.1: the wording for some changed from none to when organisation.staff == 1: “You do it”.",
        ),
        (
            (
                "type: yes-no-unsure",
                "type: knowledge\n        key: [{answer: 'true', to: 2026-08-31, ref: Act, as_at: 2026-01-01}]",
            ),
            "t.2: the right answer changed from none to “true” to 2026-08-31 (Act).",
        ),
        (
            ("type: yes-no-unsure", "type: counts\n        parts: {headcount: Staff, completed: Trained}"),
            "t.2: what the numbers are called changed from People in scope, Completed to Staff, Trained.",
        ),
        (
            ("label: Met, points: 2", "label: Met, favourable: true, points: 2"),
            "The scale “met” was Met (counts as met, 2 points); Partially met (counts as partly-met, 1 points); "
            "Not met (counts as not-met, 0 points); Not applicable (counts as not-applicable, no points) and is now "
            "Met (counts as met, 2 points, favourable);",
        ),
        (
            ("title: Small audit", "title: Small audit\nanonymity: private"),
            "How answers are treated was “named” and is",
        ),
        (("title: Small audit", "title: Small audit\nminutes: 5"), "How many minutes it takes was “” and is now “5”."),
        (
            ("title: Small audit", "title: Small audit\nsupport: [{name: Childline, contact: 0800 1111}]"),
            "The support named was “” and is now “Childline: 0800 1111”.",
        ),
        (
            ("title: Small audit", "title: Small audit\nreflections: {strengths: 3, priorities: 2}"),
            "The strengths and priorities asked for was “0 and 0” and is now “3 and 2”.",
        ),
    ],
)
def test_each_change_is_told_in_words(change: tuple[str, str], expected: str) -> None:
    found = told(change)
    assert any(line.startswith(expected) for line in found), found


def test_versions_that_continue_are_followed_by_lineage() -> None:
    shelf = Shelf(text("1", {"v.1": "", "v.2": "", "v.3": "", "v.4": "", "v.5": ""}))
    shelf = Shelf(
        shelf.kept["1"].source,
        text(
            "2",
            {
                "v.1": "relation: narrowed, reason: Less",
                "v.6": "relation: merged, from: [v.2, v.3], reason: Alike",
                "v.7": "relation: new, reason: Needed",
            },
            "  - {id: v.4, relation: dropped, reason: Old}\n"
            "  - {id: v.5, relation: folded, into: v.1, reason: Inside}\n",
            continues="1",
        ),
    )
    found = difference_in_words(shelf.kept["1"], shelf.kept["2"])
    assert found[:8] == (
        "v@1 has 5 items (5 graded); v@2 has 3 items (3 graded).",
        "Of the items: 1 narrowed, 1 merged, 1 new, 1 folded and 1 dropped.",
        "v.1 is narrowed: Less.",
        "v.6 is merged from v.2 and v.3: Alike.",
        "v.7 is new: “About v.7”: Needed.",
        "v.5 is folded into v.1: Inside.",
        "v.4 is dropped: Old.",
        "The title was “V 1” and is now “V 2”.",
    )


def test_what_changed_alike_on_many_items_is_told_once() -> None:
    ids = {f"v.{n}": "" for n in range(1, 10)}
    shelf = Shelf(
        text("1", ids),
        text("2", dict.fromkeys(ids, "relation: same"), continues="1").replace("guidance: Look", "guidance: See"),
    )
    found = [line for line in difference_in_words(shelf.kept["1"], shelf.kept["2"]) if "guidance" in line]
    assert found == ["9 items (v.1, v.2, v.3, v.4, v.5, v.6 and 3 more): guidance changed from “Look” to “See”."]


def test_a_section_that_repeats_from_now_on_is_told() -> None:
    plain = "  - {id: more, title: More, items: [{id: t.3, type: text, text: A}]}\ngrades:"
    repeated = plain.replace("title: More", "title: More, repeat: {min: 1, max: 4, label: Theme}")
    old, new = (sound(changed(("grades:", section))) for section in (plain, repeated))
    assert "The standard “More” was answered once and is now answered 1 to 4 times." in difference_in_words(old, new)
