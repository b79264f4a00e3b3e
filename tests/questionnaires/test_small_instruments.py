"""Is every small instrument there, within its bounds and built on its pattern, and do the two lists in docs match?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.definition.worked_examples import run_example

ROOT = Path(__file__).parents[2]
LIBRARY = Library(ROOT)

BENCHMARKS = {
    "jta-da": "2025",
    "jta-csa": "2026",
    "jta-syv": "2024",
    "cse-b": "2026",
    "nat-ehe": "2024",
    "chr": "2026",
    "mia": "2026",
}
CASE_AUDITS = dict.fromkeys(("cds", "cpc", "rfs", "bed", "wnb", "int", "att"), "2026")
FILE_REVIEWS = {"fpr": "2024"}
ASSURANCE = {"sca": "2027", "asn": "2026"}
FEEDBACK = {"fat": "2024", "dca": "2026", "srt": "2026", "evl": "2026", "pri": "2023", "eim": "2026"}
PATTERNS = {
    "agency benchmark": BENCHMARKS,
    "case audit": CASE_AUDITS,
    "file review": FILE_REVIEWS,
    "assurance request": ASSURANCE,
    "feedback": FEEDBACK,
}
SMALL = {name: version for pattern in PATTERNS.values() for name, version in pattern.items()}
BY_CASE = {**CASE_AUDITS, **FILE_REVIEWS}
FREE_TYPES = {"text", "long-text", "date", "file", "grid", "counts"}
WHO = {
    "organisation": "an organisation",
    "person": "a person",
    "case": "an organisation, for each case",
}

# What the papers behind the project name, as the domain notes list it (section E), copied so that no row is lost.
SYSTEMS = """\
Section 11 audit, joint Kent and Medway
2022 S11 review and 2024 redesign
S11 online platform (2024)
S11 analysis report; themes and promising practice paper
S11 panels
Partner staff surveys
S11 counts as success measures
Online-safety follow-up in S11 2026
Escalation policy, survey, promotion
Interpreter audit; Liberi interpreter flag
EHE survey, follow-up, factsheet, guidance
EHE Panel benchmark
Child-on-Child tool and review
KSCMP Education review 2021: interviews, head-teacher focus groups, data on engagement
EatSafe campaign, audit group, phase two
Peer review of files in schools
Father-inclusive guidance and training effect
JTAI benchmarks (serious youth violence, domestic abuse, child sexual abuse)
CSE benchmarking; exploitation strategy
Single-agency audits to SAAS
Neglect Request for Support audit; clutter scale; bedroom seen
Was-not-brought audit
Attendance dip sample
Conference-report audit
Chronology/genogram request
Assurance requests 1.5-1.7, 3.8
District/borough awareness surveys and training review
Safer recruitment and LADO course data
Learning-in-practice pilots, I'm Lucy, Clear Minds evaluations
Priorities consultation survey and workshops
Scrutineer deep dives (VCSE, early years), education impact
Children's voice study
KSCMP audit plan; audit programme
Strategic plan actions 1.1-4.10
Priorities data pack; quarterly SAAS
Learning themes dashboard; referral and notification dashboard; priorities dashboard; training dashboard
LIG Power BI tracker; case matrix
Risk register
Scrutiny and Assurance Framework; sub-groups (district, education, LIG, policy, SAAS, health)
Practice Improvement / Practice Review Project and status review
Serious incident portal; Rapid Review; LCSPR
Newsletters, education sessions, factsheets, videos, Sway
E-learning and training portal
Education Safeguarding Service, The Education People, DSL meetings
Op Encompass
Emerging Themes Group; themed Executive meetings; Policy Page
Strategy-meeting attendance recording gap; attendance measure
Neglect Identification Tool review, Support Levels Guidance, procedures reviews
Child sexual abuse action plan and strategy; CP-conference report group
Family Hubs / Start for Life quality framework; Op Encompass evaluation; PINS
Safeguarding Adult and domestic-abuse death review learning (1.31)
Statement of Support: open feedback invited from schools
CP-IS roll-out, Families First, Local Government Reorganisation
Annual report
KCC Integrated Children's Services, Liberi, NELFT, MIU data
""".splitlines()


@cache
def small(name: str) -> Questionnaire:
    return LIBRARY.load(name, SMALL[name])


def squeezed(text: str) -> str:
    return " ".join(text.split())


def rows_of(page: str) -> list[list[str]]:
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return cells[1:]


def ratings(questionnaire: Questionnaire) -> list[Item]:
    return [item for item in questionnaire.items if item.is_criterion]


def test_there_are_twenty_three_small_instruments() -> None:
    assert len(SMALL) == 23


@pytest.mark.parametrize("name", SMALL)
def test_each_has_a_file_without_fault_or_warning_whose_examples_hold(name: str) -> None:
    reading = LIBRARY.reading(LIBRARY.path_of(name, SMALL[name]))
    assert [str(told) for told in (*reading.faults, *reading.warnings)] == []
    assert not [sentence for example in small(name).examples for sentence in run_example(small(name), example)]


@pytest.mark.parametrize("name", SMALL)
def test_each_asks_five_to_twenty_items_numbered_under_its_own_prefix(name: str) -> None:
    ids = [item.id for item in small(name).items]
    assert 5 <= len(ids) <= 20
    assert ids == [f"{name.replace('-', '')}.{n}" for n in range(1, len(ids) + 1)]


@pytest.mark.parametrize("name", SMALL)
def test_each_is_called_model_content_says_how_long_it_takes_and_is_no_place_to_report(name: str) -> None:
    found = small(name)
    assert found.standing == "model content" and found.minutes
    said = squeezed(found.introduction)
    assert "This is not the place to report a child at risk" in said
    assert "Never write" in said


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_asks_evidence_for_the_best_and_an_action_for_the_rest(name: str) -> None:
    found = small(name)
    assert (found.kind, found.respondent, found.anonymity) == ("audit", "organisation", "named")
    assert len({item.scale for item in ratings(found)}) == 1
    for item in ratings(found):
        best, *rest = [o.id for o in item.options if o.counts_as != "not-applicable"]
        assert item.evidence.required_when == (best,)
        assert set(item.action.required_when) == set(rest)
        assert all(o.needs == "reason" for o in item.options if o.counts_as == "not-applicable")


def test_ticked_statements_give_a_rating_in_two_benchmarks() -> None:
    ruled = {item.id for name in BENCHMARKS for item in small(name).items if item.rules}
    assert ruled == {"jtada.17", "cseb.3"}


@pytest.mark.parametrize("name", BY_CASE)
def test_a_case_is_known_only_by_a_reference_that_warns(name: str) -> None:
    found = small(name)
    assert (found.kind, found.respondent) == ("case-audit", "case")
    reference, *others = found.items
    assert (reference.type, reference.maximum_length) == ("text", 30)
    assert "Never a name, a date of birth or an address" in squeezed(reference.guidance)
    free = [item for item in others if item.type in FREE_TYPES or item.other]
    assert {item.type for item in free} <= {"long-text"}
    assert all("Never a name, a date of birth" in squeezed(item.guidance) for item in free)
    assert len(free) <= 1


@pytest.mark.parametrize("name", CASE_AUDITS)
def test_a_case_audit_asks_why_and_ends_in_one_overall_grade(name: str) -> None:
    graded = ratings(small(name))
    assert graded
    for item in graded:
        ids = {o.id for o in item.options}
        assert {"yes", "no"} <= ids
        assert all(o.needs == "reason" for o in item.options if o.counts_as == "not-applicable")
        asks_why = any(
            why.enable_when and item.id in why.enable_when.names for why in small(name).items if why.id == "bed.3"
        )
        assert asks_why or "no" in item.commentary.required_when, item.id
    assert sum(item.type == "rating" and not item.graded for item in small(name).items) == 1


def test_a_file_review_gives_nought_to_two_and_no_overall_grade() -> None:
    found = small("fpr")
    assert found.anonymity == "confidential"
    assert all([o.points for o in item.options] == [2, 1, 0, None] for item in ratings(found))
    assert all(item.graded for item in found.items if item.type == "rating")


@pytest.mark.parametrize("name", ASSURANCE)
def test_an_assurance_request_asks_how_it_is_known_and_what_comes_next(name: str) -> None:
    found = small(name)
    assert (found.kind, found.respondent, found.anonymity) == ("audit", "organisation", "named")
    for item in ratings(found):
        assert [o.id for o in item.options] == ["assured", "partly", "not-assured"]
        assert item.commentary.required_when == ("always",)
        assert "assured" in item.evidence.required_when
        assert set(item.action.required_when) == {"partly", "not-assured"}


@pytest.mark.parametrize("name", FEEDBACK)
def test_feedback_is_anonymous_and_nearly_nothing_must_be_answered(name: str) -> None:
    found = small(name)
    assert (found.kind, found.respondent, found.anonymity) == ("survey", "person", "anonymous")
    assert [item.id for item in found.items if item.required] == (["evl.1"] if name == "evl" else [])
    assert not [item.id for item in found.items if item.profile and (item.other or not item.options)]
    assert "fewer than 11 people" in squeezed(found.introduction)


def test_every_system_of_the_papers_has_a_row_with_a_status_and_an_answer() -> None:
    rows = rows_of("systems.md")
    assert [row[0] for row in rows] == SYSTEMS
    assert {row[1] for row in rows} == {"now", "coming", "outside"}
    assert all(len(row) == 3 and row[2] for row in rows)


def test_the_head_of_the_systems_page_counts_its_rows_right() -> None:
    text = squeezed((ROOT / "docs" / "systems.md").read_text(encoding="utf-8"))
    statuses = [row[1] for row in rows_of("systems.md")]
    assert f"name {len(statuses)} audits" in text
    for status in ("now", "coming", "outside"):
        said = text.split(f"**{status}**:", 1)[1].split("rows.", 1)[0]
        assert said.strip().endswith(f" {statuses.count(status)}"), status


def test_every_questionnaire_that_the_systems_page_names_is_there() -> None:
    named = {part for row in rows_of("systems.md") for part in row[2].split("`")[1::2]}
    commands = {name for name in named if name.startswith("audit-engine") or name == "measures"}
    assert named - commands <= {name for name, _ in LIBRARY.names()}
    assert set(SMALL) <= named


def test_the_list_of_instruments_is_that_of_the_library() -> None:
    versions: dict[str, list[Questionnaire]] = {}
    for name, version in sorted(LIBRARY.names()):
        versions.setdefault(name, []).append(LIBRARY.load(name, version))
    expected = {
        name: [
            ", ".join(one.version for one in found),
            ", ".join(str(len(one.items)) for one in found),
            WHO[found[-1].respondent],
            found[-1].anonymity,
        ]
        for name, found in versions.items()
    }
    listed = rows_of("instruments.md")
    assert {row[0]: row[1:5] for row in listed} == expected
    assert len(listed) == len(expected)


def test_the_list_of_instruments_gives_each_small_one_its_pattern_and_source() -> None:
    listed = {row[0]: row[5:] for row in rows_of("instruments.md")}
    for pattern, names in PATTERNS.items():
        for name in names:
            assert listed[name] == [pattern, f"domain A8, {name.replace('-', '.')}"]
