"""What is a setting (a school, nursery or childminder), who works there, and what is one of its own audits?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from audit_engine.definition.questionnaire import Questionnaire

NoteKind = Literal["strength", "priority", "action", "section-strength", "section-gap", "section-next"]
RequestKind = Literal["lead", "office"]


def for_settings(questionnaire: Questionnaire) -> bool:
    """Tell whether schools and other settings start it for themselves, so that opening it makes no returns."""
    of_settings = questionnaire.kind == "audit" and questionnaire.anonymity == "confidential"
    return is_private(questionnaire) or of_settings


def is_private(questionnaire: Questionnaire) -> bool:
    """Tell whether nobody outside the setting may see its answers."""
    return questionnaire.kind == "self-audit"


def sees_last_time(questionnaire: Questionnaire, audit: AuditFacts) -> bool:
    """Tell whether last time's answers may stand beside today's.

    In private they always may.  Where change is measured they would steer the
    answers, so that they come when the audit is finished.
    """
    return is_private(questionnaire) or audit.finished_at is not None


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """A setting as its people typed it; ``facts`` by the names of facts.yaml."""

    id: int
    name: str
    phase: str
    trust: str
    office_email: str
    facts: Mapping[str, object] = field(default_factory=dict)
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works on a setting's audits, or did (``left_at``)."""

    id: int
    setting: int
    email: str
    name: str
    lead: bool
    joined_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """One answering of one version by one setting; ``facts`` decide what it is asked."""

    id: int
    setting: int
    setting_name: str
    cycle: str
    title: str
    questionnaire: str
    version: str
    content_hash: str
    facts: Mapping[str, object]
    started_at: datetime
    saved_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def takes_answers(self) -> bool:
        """Tell whether answers may be saved: it is the setting's own, so only finishing it ends that."""
        return self.finished_at is None


@dataclass(frozen=True, slots=True)
class Note:
    """What a setting wrote about the whole or a section; ``place`` is a number from 1, or the section's id.

    ``version`` counts saves from 1; 0 means never saved.
    """

    kind: str
    place: str
    text: str = ""
    who: str = ""
    due: date | None = None
    done_on: date | None = None
    version: int = 0
    saved_at: datetime | None = None
    saved_by: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return (kind, place), unique in an audit."""
        return self.kind, self.place

    @property
    def says(self) -> tuple[object, ...]:
        """Return what somebody wrote, without who and when."""
        return self.text, self.who, self.due, self.done_on


@dataclass(frozen=True, slots=True)
class Share:
    """A leave to see counts; ``trust_email`` '' means the partnership's pooled counts."""

    id: int
    audit: int
    setting: int
    trust_email: str
    counts: Mapping[str, Mapping[str, int]]
    granted_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a registered office address is asked to approve."""

    id: int
    setting: int
    setting_name: str
    office_email: str
    kind: RequestKind
    email: str
    name: str
    asked_by: str
    asked_at: datetime
    approved: bool | None = None
