"""Do two people code apart from each other, is what they found kept as it was, and what counts only what is settled?"""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import code_themes, theme_book
from audit_engine.services.theme_book import ThemesRefused
from audit_engine.services.themes import as_csv
from audit_engine.storage import themes
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import DURING
from tests.services.worded import AUDIT, CALLS, PLAIN, TIME, Worded


@pytest.fixture
def worded(tmp_path: Path, engine: Engine) -> Worded:
    """Three organisations of two sectors speak of calls, one of time; thirteen texts of staff."""
    found = Worded.laid(tmp_path, engine)
    for organisation, said in (
        ("otters", "Calls, please"), ("badgers", "Calls"), ("joint", "Calls and time"), ("office", "Nothing"),
    ):  # fmt: skip
        found.returned(organisation, said)
    found.spoke(*(f"Calls {n}" for n in range(7)), *(f"Other {n}" for n in range(6)))
    found.choose()
    return found


BOTH = {"Calls": [0], "time": [1]}


def by_word(book: list[int], rule: dict[str, list[int]] = BOTH) -> dict[str, list[int]]:
    return {word: [book[n] for n in numbers] for word, numbers in rule.items()}


# --- apart ---------------------------------------------------------------------------------


def test_neither_coder_sees_what_the_other_found_until_both_have_finished(worded: Worded) -> None:
    book = worded.book()
    worded.code_all(worded.ada, by_word(book))
    code_themes.take_place(worded.engine, AUDIT, worded.ben, DURING)
    assert worded.coding(worded.ben).readings == {}
    assert worded.compared(worded.ben) is None and worded.compared(worded.ada) is None
    assert not worded.found().is_counted, "no count either, or the second would know what the first found"
    worded.code_all(worded.ben, by_word(book))
    assert worded.compared(worded.ben) is not None and worded.found().is_counted


def test_nobody_finishes_with_a_text_unread(worded: Worded) -> None:
    worded.book()
    code_themes.take_place(worded.engine, AUDIT, worded.ada, DURING)
    with pytest.raises(ThemesRefused, match="texts that you have not read yet"):
        worded.finish(worded.ada)


def test_a_third_person_has_no_place_until_one_gives_it_up_with_all_that_was_found(worded: Worded) -> None:
    book = worded.book()
    worded.code_all(worded.ada, by_word(book))
    code_themes.take_place(worded.engine, AUDIT, worded.ben, DURING)
    third = worded.world.person("cyd@example.org")
    with pytest.raises(ThemesRefused, match="Two people code these words already"):
        code_themes.take_place(worded.engine, AUDIT, third, DURING)
    code_themes.give_up_place(worded.engine, AUDIT, 1, worded.ada, DURING)
    assert worded.stored() == ()
    code_themes.take_place(worded.engine, AUDIT, third, DURING)
    assert [c.person for c in worded.coding(third).coders] == [third, worded.ben]


def test_somebody_without_a_place_codes_nothing(worded: Worded) -> None:
    book = worded.book()
    with pytest.raises(ThemesRefused, match="not yours to code"):
        worded.code(worded.ada, worded.text("Nothing"), book[0])


def test_what_both_have_finished_with_no_longer_changes_and_no_place_is_given_up(worded: Worded) -> None:
    book = worded.book()
    for person in (worded.ada, worded.ben):
        worded.code_all(person, by_word(book))
    before = worded.stored()
    with pytest.raises(ThemesRefused, match="no longer changes"):
        worded.code(worded.ada, worded.text("Nothing"), book[1])
    with pytest.raises(ThemesRefused, match="would have seen it"):
        code_themes.give_up_place(worded.engine, AUDIT, 2, worded.ben, DURING)
    assert worded.stored() == before


def test_a_coder_may_change_a_reading_until_the_other_has_finished_too(worded: Worded) -> None:
    book = worded.book()
    worded.code_all(worded.ada, by_word(book))
    worded.code(worded.ada, worded.text("Nothing"), book[1])
    assert worded.coding(worded.ada).mine is not None and worded.coding(worded.ada).mine.done_at is None  # type: ignore[union-attr]
    worded.code_all(worded.ben, by_word(book))
    assert worded.compared() is None, "the first has to finish again"


