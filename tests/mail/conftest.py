"""What tests of mail may ask for: a mail server on this machine and settings that lead to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from audit_engine.mail.settings import MailSettings
from tests.mail.server import PostOffice, post_office


@pytest.fixture
def office_and_port() -> Iterator[tuple[PostOffice, int]]:
    with post_office() as running:
        yield running


@pytest.fixture
def office(office_and_port: tuple[PostOffice, int]) -> PostOffice:
    return office_and_port[0]


@pytest.fixture
def settings(office_and_port: tuple[PostOffice, int]) -> MailSettings:
    return settings_for(office_and_port[1])


def settings_for(port: int, **more: str) -> MailSettings:
    return MailSettings(
        "127.0.0.1", port, "none", "surveys@tiny.example.org", "Tiny Partnership", "team@tiny.example.org", 6000,
        "https://audits.example.org", **more,
    )  # fmt: skip
