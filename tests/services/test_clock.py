"""Is every local time one instant, or refused with the reason?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from audit_engine.services.clock import NoSuchMoment, instant_of, local_text


@pytest.mark.parametrize(
    "text, instant",
    [
        ("2026-12-18 17:00", datetime(2026, 12, 18, 17, tzinfo=UTC)),
        ("2026-07-01 17:00", datetime(2026, 7, 1, 16, tzinfo=UTC)),
        ("2026-03-29 00:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29 02:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25 00:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25 02:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("2027-03-28 00:30", datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),
        ("2028-02-29 12:00", datetime(2028, 2, 29, 12, tzinfo=UTC)),
        ("2026-06-30 23:59", datetime(2026, 6, 30, 22, 59, tzinfo=UTC)),
        (" 2026-12-18T17:00 ", datetime(2026, 12, 18, 17, tzinfo=UTC)),
        ("2026-12-18 17:00+02:00", datetime(2026, 12, 18, 15, tzinfo=UTC)),
    ],
)
def test_a_local_time_is_the_instant_that_clocks_in_the_united_kingdom_show(text: str, instant: datetime) -> None:
    found = instant_of(text)
    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-03-29 01:00", "2026-03-29 01:30", "2026-03-29 01:59", "2027-03-28 01:30"])
def test_a_time_that_the_clocks_skip_is_refused(text: str) -> None:
    with pytest.raises(NoSuchMoment, match="does not exist: the clocks go forward over it"):
        instant_of(text)


@pytest.mark.parametrize("text", ["2026-10-25 01:00", "2026-10-25 01:30", "2026-10-25 01:59", "2027-10-31 01:30"])
def test_a_time_that_comes_twice_is_refused(text: str) -> None:
    with pytest.raises(NoSuchMoment, match="comes twice: the clocks go back over it"):
        instant_of(text)


def test_the_refusal_names_the_time_and_the_day() -> None:
    with pytest.raises(NoSuchMoment) as refusal:
        instant_of("2026-03-29 01:30")
    assert str(refusal.value).startswith("01:30 on 29 March 2026 ")


@pytest.mark.parametrize(
    "text",
    ["2026-02-29 12:00", "2027-02-29", "2026-13-01 09:00", "2026-12-18 25:00", "tomorrow", "", "18/12/2026 17:00",
     "2026-12-18 17:00:61",
     "0000-01-01 00:00", "2026-12-18", "20261218", "2026-W51-5", "２０２６-12-18 17:00", "2026-12-18 17:00 \x00"],
)  # fmt: skip
def test_a_text_that_is_no_moment_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(NoSuchMoment, match="Write it like 2026-12-18 17:00"):
        instant_of(text)


@pytest.mark.parametrize("text", ["0001-01-01 00:00", "9999-12-31 23:59", "0001-01-01 00:00+05:00"])
def test_a_year_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(NoSuchMoment, match="is not a date and time"):
        instant_of(text)


@pytest.mark.parametrize(
    "moment, text",
    [
        (datetime(2026, 12, 18, 17, tzinfo=UTC), "5pm on Friday 18 December 2026 (UK time)"),
        (datetime(2026, 10, 23, 16, tzinfo=UTC), "5pm on Friday 23 October 2026 (UK time)"),
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), "11:59pm on Tuesday 30 June 2026 (UK time)"),
        (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), "12am on Thursday 1 January 2026 (UK time)"),
        (datetime(2026, 1, 1, 12, 5, tzinfo=UTC), "12:05pm on Thursday 1 January 2026 (UK time)"),
    ],
)
def test_an_instant_is_written_as_people_say_it(moment: datetime, text: str) -> None:
    assert local_text(moment) == text


def test_what_is_written_does_not_hang_on_the_servers_own_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert instant_of("2026-07-01 17:00") == datetime(2026, 7, 1, 16, tzinfo=UTC)
        assert local_text(datetime(2026, 7, 1, 16, tzinfo=UTC)).startswith("5pm on Wednesday")
    monkeypatch.undo()
    time.tzset()
