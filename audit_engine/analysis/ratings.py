"""Which organisation was rated how on which criterion, in one cycle?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from audit_engine.definition.questionnaire import Questionnaire


class Code(IntEnum):
    """What one cell of a ratings table holds; ``MET`` is the best, so weakest-of is ``min``."""

    NOT_ASKED = 0  # ruled out by the profile, or the organisation made no return
    UNANSWERED = 1
    NOT_APPLICABLE = 2
    NOT_MET = 3
    PARTLY_MET = 4
    MET = 5


CODE_OF: Mapping[str, Code] = {
    "met": Code.MET,
    "partly-met": Code.PARTLY_MET,
    "not-met": Code.NOT_MET,
    "not-applicable": Code.NOT_APPLICABLE,
}

Basis = Literal["self", "final"]


@dataclass(frozen=True)
class OrganisationFacts:
    """What the analysis may know about an organisation; ``facts`` by name as in facts.yaml."""

    id: str
    name: str
    sector: str
    areas: tuple[str, ...]
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CycleRatings:
    """One cycle's ratings as a table of codes.

    ``codes`` is int8, shape (organisations, items), rows in the order of
    ``organisations`` (everyone in scope, returned or not) and columns in the
    order of ``items`` (the version's criteria).  ``self_codes`` holds the
    organisations' own ratings where ``codes`` holds final ones (panel's where
    there is one); the two are equal when ``basis`` is "self".  ``confirmed``
    (bool, same shape) marks ratings confirmed unchanged; ``moderated`` marks
    those with a panel rating.  ``returned`` and ``late`` (bool, one an organisation) say who submitted.
    """

    cycle: str
    title: str
    questionnaire: Questionnaire
    basis: Basis
    area: str | None
    organisations: tuple[OrganisationFacts, ...]
    items: tuple[str, ...]
    codes: NDArray[np.int8]
    self_codes: NDArray[np.int8]
    confirmed: NDArray[np.bool_]
    moderated: NDArray[np.bool_]
    returned: NDArray[np.bool_]
    late: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OrganisationLink:
    """How an organisation of one cycle became one of another (methods section 5)."""

    predecessor: str | None
    successor: str | None
    relation: Literal["same", "renamed", "merged", "split", "boundary-change", "joined", "left"]
    effective: str
    note: str = ""
