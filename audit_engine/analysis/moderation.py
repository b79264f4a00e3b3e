"""What did panels do to the ratings that they looked at?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit_engine.analysis.figures import Figure, Register, count_figure
from audit_engine.analysis.findings import ModerationCounts
from audit_engine.analysis.ratings import Code, CycleRatings
from audit_engine.analysis.sentences import Sentence
from audit_engine.analysis.tables import Indices
from audit_engine.analysis.wording import say


def moderation_counts(ratings: CycleRatings, columns: Indices) -> ModerationCounts:
    """Count what panels did in some columns, of organisations that returned.

    Raised and lowered speak of ratings on both sides; where the panel or the
    organisation said "not applicable", or it left a blank, the base changed.
    """
    looked = ratings.moderated[:, columns] & ratings.returned[:, np.newaxis]
    own, final = ratings.self_codes[:, columns][looked], ratings.codes[:, columns][looked]
    rated = (own >= Code.NOT_MET) & (final >= Code.NOT_MET)
    return ModerationCounts(
        looked_at=len(own),
        agreed=int(np.count_nonzero(own == final)),
        raised=int(np.count_nonzero(rated & (final > own))),
        lowered=int(np.count_nonzero(rated & (final < own))),
        applicability_changed=int(np.count_nonzero(~rated & (own != final))),
    )


def own_and_panel(ratings: CycleRatings, *, at_random: bool) -> tuple[tuple[int, ...], ...]:
    """Count judgements that panels looked at: rows own rating, columns the panel's; not met, partly met, met.

    Those picked at random or those chosen otherwise; where it isn't known, all are the latter.
    """
    random = np.zeros_like(ratings.moderated) if ratings.at_random is None else ratings.at_random
    looked = ratings.moderated & (random if at_random else ~random) & ratings.returned[:, np.newaxis]
    looked &= (ratings.self_codes >= Code.NOT_MET) & (ratings.codes >= Code.NOT_MET)
    own, panel = (codes[looked] - np.int8(Code.NOT_MET) for codes in (ratings.self_codes, ratings.codes))
    table = np.bincount(3 * own.astype(np.intp) + panel, minlength=9).reshape(3, 3)
    return tuple(tuple(row) for row in table.tolist())


def moderation_figures(root: str, counts: ModerationCounts, source: str) -> Iterator[Figure]:
    """Yield the figures of panels' work."""
    parts = (
        ("agreed", counts.agreed),
        ("raised", counts.raised),
        ("lowered", counts.lowered),
        ("applicability changed", counts.applicability_changed),
    )
    yield count_figure(f"{root}.looked-at", counts.looked_at, source, parts=parts)
    for label, count in parts:
        yield count_figure(f"{root}.{label.replace(' ', '-')}", count, source, base=counts.looked_at)


def moderation_sentence(root: str, counts: ModerationCounts, figures: Register) -> Sentence | None:
    """Say what panels did; None where they looked at nothing."""
    if not counts.looked_at:
        return None
    return say(
        "moderation-scope" if counts.applicability_changed else "moderation",
        m=figures[f"{root}.looked-at"],
        a=figures[f"{root}.agreed"],
        d=figures[f"{root}.lowered"],
        u=figures[f"{root}.raised"],
        x=figures[f"{root}.applicability-changed"],
    )