def test_words_that_change_are_read_again_and_are_in_no_count_until_both_have(worded: Worded) -> None:
    book = worded.book()
    for person in (worded.ada, worded.ben):
        worded.code_all(person, by_word(book))
    whole = worded.found()
    row = next(r for r in worded.rows() if r.text == "Calls 0")
    worded.review(row.id, "redacted", today=date(2026, 11, 9), reason="A name", redacted="Calls, without")
    assert worded.found().texts == whole.texts - 1
    assert [t.words for t in worded.coding(worded.ada).unread] == ["Calls, without"]
    for person in (worded.ada, worded.ben):
        worded.code(person, worded.text("Calls, without"), book[0])
        worded.finish(person)
    assert worded.found().texts == whole.texts


def test_the_next_text_is_one_that_was_not_read(worded: Worded) -> None:
    worded.book()
    code_themes.take_place(worded.engine, AUDIT, worded.ada, DURING)
    coding = worded.coding(worded.ada)
    first = coding.unread[0]
    worded.code(worded.ada, first)
    again = worded.coding(worded.ada)
    assert again.has_read(first) and again.found(first) == frozenset(), "no theme is a finding too"
    assert again.after(first) == coding.unread[1]


# --- side by side ---------------------------------------------------------------------------


@pytest.fixture
def differing(worded: Worded) -> tuple[Worded, list[int]]:
    """Ben finds time in no text, and calls in "Nothing"."""
    book = worded.book()
    worded.code_all(worded.ada, by_word(book))
    worded.code_all(worded.ben, by_word(book, {"Calls": [0], "Nothing": [0]}))
    return worded, book


def test_agreement_says_of_how_many_texts(differing: tuple[Worded, list[int]]) -> None:
    worded, book = differing
    both = worded.compared()
    assert both is not None
    assert (both.agreement.whole.same, both.agreement.whole.pairs) == (15, 17)
    assert (both.agreement.by_theme[book[1]].same, both.agreement.both[book[1]]) == (16, 0)
    assert sorted(p.text.words for p in both.open_differences) == ["Calls and time", "Nothing"]


def test_what_the_two_agree_on_counts_and_their_readings_stay(differing: tuple[Worded, list[int]]) -> None:
    worded, book = differing
    before = worded.stored()
    assert worded.found().open_differences == 2
    assert {t.row.label: t.organisations for t in worded.found().themes} == {CALLS: 2, TIME: 0}
    worded.agree(worded.ben, worded.text("Calls and time"), *book)
    found = worded.found()
    assert {t.row.label: t.organisations for t in found.themes} == {CALLS: 3, TIME: 1}
    assert found.open_differences == 1
    assert worded.stored() == before
    assert worded.compared().agreement.whole.same == 15, "agreeing afterwards is no agreement of the coders"  # type: ignore[union-attr]


def test_agreeing_needs_a_reason_a_difference_and_one_of_the_two(differing: tuple[Worded, list[int]]) -> None:
    worded, book = differing
    text = worded.text("Calls and time")
    with pytest.raises(ThemesRefused, match="Say in a few words why"):
        worded.agree(worded.ada, text, book[0], note=" ")
    with pytest.raises(ThemesRefused, match="nothing to agree on"):
        worded.agree(worded.ada, worded.text("Calls, please"), book[0])
    with pytest.raises(ThemesRefused, match="Only the two who coded"):
        worded.agree(worded.world.person("cyd@example.org"), text, book[0])


# --- the code book -----------------------------------------------------------------------------


def test_a_theme_s_name_is_given_once_and_a_theme_says_what_belongs_in_it(worded: Worded) -> None:
    worded.theme(CALLS)
    with pytest.raises(ThemesRefused, match="There is a theme called “calling back” already"):
        worded.theme("calling back")
    with pytest.raises(ThemesRefused, match="say what belongs in it"):
        worded.theme("Other", " ")


def test_renaming_keeps_the_words_before(worded: Worded) -> None:
    (theme,) = worded.book(CALLS)
    words = {"label": "Ringing back", "definition": "What belongs in it"}
    theme_book.change_theme(worded.engine, AUDIT, theme, words, worded.ada, DURING)
    theme_book.change_theme(worded.engine, AUDIT, theme, words, worded.ada, DURING)
    with reading(worded.engine) as connection:
        newest, first = theme_book.trail_of(connection, AUDIT)
    assert (newest.event, newest.content) == ("changed", {"label": [CALLS, "Ringing back"]})
    assert (first.event, newest.by, newest.at) == ("added", "Ada", DURING)


