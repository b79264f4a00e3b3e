"""Is what is wrong or odd in a questionnaire's file told, with its place and with what to do?"""

from __future__ import annotations

import pytest

from tests.definition.small import (
    KNOWLEDGE,
    SECOND,
    SMALL,
    added,
    changed,
    faults,
    following,
    knowledge,
    person_survey,
    repeating,
    second,
    warnings,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # shape
        (changed(('"2"', "2")), '2:10 version: Text is needed here, and 2 is a number: put it in quotes ("2").'),
        (changed(("title: Small audit\n", "")), "1:1 title: The key is missing. Add it."),
        (
            changed(("kind: audit", "kind: audti")),
            "4:7 kind: “audti” is not known here. Write audit, survey, self-audit",
        ),
        (
            changed(("title: Small audit", "titel: Small audit")),
            "3:1 titel: There is no key “titel” here. Did you mean “title”?",
        ),
        (changed(("tags: [one]", "tags: [One]")), "21:16 sections[0].items[0].tags[0] (t.1): “One” will not do"),
        (changed(("tags: [one]", "critical: yes")), "Write true or false here, without quotes. Write true, not yes."),
        (changed(("tags: [one]", "tags:")), "21:14 sections[0].items[0].tags (t.1): The key has no value."),
        (changed(("id: t.2", "id: t2")), "22:13 sections[0].items[1].id (t2): “t2” will not do: an id has a prefix"),
        (changed(("id: first", "id: First")), "small letters and figures"),
        (changed(("points: 2", 'points: "2"')), "A number is needed here, not text. Leave the quotes out."),
        (changed(("grades:", "grades: {other: []}\nx:")), "only “standard” has a grade rule"),
        (added("measures: 3"), "A list is needed here"),
        (changed(("title: First standard", "title: ''")), "The text is empty."),
        (changed(("text: Is there more?", f"text: {'x' * 20_001}")), "has 20,001 characters; at most 20,000"),
        # types, scales and options
        (
            changed(("type: yes-no-unsure", "type: yesno")),
            "23:15 sections[0].items[1].type (t.2): There is no type “yesno”. The types are rating,",
        ),
        (
            changed(("scale: met\n", "scale: mett\n")),
            "18:16 sections[0].items[0].scale (t.1): There is no scale “mett”. The scales are met. Did you mean “met”?",
        ),
        (changed(("        scale: met\n", "")), "An item of type rating needs scale or options."),
        (
            changed(
                (
                    "        scale: met\n",
                    "        scale: met\n        options: [{id: a, label: A}, {id: b, label: B}]\n",
                )
            ),
            "both a scale and options",
        ),
        (changed(("        scale: met\n", "        options: [{id: a, label: A}]\n")), "At least two options"),
        (changed(("partly-met, label", "met, label")), "The option id “met” stands twice"),
        (
            changed(("partly-met, label", "always, label"), ("tags: [one]", "action: {required_when: [always]}")),
            "“always” is an option of this item and a word of the language.",
        ),
        (changed((", counts_as: partly-met", "")), "its option “partly-met” has no counts_as"),
        (second("id: t.2", "type: date", "text: When?", "scale: met"), "An item of type date has no “scale”; rating,"),
        (second("id: t.2", "type: grid", "text: Which?", "scale: met"), "An item of type grid needs rows."),
        (second("id: t.2", "type: grid", "text: Which?", "scale: met", "rows: []"), "At least one row"),
        (
            second("id: t.2", "type: grid", "text: W?", "scale: met", "rows: [{id: a, label: A}, {id: a, label: B}]"),
            "The row id “a” stands twice",
        ),
        (
            second("id: t.2", "type: number", "text: How many?", "minimum: 3", "maximum: 2"),
            "The minimum 3 is above the maximum 2.",
        ),
        (
            second("id: t.2", "type: information", "text: Read", "required: true"),
            "Nobody answers an item of type information",
        ),
        (second("id: t.2", "type: calculated", "text: Sum"), "An item of type calculated needs calculate."),
        (second("id: t.2", "type: text", "text: Words", "opens: other"), "“opens” needs an option with the id yes"),
        (second("id: t.2", "type: text", "text: Words", "graded: true"), "Only an item with options can be graded"),
        (changed(("tags: [one]", "action: {required_when: [not-mett]}")), "Did you mean “not-met”?"),
        (
            changed(("sections:", "defaults: {ratting: {}}\nsections:")),
            "12:12 defaults.ratting: There is no type “ratting”.",
        ),
        (changed(("sections:", "defaults: {date: {scale: met}}\nsections:")), "An item of type date has no “scale”"),
        (
            changed(("sections:", "defaults: {rating: {action: {required_when: [nope]}}}\nsections:")),
            "defaults.rating.action.required_when: “nope”",
        ),
        (
            changed(("tags: [one]", "staff_view: [{survey: s, item: ss.1, consistent: [a], target: 0.5, floor: 0.5}]")),
            "The floor 0.5 must lie below the target 0.5.",
        ),
        (
            changed(("tags: [one]", "staff_view: [{survey: s, item: ss.1, consistent: [a], target: 75}]")),
            "The number must lie between 0 and 1.",
        ),
        (changed(("tags: [one]", "staff_view: [{survey: s, item: ss.1, consistent: []}]")), "at least one answer"),
        (
            changed(("tags: [one]", "staff_view: [{survey: s, item: ss.1, consistent: [a], minimum: 10}]")),
            "between 11 and",
        ),
        (changed(("tags: [one]", "law: [{ref: Act, as_at: 2026-02-30}]")), "There is no day 2026-02-30."),
        # ids
        (
            changed(("id: t.2", "id: t.1")),
            "22:13 sections[0].items[1].id (t.1): The id “t.1” stands twice; the first is in line 16.",
        ),
        (
            changed(
                ("id: t.2", "id: s11.2"),
                (SECOND.splitlines()[2], SECOND.splitlines()[2] + "\n      - {id: t.3, type: text, text: A}"),
            ),
            "share one prefix; here it is “t.”",
        ),
        (
            changed(("id: t.1", "id: organisation.a"), ("id: t.2", "id: organisation.b")),
            "may not begin with “organisation.”",
        ),
        (added("  - id: none"), "does not fit"),
        (changed(("grades:", "  - {id: first, title: Again, items: []}\ngrades:")), "The id “first” stands twice"),
        (changed(("    items:\n", "    items: []\n    x:\n")), "asks nothing"),
        # conditions
        (
            second("id: t.2", "type: text", "text: A", 'enable_when: t.1 == "meet"'),
            "25:29 sections[0].items[1].enable_when (t.2): “t.1” has no option “meet”",
        ),
        (
            second("id: t.2", "type: text", "text: A", "enable_when: t.9 == 3"),
            "Nothing called “t.9” can be used here. Did you mean",
        ),
        (second("id: t.2", "type: text", "text: A", "enable_when: t.1 > 3"), "cannot be compared"),
        (second("id: t.2", "type: text", "text: A", 'enable_when: exec("id")'), "Nothing can be called"),
        (
            second("id: t.2", "type: text", "text: A", "applies_when: organisation.directwork"),
            "Did you mean “organisation.direct_work”?",
        ),
        (
            second("id: t.2", "type: text", "text: A", 'applies_when: t.1 == "met"'),
            "this key looks only at the profile",
        ),
        (
            second("id: t.2", "type: text", "text: A", 'applies_when: organisation.sector == "pollice"'),
            "Did you mean “police”?",
        ),
        (second("id: t.2", "type: text", "text: A", 'enable_when: t.2 == "x"'), "in a circle (t.2 → t.2)"),
        (second("id: t.2", "type: calculated", "text: A", "calculate: t.2 + 1"), "in a circle (t.2 → t.2)"),
        (second("id: t.2", "type: calculated", "text: A", "calculate: t.1 + 1"), "A number is needed here, not text"),
        (
            changed(("    title: First standard", '    title: First\n    applies_when: t.1 == "met"')),
            "looks only at the profile",
        ),
        # grades, measures, checks, examples
        (changed(('"true"', "met > 0")), "A standard could end without a grade."),
        (
            changed(("met == applicable", "fulfilled == applicable")),
            "27:26 grades.standard[0].when: Nothing called “fulfilled” can be used here.",
        ),
        (added("measures: [{id: m, title: M, tags: [two], baseline: '1'}]"), "No graded item carries the tag “two”."),
        (
            added("measures: [{id: m, title: M, tags: [one], baseline: '1', population: t.1 == \"met\"}]"),
            "looks only at the profile",
        ),
        (added('checks: [{id: c, holds: t.2 == "yes", message: M, items: [t.7]}]'), "There is no item “t.7”."),
        (added("checks: [{id: c, holds: t.2, message: M}]"), "A condition is needed"),
        (added("examples: [{title: E, answers: {t.7: met}, gives: {}}]"), "There is no item “t.7”."),
        (
            added("examples: [{title: E, facts: {sectr: police}, answers: {}, gives: {}}]"),
            "There is no fact “sectr”. Did you mean “sector”?",
        ),
        (added("examples: [{title: E, facts: {direct_work: perhaps}, answers: {}, gives: {}}]"), "answer yes or no"),
        (
            added("examples: [{title: E, answers: {}, gives: {grade: {fist: met}}}]"),
            "There is no “fist” here. Did you mean “first”?",
        ),
        (added("examples: [{title: E, answers: {}, gives: {asked: [t.9]}}]"), "There is no item “t.9”."),
        # piping
        (changed(("text: Is there more?", 'text: "{answer:t.9}"')), "There is no item “t.9” to show here."),
        (changed(("text: The first thing is done", 'text: "{answer:t.2} again"')), "is not asked before this text"),
        (changed(("text: Is there more?", 'text: "{area.phone}"')), "Nothing can be put in for {area.phone}."),
        (changed(("text: Is there more?", 'text: "{{ 7 * 7 }}"')), "Nothing can be put in for {7 * 7}."),
        (changed(("guidance: Look at it", 'guidance: "{answer:t.2}"')), "is not asked before this text"),
        (
            changed(("title: Small audit\n", 'title: Small audit\nintroduction: "{answer:t.1}"\n')),
            "is not asked before this text",
        ),
        # lineage without an earlier version
        (changed(("tags: [one]", "lineage: {relation: same}")), "This version continues none"),
        (added("retired: [{id: t.9, relation: dropped, reason: Old}]"), "nothing can be retired"),
    ],
)
def test_what_is_wrong_is_told_with_place_path_and_what_to_do(text: str, expected: str) -> None:
    found = faults(text)
    assert any(expected in told for told in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # knowledge
        (second(*KNOWLEDGE), "An item of type knowledge needs key."),
        (second(*KNOWLEDGE, "key: []"), "At least one row is needed"),
        (knowledge('answer: "yes"'), "The item has no answer “yes”. It has true, false and dont-know."),
        (knowledge("answer: dont-know"), "“Don't know” cannot be the right answer."),
        (knowledge('answer: "true"', 'answer: "false"'), "This row and row 1 both hold on the earliest days."),
        (
            knowledge('answer: "true", to: 2026-08-31', 'answer: "false", from: 2026-08-31'),
            "27:13 sections[0].items[1].key[1] (t.2): This row and row 1 both hold on 2026-08-31. Let one end (to)",
        ),
        (
            knowledge('answer: "true", from: 2026-09-01, to: 2026-08-31'),
            "The row ends on 2026-08-31, before it begins on 2026-09-01.",
        ),
        (
            second("id: t.2", "type: text", "text: A", "key: [{answer: a, ref: Act, as_at: 2026-06-01}]"),
            "An item of type text has no “key”",
        ),
        # counts
        (second("id: t.2", "type: counts", "text: A", "minimum: -1"), "People are counted in whole numbers from 0"),
        (second("id: t.2", "type: counts", "text: A", "maximum: 2.5"), "People are counted in whole numbers from 0"),
        (second("id: t.2", "type: counts", "text: A", "minimum: 3", "maximum: 2"), "above the maximum 2"),
        (second("id: t.2", "type: counts", "text: A", "rows: []"), "At least one row"),
        (
            second("id: t.2", "type: counts", "text: A", "parts: {headcount: All}"),
            "parts.completed (t.2): The key is missing",
        ),
        (
            changed(
                (SECOND, "      - {id: t.2, type: counts, text: A}\n      - {id: t.2.completed, type: date, text: B}\n")
            ),
            "“t.2.completed” is what expressions call a number of t.2.",
        ),
        (
            second("id: t.2", "type: text", "text: A", "enable_when: t.1.completed > 2"),
            "Nothing called “t.1.completed”",
        ),
        # rules
        (following("[]"), "No rating might follow. Let the last row hold always"),
        (following('[{option: met, when: t.2 == "yes"}]'), "No rating might follow."),
        (following('[{option: mett, when: "true"}]'), "The item has no option “mett”. It has met,"),
        (following("[{option: met, when: t.2 > 3}, {option: not-met, when: true}]"), "cannot be compared"),
        (following('[{option: met, when: t.3 == "met"}, {option: met, when: true}]'), "in a circle (t.3 → t.3)"),
        (following("[{option: met, when: true}]", "required: true"), "whose rating follows from rules. Remove this."),
        (
            second("id: t.2", "type: text", "text: A", "rules: []"),
            "An item of type text has no “rules”; rating have it",
        ),
        # repeats
        (
            repeating("{id: t.3, type: text, text: A}", repeat="{min: 4, max: 3, label: Theme}"),
            "The section cannot be answered at least 4 and at most 3 times.",
        ),
        (
            repeating("{id: t.3, type: text, text: A}", repeat="{min: 1, max: 3}"),
            "repeat.label (themes): The key is missing",
        ),
        (repeating("{id: t.3, type: rating, scale: met, text: A}"), "graded cannot stand in a section that repeats"),
        (
            repeating("{id: t.3, type: number, text: A}").replace(
                "Is there more?", "More?\n        enable_when: t.3 > 1"
            ),
            "“t.3” is asked several times, so nothing outside its section can rest on it.",
        ),
        # variants
        (second("id: t.2", "type: text", "text: A", "variants: [{when: organisation.staff > 1}]"), "changes nothing"),
        (
            second("id: t.2", "type: text", "text: A", 'variants: [{when: t.1 == "met", text: B}]'),
            "this key looks only at the profile",
        ),
        (
            second("id: t.2", "type: text", "text: A", "variants:", '  - {when: organisation.staff > 1, text: "{x}"}'),
            "26:50 sections[0].items[1].variants[0].text (t.2): Nothing can be put in for {x}.",
        ),
        # marks
        (second("id: t.2", "type: text", "text: A", "breakdown: true"), "broken down only by an item with options"),
        (
            second("id: t.2", "type: text", "text: A", "other: true"),
            "has no “other”; single-choice and multiple-choice",
        ),
        (changed(("label: Met,", "label: Met, favourable: true, dont_know: true,")), "both dont_know and favourable"),
        (second("id: t.2", "type: text", "text: A", "mirrors: [t.2]"), "An item cannot mirror itself."),
        (second("id: t.2", "type: text", "text: A", "duty_from: {date: 2026-02-30, ref: Act}"), "There is no day"),
        (changed(("title: Small audit", "title: Small\nminutes: 0")), "must lie between 1 and 600"),
        (changed(("title: Small audit", "title: Small\nanonymity: secret")), "Write anonymous, confidential, named"),
        (changed(("title: Small audit", "title: Small\nsupport: [{name: 111}]")), "contact: The key is missing"),
        # languages
        (changed(("text: Is there more?", "text: {cy: Oes mwy?}")), "The English text is missing. Add it as “en”."),
        (
            changed(("text: Is there more?", "text: {en: More?, cy: Oes?}")),
            "This is in “cy”, which the file does not name",
        ),
        (changed(("text: Is there more?", "text: {en: More?, Welsh: Oes?}")), "“Welsh” is no language. Write its code"),
        (changed(("text: Is there more?", "text: {en: More?, cy: 3}")), "text.cy (t.2): Text is needed here, and 3 is"),
        (changed(("title: Small audit", "title: Small\nlanguages: [cy]")), "English must be among the languages."),
        (changed(("kind: audit", "kind: {en: audit}")), "Text is needed here, not a set of keys."),
        (
            changed(("title: Small audit", "title: S\nlanguages: [en, cy]"), ("Is there more?", '{en: A, cy: "{x}"}')),
            "Nothing can be put in for {x}.",
        ),
        # worked examples
        (added("examples: [{title: E, answers: {}, gives: {scored: {t.1: gap}}}]"), "depends on the day. Add “day”."),
        (
            added("examples: [{title: E, answers: {}, gives: {repeats: {'1': {asked: [t.9]}}}}]"),
            "There is no item “t.9”.",
        ),
    ],
)
def test_what_is_wrong_with_the_later_keys_is_told_too(text: str, expected: str) -> None:
    found = faults(text)
    assert any(expected in told for told in found), found


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed(
        ("kind: audit", "kind: adit"),
        ("scale: met\n", "scale: mett\n"),
        ("text: Is there more?", "txt: Is there more?"),
        ('"true"', "fulfilled"),
    )
    found = faults(text)
    assert [told.split(" ")[1].rstrip(":") for told in found] == [
        "kind",
        "sections[0].items[0].scale",
        "sections[0].items[1].text",
        "sections[0].items[1].txt",
        "grades.standard",
        "grades.standard[1].when",
    ]


