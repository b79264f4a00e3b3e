"""Which organisation was rated how on which criterion, in one cycle?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.codes import CODE_OF, Code

__all__ = ["CODE_OF", "Basis", "Code", "CycleRatings", "OrganisationFacts", "OrganisationLink"]


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
    those with a panel rating and ``at_random`` those of them that were picked at random
    (None: not known).  ``returned`` and ``late`` (bool, one an organisation) say who
    submitted.
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
    at_random: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class OrganisationLink:
    """How an organisation of one cycle became one of another (methods section 5)."""

    predecessor: str | None
    successor: str | None
    relation: Literal["same", "renamed", "merged", "split", "boundary-change", "joined", "left"]
    effective: str
    note: str = ""
