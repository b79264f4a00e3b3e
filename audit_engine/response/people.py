"""Who is somebody, and which roles do they hold where?"""

from __future__ import annotations

from dataclasses import dataclass

ROLES: dict[str, str] = {
    "administrator": "Administrator",
    "business-team": "Business team",
    "organisation-lead": "Organisation lead",
    "contributor": "Contributor",
    "signatory": "Signatory",
    "panel-member": "Panel member",
    "panel-chair": "Panel chair",
    "scrutineer": "Independent scrutineer",
    "executive": "Executive",
    "setting": "School or setting",
    "respondent": "Respondent",
}
OWN_ROLES = frozenset({"organisation-lead", "contributor", "signatory", "setting"})


@dataclass(frozen=True, slots=True)
class Held:
    """A role held: in one organisation, in one area, or (both None) everywhere."""

    role: str
    organisation: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as the rules see them."""

    id: int
    name: str
    email: str
    held: tuple[Held, ...]

    def holds(self, *roles: str) -> bool:
        """Tell whether the person holds any of the roles, anywhere."""
        return any(h.role in roles for h in self.held)

    @property
    def organisations(self) -> tuple[str, ...]:
        """Return the organisations that the person acts for."""
        return tuple(dict.fromkeys(h.organisation for h in self.held if h.organisation))

    def areas_of(self, *roles: str) -> tuple[str, ...] | None:
        """Return the areas in which the person holds any of the roles; None means every area."""
        areas = [h.area for h in self.held if h.role in roles]
        return None if None in areas else tuple(dict.fromkeys(a for a in areas if a))
