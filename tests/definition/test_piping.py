from __future__ import annotations

import pytest

from audit_engine.definition.piping import filled, placeholders


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You said {answer:es.5}.", "You said Yes."),
        ("Ring {area.lado} or {area.front_door}.", "Ring 03000 or ...."),
        ("{answer:es.9}", "..."),
        ("{{answer:es.5}}", "{Yes}"),
        ("{7 * 7} {config} {area.secret} {answer.es.5}", "{7 * 7} {config} {area.secret} {answer.es.5}"),
        ("{answer:es.7}", "{area.lado}"),
        ("no braces", "no braces"),
        ("{", "{"),
    ],
)
def test_only_answers_and_area_texts_are_put_in_and_only_once(text: str, expected: str) -> None:
    assert filled(text, {"es.5": "Yes", "es.7": "{area.lado}"}, {"lado": "03000"}) == expected


def test_placeholders_are_found_in_order() -> None:
    assert placeholders("{answer:es.5} and {area.lado} and {") == ("answer:es.5", "area.lado")
    assert placeholders("none") == ()
