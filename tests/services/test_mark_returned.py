"""Do delivery failures mark the right addresses, and nobody else's?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import send_invitations
from audit_engine.services.mark_returned import mark_returned
from tests.services.mailing import TEXT, Mailing, people, running_mail
from tests.services.test_mail_anonymity import returned
from tests.services.tiny import DURING

FOLDER = Path(__file__).parents[1] / "mail" / "folders" / "returned.mbox"


@pytest.fixture
def mail(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailing]:
    with running_mail(tmp_path, engine, monkeypatch) as running:
        yield running


@pytest.fixture
def sent(mail: Mailing) -> int:
    number = mail.to_people(people(12)).mailing
    mail.send(number)
    mail.work()
    return number


def id_of(mail: Mailing, address: str) -> str:
    return str(mail.office.to(address)[0]["Message-ID"])


def test_a_message_that_came_back_is_marked_once_and_no_reminder_goes_there(
    mail: Mailing, sent: int, tmp_path: Path
) -> None:
    folder = returned(tmp_path, "P003@Example.org", id_of(mail, "p003@example.org"), "No such user")
    first, again = mark_returned(mail.engine, folder), mark_returned(mail.engine, folder)
    assert first.marked == (("p003@example.org", "5.1.1 550 No such user"),)
    assert (again.marked, again.not_ours) == ((), 1)
    assert mail.states(sent)["p003@example.org"] == "returned"
    reminder = send_invitations.draft_reminder(mail.engine, sent, TEXT, mail.by, DURING).mailing
    assert sorted(mail.states(reminder)) == [p for p in people(12) if p != "p003@example.org"]


def test_a_report_about_another_message_marks_nobody(mail: Mailing, sent: int, tmp_path: Path) -> None:
    folder = returned(tmp_path, "p003@example.org", "<of-somebody-else@example.com>", "No such user")
    found = mark_returned(mail.engine, folder)
    assert (found.marked, found.not_ours) == ((), 1)
    assert mail.counts(sent) == {"sent": 12}


def test_a_report_that_names_no_message_marks_by_address(mail: Mailing, sent: int, tmp_path: Path) -> None:
    assert mark_returned(mail.engine, returned(tmp_path, "p003@example.org", "", "Gone")).marked
    assert mail.counts(sent) == {"sent": 11, "returned": 1}


def test_what_was_found_is_told_in_sentences(mail: Mailing, sent: int, tmp_path: Path) -> None:
    lines = mark_returned(mail.engine, FOLDER).sentences()
    assert lines[0] == "0 addresses were marked: no reminder goes there."
    assert "4 failures are of no message of ours, or marked already." in lines
    assert "1 report says that delivery is late; nothing was marked." in lines
    assert "2 messages are no delivery report. Look at what is written there." in lines
    assert lines[-1].startswith("Delete the folder now")
