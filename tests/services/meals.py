"""Nurseries and childminders that check their mealtimes, with the shipped EatSafe questionnaires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import eatsafe, self_audit, self_audit_people
from audit_engine.services.eatsafe import Tick, Ticked
from audit_engine.services.save_answers import Draft
from audit_engine.services.self_audit_people import SettingDraft
from audit_engine.storage import cycles, settings
from audit_engine.storage.engine import writing
from tests.services.own import Schools, cycle
from tests.services.tiny import CYCLES, World, lay

SHIPPED = Path(__file__).parents[2] / "questionnaires"
IN_2024 = datetime(2024, 2, 12, 9, tzinfo=UTC)
IN_2025 = datetime(2025, 10, 6, 9, tzinfo=UTC)
LEAD = "manager@nursery.example.org"
NURSERY = {
    "under_1s": True, "under_2s": True, "cooks_on_site": True, "outside_caterer": False, "food_from_home": True,
    "childminder_alone": False,
}  # fmt: skip
CHILDMINDER = {**NURSERY, "childminder_alone": True, "food_from_home": False}
MEAL_CYCLES = {
    "eatsafe-2024": cycle("eatsafe-2024", "eatsafe", "2024", "2024-02-01", "2024-04-30"),
    "eatsafe-2025": cycle("eatsafe-2025", "eatsafe", "2025", "2025-03-01", "2098-07-31"),
}
OPENED = {"eatsafe-2024": IN_2024, "eatsafe-2025": IN_2025}


class Nurseries(Schools):
    """Settings with the baseline and the repeat."""

    @classmethod
    def in_folder(cls, root: Path, engine: Engine) -> Nurseries:
        texts = {f"eatsafe/{v}": (SHIPPED / f"eatsafe/{v}.yaml").read_text(encoding="utf-8") for v in ("2024", "2025")}
        instance = lay(root, cycles={**CYCLES, **MEAL_CYCLES}, questionnaires=texts)
        (root / "questionnaires/facts.yaml").write_bytes((SHIPPED / "facts.yaml").read_bytes())
        return cls(World(instance, engine, Library(instance.root)).load())

    def open(self, *cycles: str) -> Nurseries:
        for name in cycles:
            self.world.open(name, OPENED[name])
        return self

    def nursery(self, name: str = "Otter Nursery", email: str = LEAD, facts: Mapping[str, bool] = NURSERY) -> int:
        kind = "childminder" if facts["childminder_alone"] else "early-years"
        said = SettingDraft(name, kind, f"office.{email}", "", dict(facts))
        return self_audit_people.add_setting(
            self.engine, self.world.library.facts, email, f"Manager of {name}", said, IN_2024
        )

    def check(self, setting: int, now: datetime = IN_2025) -> int:
        """Start a mealtime check: the repeat, or the baseline while nobody had heard of a repeat."""
        if now >= IN_2025:
            return self_audit.start(
                self.engine, self.world.definitions, setting, "eatsafe", self.lead_of(setting), now
            )  # fmt: skip
        with writing(self.engine) as connection:
            here, cycle = settings.setting_of(connection, setting), cycles.cycle_of(connection, "eatsafe-2024")
            assert here is not None and cycle is not None
            return settings.add_audit(
                connection, setting_id=setting, cycle_id=cycle.id, content_hash=cycle.content_hash,
                facts=dict(here.facts), started_at=now, started_by=self.lead_of(setting),
            )  # fmt: skip

    def say(self, audit: int, now: datetime = IN_2025, **values: str) -> None:
        """Answer questions by short id, such as ``A1="every-time"``."""
        whole = self.opened(audit)
        drafts = [Draft(f"eat.{k}", whole.answer(f"eat.{k}").version, v) for k, v in values.items()]
        self.save(audit, *drafts, now=now)

    def say_all(self, audit: int, now: datetime = IN_2025, **values: str) -> None:
        """Answer everything that is asked: as given, else the best."""
        whole = self.opened(audit)
        asked = [i for i in whole.questionnaire.items if whole.asked[i.id].asked]
        self.say(audit, now, **{i.short_id: values.get(i.short_id, i.options[0].id) for i in asked})

    def tick(self, audit: int, *ticks: tuple[str, str, int], by: int | None = None, now: datetime = IN_2025) -> Ticked:
        who = by or self.lead_of(self.facts(audit).setting)
        pressed = [Tick(f"eat.{item}", value, version) for item, value, version in ticks]
        return eatsafe.tick(self.engine, self.world.definitions, audit, pressed, who, now)

    def finish(self, audit: int, now: datetime = IN_2025) -> None:
        self_audit.finish(self.engine, audit, now)
