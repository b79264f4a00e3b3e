"""Are links for a mail-merge handed over once, with the address, and kept nowhere together?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services.mail_merge import merge_file
from audit_engine.services.send_invitations import MailRefused, discard
from tests.services.mailing import SITE, Mailing, people, running_mail
from tests.services.pulse import YES
from tests.services.tiny import DURING


@pytest.fixture
def mail(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailing]:
    with running_mail(tmp_path, engine, monkeypatch) as running:
        yield running


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith("\ufeff".encode())
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_address_gets_a_link_that_serves_once(mail: Mailing) -> None:
    number = mail.to_people(people(12)).mailing
    made = merge_file(mail.engine, number, SITE, mail.by, DURING)
    rows = rows_of(made.content)
    assert made.name == "pulse-links-2026-10-05.csv"
    assert [row["email"] for row in rows] == people(12)
    assert {(row["organisation"], row["closes"]) for row in rows} == {("Otter School", "Friday 30 October 2026")}
    assert len({row["link"] for row in rows}) == 12
    token = rows[0]["link"].removeprefix(f"{SITE}/s/")
    assert mail.pulse.reply(YES, token=token).done


def test_the_file_is_made_once_and_the_addresses_go(mail: Mailing) -> None:
    number = mail.to_people(people(12)).mailing
    content = merge_file(mail.engine, number, SITE, mail.by, DURING).content
    with pytest.raises(MailRefused, match="was downloaded already, and nothing of it is kept"):
        merge_file(mail.engine, number, SITE, mail.by, DURING)
    assert len(mail.rows("survey_ticket")) == 12
    assert mail.rows("mail_recipient") == []
    assert mail.seen(number).counts == {"downloaded": 12}
    tokens = [row["link"].rsplit("/", 1)[1] for row in rows_of(content)]
    stored = repr([mail.rows(name) for name in ("mailing", "survey_ticket", "trail", "outbox", "survey_turnout")])
    assert not [token for token in tokens if token in stored]
    assert "p000@example.org" not in stored


def test_no_cell_is_a_formula(mail: Mailing) -> None:
    odd = ["=1+1@example.org", "+44@example.org", "-x@example.org"]
    number = mail.to_people([*people(12), *odd]).mailing
    content = merge_file(mail.engine, number, SITE, mail.by, DURING).content
    cells = [cell for row in csv.reader(StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=1+1@example.org" in cells


def test_only_a_drafted_list_of_people_can_be_downloaded(mail: Mailing) -> None:
    contacts = mail.to_contacts({"otters": ["head@example.org"]}).mailing
    sent = mail.to_people(people(12)).mailing
    gone = mail.to_people(people(12)).mailing
    mail.send(sent)
    discard(mail.engine, gone)
    for number, said in ((contacts, "no such list"), (sent, "downloaded already"), (gone, "no such list")):
        with pytest.raises(MailRefused, match=said):
            merge_file(mail.engine, number, SITE, mail.by, DURING)
    assert mail.rows("survey_ticket") == []