def test_what_was_coded_with_a_merged_theme_counts_as_the_other(worded: Worded) -> None:
    calls, time, ring = worded.book(CALLS, TIME, "Ringing")
    worded.code_all(worded.ada, {"Calls": [calls]})
    worded.code_all(worded.ben, {"Calls": [ring]})
    assert worded.compared().agreement.whole.same == 7, "the texts that hold nothing"  # type: ignore[union-attr]
    theme_book.merge_theme(worded.engine, AUDIT, ring, calls, worded.ada, DURING)
    assert worded.compared().agreement.whole.same == 17  # type: ignore[union-attr]
    assert [t.row.id for t in worded.found().themes] == [calls, time]
    assert {r.themes for r in worded.stored() if r.place == 2} == {(), (ring,)}, "the codes themselves stay"
    with pytest.raises(ThemesRefused, match="merged into another"):
        theme_book.merge_theme(worded.engine, AUDIT, ring, time, worded.ada, DURING)
    with pytest.raises(ThemesRefused, match="into itself"):
        theme_book.merge_theme(worded.engine, AUDIT, time, time, worded.ada, DURING)


def test_a_theme_that_is_not_in_the_book_is_not_kept_with_a_text(worded: Worded) -> None:
    (theme,) = worded.book(CALLS)
    code_themes.take_place(worded.engine, AUDIT, worded.ada, DURING)
    worded.code(worded.ada, worded.text("Nothing"), theme, 99)
    assert [r.themes for r in worded.stored()] == [(theme,)]


# --- what is shown -----------------------------------------------------------------------------


def test_themes_count_organisations_and_sectors_and_never_hold_a_word_of_anybody(worded: Worded) -> None:
    book = worded.book()
    for person in (worded.ada, worded.ben):
        worded.code_all(person, by_word(book))
    found = worded.found()
    calls, time = found.themes
    assert (calls.row.label, calls.label, calls.organisations) == (CALLS, "Emerging theme", 3)
    assert calls.sectors == ("Schools", "Police") or calls.sectors == ("Police", "Schools")
    assert (time.label, time.organisations) == ("Single-agency observation", 1)
    assert [i.id for i in calls.criteria] == [PLAIN[1]]
    assert (calls.staff.figure("theme").count, calls.staff.base) == (7, 13)
    assert found.returned == 4
    told = repr(found) + as_csv(found)
    assert not any(words in told for words in ("please", "Calls and time", "otters", "Otter School"))


def test_the_csv_has_the_counts_of_the_page_and_no_formula(worded: Worded) -> None:
    book = [*worded.book(), worded.theme("=1+1")]
    assert [row["organisations"] for row in csv.DictReader(StringIO(as_csv(worded.found())))] == ["[x]"] * 3
    for person in (worded.ada, worded.ben):
        worded.code_all(person, by_word(book))
    rows = {row["theme"]: row for row in csv.DictReader(StringIO(as_csv(worded.found())))}
    assert (rows[CALLS]["organisations"], rows[CALLS]["of_returned"], rows[CALLS]["staff_texts"]) == ("3", "4", "7")
    assert "'=1+1" in rows


def test_too_few_texts_of_staff_are_counted_for_nobody(tmp_path: Path, engine: Engine) -> None:
    worded = Worded.laid(tmp_path, engine)
    worded.returned("otters", "Nothing")
    worded.spoke(*(f"Calls {n}" for n in range(10)))
    worded.choose()
    book = worded.book()
    for person in (worded.ada, worded.ben):
        worded.code_all(person, by_word(book))
    calls = next(t for t in worded.found().themes if t.row.label == CALLS)
    assert calls.staff.base is None and calls.status == "none"


def test_a_coder_s_readings_say_nothing_of_the_words(worded: Worded) -> None:
    book = worded.book()
    worded.code_all(worded.ada, by_word(book))
    with writing(worded.engine) as connection:
        columns = {c.name for c in themes.reading.c}
        rows = repr(connection.execute(themes.reading.select()).all())
    assert columns == {"cycle_id", "place", "text_id", "themes", "mark", "final", "read_at"}
    assert "Calls" not in rows
