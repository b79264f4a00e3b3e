"""What tests of outside formats may ask for: the small survey of people."""

from __future__ import annotations

import pytest

from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.definition.reader import read_questionnaire
from tests.conftest import ROOT
from tests.services.pulse import PULSE


@pytest.fixture(scope="session")
def pulse() -> Questionnaire:
    reading = read_questionnaire(PULSE, "pulse.yaml", Library(ROOT).facts)
    assert reading.questionnaire is not None, reading.faults
    return reading.questionnaire
