"""What tests of the pages that send a survey out may ask for: its site, planned or open, and a mail server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import deliver_mail, do_work, run_survey
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.storage.engine import reading
from audit_engine.web import create_app
from audit_engine.web.site import Site
from tests.services.pulse import CYCLES, PULSE, Pulse
from tests.services.tiny import World, lay
from tests.web.browser import Web, add_people

OPEN_ENDED = {
    name: text.replace("2026-10-30 17:00", "2098-12-19 17:00").replace("2026-09-14", "2026-01-14")
    for name, text in CYCLES.items()
}
SETTINGS = ("MAIL_HOST", "MAIL_PORT", "MAIL_TLS", "MAIL_A_MINUTE", "MAIL_FROM", "MAIL_USER", "AUDIT_ADDRESS")


class SurveyWeb(Web):
    """The site of the pulse survey."""

    @property
    def pulse(self) -> Pulse:
        return Pulse(self.world)

    def link(self, organisation: str = "otters", cycle: str = "pulse") -> run_survey.SurveyLink:
        with reading(self.world.engine) as connection:
            links = run_survey.links_of(connection, cycle)
        return next(link for link in links if link.organisation == organisation and not link.ended)

    def work(self) -> None:
        while claimed := do_work.claim_work(self.world.engine):
            for number in claimed:
                do_work.do_work(self.world.engine, self.world.definitions, self.world.instance, number)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Library]:
    instance = lay(tmp_path_factory.mktemp("sending"), cycles=OPEN_ENDED, questionnaires={"pulse/1": PULSE})
    return instance, Library(instance.root)


@pytest.fixture
def planned(laid: tuple[Instance, Library], database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWeb]:
    """The survey is planned; no mail server is set up."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    app = create_app(laid[0], testing=True)
    engine: Engine = app.extensions["audit"].engine
    app.extensions["audit"] = Site(engine, Definitions(laid[1]), laid[0])
    web = SurveyWeb(app, World(laid[0], engine, laid[1]).load())
    add_people(web.world)
    yield web
    engine.dispose()
    deliver_mail._IN_HAND.clear()


@pytest.fixture
def web(planned: SurveyWeb) -> SurveyWeb:
    """The survey is open."""
    planned.world.open("pulse")
    return planned
