"""Can somebody who holds the whole database, every back-up and the log tell which link went to whom?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.services import deliver_mail, send_invitations
from audit_engine.services.mail_addresses import address_hash
from audit_engine.services.mark_returned import mark_returned
from audit_engine.services.sealing import hash_of
from audit_engine.storage import all_models
from audit_engine.storage.anonymous_models import survey_ticket
from audit_engine.storage.engine import reading
from audit_engine.storage.mail_models import mail_recipient, mailing
from tests.services.mailing import SITE, TEXT, Mailing, link_in, people, running_mail
from tests.services.pulse import YES
from tests.services.tiny import DURING

STAFF, RUNS = 30, 12
#: The mean of RUNS guesses has a standard error of 1 / sqrt(RUNS), 0.29: this is nearly four of them.
BY_CHANCE = 2.1


@pytest.fixture
def mail(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailing]:
    with running_mail(tmp_path, engine, monkeypatch) as running:
        yield running


def tokens_by_address(mail: Mailing) -> dict[str, str]:
    return {who: link_in(message).rsplit("/", 1)[1] for who, message in mail.office.taken}


def everything(mail: Mailing) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    with reading(mail.engine) as connection:
        return {
            name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for name, table in all_models.METADATA.tables.items()
        }


def returned(folder: Path, address: str, message_id: str, quoted: str) -> Path:
    file = folder / "returned.mbox"
    file.write_text(
        "From MAILER-DAEMON Mon Oct  5 12:10:00 2026\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 {quoted}\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {message_id}\n\n{quoted}\n\n--b--\n"
    )
    return file


@pytest.fixture
def whole_campaign(mail: Mailing, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """Invite, answer, refuse, hang up, send back, remind; return everybody's token."""
    caplog.set_level(logging.DEBUG)
    number = mail.to_people(people(STAFF)).mailing
    mail.office.at_data["p001@example.org"] = ["hang up"]
    mail.office.at_data["p002@example.org"] = ["451 later", "451 later"]
    mail.send(number)
    mail.work()
    tokens = tokens_by_address(mail)
    for address in list(tokens)[::2]:
        assert mail.pulse.reply(YES, token=tokens[address]).done
    back = mail.office.to("p005@example.org")[0]
    quoted = f"{SITE}/s/{tokens['p005@example.org']}"
    folder = returned(tmp_path, "p005@example.org", str(back["Message-ID"]), quoted)
    assert mark_returned(mail.engine, folder).marked
    folder.unlink()
    mail.send(send_invitations.draft_reminder(mail.engine, number, TEXT, mail.by, DURING).mailing)
    mail.office.at_data["p006@example.org"] = [f"554 {quoted} is on a list"]
    mail.work()
    return tokens


def test_no_token_lies_anywhere(
    mail: Mailing, whole_campaign: dict[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored = repr(everything(mail))
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(whole_campaign) >= STAFF - 1
    for token in whole_campaign.values():
        assert hash_of(token) in stored, "the attack would find what is there"
        assert token not in stored
        assert not [1 for content in files if token.encode() in content]
        assert token not in caplog.text


def test_no_row_holds_an_address_and_a_link_s_hash(mail: Mailing, whole_campaign: dict[str, str]) -> None:
    hashes = {hash_of(token) for token in whole_campaign.values()}
    of_addresses = {address_hash(address) for address in whole_campaign}
    tables = everything(mail)
    assert {row["hash"] for row in tables["survey_ticket"]} >= hashes
    for name, rows in tables.items():
        for row in rows:
            said = repr(row)
            names_somebody = "@example.org" in said or any(h in said for h in of_addresses)
            assert not (names_somebody and any(h in said for h in hashes)), name
    assert not {h for h in hashes if any(h in repr(row) for row in tables["mail_recipient"] + tables["outbox"])}


def test_the_tables_have_nothing_to_join_them_by() -> None:
    assert set(mail_recipient.c.keys()) == {
        "id", "mailing_id", "organisation_id", "address", "batch", "state", "reason", "message_id",
    }  # fmt: skip
    assert set(survey_ticket.c.keys()) == {"hash", "cycle_id", "organisation_id", "used"}
    for table in (mail_recipient, mailing):
        assert "survey_ticket" not in {key.column.table.name for key in table.foreign_keys}
    assert {key.column.table.name for key in survey_ticket.foreign_keys} == {"cycle"}


def test_who_answered_changes_nothing_of_what_is_kept_about_addresses(mail: Mailing) -> None:
    number = mail.to_people(people(STAFF)).mailing
    mail.send(number)
    mail.work()
    before = {name: rows for name, rows in everything(mail).items() if not name.startswith("survey_")}
    for token in list(tokens_by_address(mail).values())[:11]:
        assert mail.pulse.reply(YES, token=token).done
    after = {name: rows for name, rows in everything(mail).items() if not name.startswith("survey_")}
    assert before == after


def test_back_ups_taken_between_any_two_messages_differ_in_addresses_alone(mail: Mailing) -> None:
    mail.office.at_data["p003@example.org"] = ["451 later"]
    seen: list[frozenset[str]] = []
    mail.office.before_answering = lambda _to: seen.append(frozenset(r["hash"] for r in mail.rows("survey_ticket")))
    number = mail.to_people(people(STAFF)).mailing
    mail.send(number)
    mail.work()
    mail.moment[0] += deliver_mail.DELAYS[0] * 2
    mail.work()
    assert mail.counts(number) == {"sent": STAFF}
    assert len(seen) == STAFF + 1
    assert len(seen[0]) == STAFF and len(set(seen)) == 1, "all links of a batch are made at once, before the first"


def test_pairing_addresses_with_links_in_any_order_does_no_better_than_guessing(mail: Mailing) -> None:
    found: dict[tuple[str, str], list[int]] = {}
    for run in range(RUNS):
        mail.office.taken.clear()
        number = mail.to_people(people(STAFF, run * STAFF)).mailing
        known = {row["hash"] for row in mail.rows("survey_ticket")}
        mail.send(number)
        mail.work()
        truth = {address: hash_of(token) for address, token in tokens_by_address(mail).items()}
        addresses = {
            "by number": [r["address"] for r in mail.rows("mail_recipient ORDER BY id") if r["address"] in truth],
            "by name": sorted(truth),
            "as they were sent": mail.office.addresses,
            "by message": [
                r["address"] for r in mail.rows("mail_recipient ORDER BY message_id") if r["address"] in truth
            ],
        }
        links = {
            "as they lie": [r["hash"] for r in mail.rows("survey_ticket") if r["hash"] not in known],
            "by hash": sorted(truth.values()),
        }
        for (one, some), (other, hashes) in ((a, h) for a in addresses.items() for h in links.items()):
            right = sum(truth[address] == h for address, h in zip(some, hashes, strict=True))
            found.setdefault((one, other), []).append(right)
    for orders, right in found.items():
        assert mean(right) <= BY_CHANCE, (orders, right)
