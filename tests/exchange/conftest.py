"""What tests of outside formats may ask for: the small survey of people."""

from __future__ import annotations

import pytest

from audit_engine.definition.questionnaire import Questionnaire
from tests.services.pulse import PULSE
from tests.sound import sound_questionnaire


@pytest.fixture(scope="session")
def pulse() -> Questionnaire:
    return sound_questionnaire(PULSE)