def test_a_fault_of_shape_is_not_told_again_as_its_consequences() -> None:
    assert len(faults(changed(("points: 2, counts_as: met", "points: 2, counts_as: mett")))) == 1
    assert len(faults(changed(("        scale: met\n", "        scael: met\n")))) == 1
    assert len(faults(changed(("type: yes-no-unsure", "type: [a]")))) == 1


def test_a_circle_of_several_items_is_shown_whole_and_once() -> None:
    text = changed(
        (
            SECOND,
            "".join(
                f"      - {{id: t.{n}, type: number, text: A, enable_when: t.{n + 1 if n < 5 else 2} > 1}}\n"
                for n in range(2, 6)
            ),
        )
    )
    found = faults(text)
    assert len(found) == 1
    assert "(t.2 → t.3 → t.4 → t.5 → t.2)" in found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            second("id: t.2", "type: text", "text: A", 'enable_when: t.1 == "met" and t.1 == "not-met"'),
            "can never hold",
        ),
        (second("id: t.2", "type: text", "text: A", "enable_when: answered(t.1) or not answered(t.1)"), "always holds"),
        (changed(("guidance: Look at it", "required: true")), "1 criterion has no guidance: t.1."),
        (changed(('"true"}', '"true"}\n    - {grade: not-met, when: met == 0}')), "this one is never reached"),
        (changed(("met == applicable", "met == 1 and met == 2")), "can never hold"),
        (
            person_survey(("anonymity: anonymous\n", "")),
            "4:7 kind: The survey asks people but does not say how their answers are treated.",
        ),
        (
            person_survey(("text: Is there more?", "text: More?"), ("yes-no-unsure", "text\n        profile: true")),
            "The survey is anonymous, but words written here could show who answers.",
        ),
        (
            following("[{option: met, when: true}, {option: not-met, when: true}]"),
            "An earlier row always holds, so that this one is never reached.",
        ),
        (
            changed(("title: Small audit", "title: {en: Small, cy: Bach}\nlanguages: [en, cy]")),
            "4:12 languages: 8 texts are not in “cy” and will be shown in English: scales.met[0].label (met),",
        ),
        (second("id: t.2", "type: text", "text: A", "critical: true"), "critical but not graded"),
        (changed(("tags: [one]", 'enable_when: t.2 == "yes"')), "rests on “t.2”, which is asked after it"),
    ],
)
def test_what_is_legal_but_odd_is_a_warning(text: str, expected: str) -> None:
    assert any(expected in told for told in warnings(text))


