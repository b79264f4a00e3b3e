"""Do the marks of an item (profile, breakdown, trend, other and so on) go together?"""

from __future__ import annotations

from audit_engine.definition.manuscript import ItemDraft, Manuscript
from audit_engine.definition.questionnaire import Anonymity

FREE_TEXT = ("text", "textarea")


def anonymity_of(manuscript: Manuscript) -> Anonymity:
    """Return how answers are treated: as the file says, or as is usual for its kind and respondent."""
    keys = manuscript.keys
    said: Anonymity | None = keys.get("anonymity")
    if said is not None:
        return said
    if keys.get("kind") == "self-audit":
        return "private"
    return "anonymous" if keys.get("kind") == "survey" and keys.get("respondent") == "person" else "named"


def warn_of_anonymity(manuscript: Manuscript) -> None:
    """Warn of a survey of people that does not say how their answers are treated."""
    keys = manuscript.keys
    if keys.get("kind") == "survey" and keys.get("respondent") == "person" and "anonymity" not in keys:
        told = "The survey asks people but does not say how their answers are treated. Add “anonymity: anonymous”."
        manuscript.warn(("kind",), told)


def check_marks(manuscript: Manuscript, draft: ItemDraft) -> None:
    """Log marks that make no sense on the item, and warn of profile questions in which people could name themselves."""
    keys = draft.keys
    if keys.get("breakdown") and not draft.options and draft.has_sound_options:
        told = "Results can be broken down only by an item with options. Give it some, or remove this."
        manuscript.fault(draft.path_of("breakdown"), told)
    is_free = draft.item_type.control in FREE_TEXT or keys.get("other")
    if keys.get("profile") and is_free and anonymity_of(manuscript) == "anonymous":
        told = "The survey is anonymous, but words written here could show who answers. Offer a list without “other”."
        manuscript.warn(draft.path, told)
    if draft.item_type.id == "counts":
        _check_bounds_of_counts(manuscript, draft)
    if draft.id in keys.get("mirrors", ()):
        manuscript.fault(draft.path_of("mirrors"), "An item cannot mirror itself. Name items of another questionnaire.")


def _check_bounds_of_counts(manuscript: Manuscript, draft: ItemDraft) -> None:
    for key in ("minimum", "maximum"):
        bound = draft.keys.get(key)
        if bound is not None and (bound < 0 or bound != int(bound)):
            manuscript.fault(draft.path_of(key), f"People are counted in whole numbers from 0; {bound} is none.")
