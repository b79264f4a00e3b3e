"""Are many replies coded and counted as each of them alone is?"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from audit_engine.analysis.survey_codes import columns_of, packed
from audit_engine.analysis.survey_coding import Coder, counted_together
from audit_engine.analysis.survey_marks import counted, marks_of
from audit_engine.definition.applicability import Resolution, Resolver, resolved
from audit_engine.definition.item_types.base import OtherChoice
from tests.services.pulse import PULSE
from tests.sound import sound_questionnaire

ASKED = sound_questionnaire(PULSE)
CHOICES = {
    "radio": lambda item: st.sampled_from([o.id for o in item.options]),
    "checkboxes": lambda item: st.lists(st.sampled_from([*(o.id for o in item.options), OtherChoice("mine")]),
                                        min_size=1, max_size=3, unique=True).map(tuple),
    "grid": lambda item: st.sampled_from([((item.rows[0].id, item.options[0].id),), ((item.rows[1].id, "high"),)]),
}  # fmt: skip


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Any]:
    from audit_engine.definition.item_types import ITEM_TYPES

    found: dict[str, Any] = {}
    for item in ASKED.items:
        control = ITEM_TYPES[item.type].control
        if draw(st.booleans()) and control in CHOICES:
            found[item.id] = draw(CHOICES[control](item))
        elif control in ("text", "textarea") and draw(st.booleans()):
            found[item.id] = draw(st.text("ab", min_size=1, max_size=3))
        elif control == "number" and draw(st.booleans()):
            found[item.id] = draw(st.integers(0, 9))
    return found


def each(given: list[dict[str, Any]]) -> list[Resolution]:
    return [resolved(ASKED, {}, one) for one in given]


@given(st.lists(replies(), max_size=20), st.sampled_from([date(2026, 1, 1), date(2026, 12, 1)]))
def test_replies_are_coded_as_each_alone_is(given: list[dict[str, Any]], day: date) -> None:
    marks = [marks_of(ASKED, one, day) for one in each(given)]
    assert list(map(Coder(ASKED, day), each(given))) == [(one, packed(columns_of(ASKED), one)) for one in marks]
    assert counted_together(marks) == Counter(pair for one in marks for pair in counted(one))


@given(st.lists(replies(), max_size=20))
def test_what_follows_from_the_profile_alone_is_worked_out_once_for_all(given: list[dict[str, Any]]) -> None:
    resolver = Resolver(ASKED, {"sector": "police"})
    for one in given:
        alone = resolved(ASKED, {"sector": "police"}, one)
        assert (resolver(one).values, resolver(one).asked) == (alone.values, alone.asked)