def test_a_sound_small_questionnaire_has_no_warning() -> None:
    assert warnings(SMALL) == []


def test_ten_thousand_questions_are_refused_before_they_are_read() -> None:
    items = "".join(f"      - {{id: t.{n}, type: text, text: A}}\n" for n in range(3, 5_000))
    sections = "".join(f"  - id: s{n}\n    title: T\n    items: [{{}}, {{}}]\n" for n in range(6))
    found = faults(changed((SECOND, SECOND + items), ("grades:", sections + "grades:")))
    assert found == ["13:3 sections: Here are 5,011 items; at most 5,000 are read."]


def test_expressions_are_limited_in_sum_too() -> None:
    condition = " or ".join(f'organisation.sector == "police" and {n} == {n}' for n in range(8))
    items = "".join(
        f"      - {{id: t.{n}, type: text, text: A, applies_when: '{condition} or {n} == 1'}}\n"
        for n in range(3, 1_200)
    )
    assert "more than 400,000 characters" in faults(changed((SECOND, SECOND + items)))[0]


def test_one_bad_default_on_many_items_is_one_fault() -> None:
    items = "".join(f"      - {{id: t.{n}, type: rating, scale: met, text: A}}\n" for n in range(3, 3_000))
    text = changed(
        ("sections:", "defaults: {rating: {enable_when: nothing.here == 1}}\nsections:"), (SECOND, SECOND + items)
    )
    assert len(faults(text)) == 1
