"""How many of those invited took part?  (AAPOR, Standard Definitions; methods section 7.)"""

from __future__ import annotations

from dataclasses import dataclass

from audit_engine.analysis.disclosure import Released
from audit_engine.analysis.rounding import count_text, percent_text
from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.analysis.survey_marks import COMPLETE, PARTIAL


@dataclass(frozen=True, slots=True)
class ResponseRates:
    """The six rates; RR2 is the one that is reported."""

    RR1: float
    RR2: float
    RR3: float
    RR4: float
    RR5: float
    RR6: float


def aapor_response_rates(
    complete: int, partial: int, refusal: int, non_contact: int, other: int, unknown: int, e: float
) -> ResponseRates:
    """Return RR1 to RR6; ``e`` is the share of the unknown taken to be eligible.  Somebody must be eligible."""
    known = complete + partial + refusal + non_contact + other
    every, eligible = known + unknown, known + e * unknown
    either = complete + partial
    return ResponseRates(
        complete / every, either / every, complete / eligible, either / eligible, complete / known, either / known
    )


def took_part_sentence(replies: Released, invited: int | None) -> str:
    """Say how many took part, and what share of those invited where that number is known.

    ``replies`` counts replies by how complete they are; a reply that broke off
    early counts as none in the rate, RR2.
    """
    if replies.base is None:
        return f"Fewer than {LEAST_BASE} people took part, so nothing is shown."
    people = f"{count_text(replies.base)} people took part"
    if invited is None:
        return f"{people}; the number invited is not known, so no response rate can be given."
    if replies.base > invited:
        return (
            f"{people}, which is more than the {count_text(invited)} who were invited, so no response rate can be "
            "given. Check the number invited."
        )
    either = sum(replies.figure(mark).count or 0 for mark in (COMPLETE, PARTIAL))
    return (
        f"{people} of {count_text(invited)} invited; the response rate (RR2, at least half of the questions answered) "
        f"is {percent_text(either, invited)}."
    )
