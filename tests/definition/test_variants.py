from __future__ import annotations

from audit_engine.definition.variants import worded_for
from tests.definition.small import changed, sound

VARIANTS = """\
tags: [one]
        variants:
          - {when: organisation.staff == 1, text: You do it}
          - {when: not organisation.direct_work, guidance: Ask those who do}
          - {when: organisation.sector == "police", text: Never reached by a lone officer}
"""
ITEM = sound(changed(("tags: [one]\n", VARIANTS))).items_by_id["t.1"]


def words(**facts: object) -> tuple[str, str]:
    item = worded_for(ITEM, facts)
    return item.text, item.guidance


def test_the_first_variant_that_fits_gives_the_words_and_leaves_the_rest() -> None:
    assert words(staff=1, sector="police", direct_work=True) == ("You do it", "Look at it")
    assert words(staff=2, direct_work=False) == ("The first thing is done", "Ask those who do")
    assert worded_for(ITEM, {"staff": 1}).id == "t.1"
    assert worded_for(ITEM, {"staff": 1}).options == ITEM.options


def test_without_a_variant_that_fits_the_item_is_itself() -> None:
    assert worded_for(ITEM, {"staff": 2, "direct_work": True, "sector": "nhs-provider"}) is ITEM
