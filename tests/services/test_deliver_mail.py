"""Is every message sent once and never twice, whatever the mail server and the worker do?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.services import deliver_mail, run_survey, send_invitations
from audit_engine.services.letters import suggested
from audit_engine.services.send_invitations import MailRefused, Text
from audit_engine.services.stop_mail import hash_in, stop
from audit_engine.services.survey_words import SurveySaid
from audit_engine.services.take_survey import survey_at
from audit_engine.storage.engine import reading
from tests.services.mailing import SITE, TEXT, Mailing, link_in, people, running_mail, text_of
from tests.services.pulse import BEFORE_TURN, YES
from tests.services.tiny import DURING


@pytest.fixture
def mail(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailing]:
    with running_mail(tmp_path, engine, monkeypatch) as running:
        yield running


def test_nothing_is_sent_before_a_person_says_so(mail: Mailing) -> None:
    number = mail.to_people(people(12)).mailing
    assert mail.work() == []
    assert mail.office.taken == []
    assert mail.send(number) is True
    assert mail.work() == [True]
    assert sorted(mail.office.addresses) == people(12)
    assert mail.counts(number) == {"sent": 12}


def test_pressing_send_twice_sends_once(mail: Mailing) -> None:
    number = mail.to_people(people(12)).mailing
    assert (mail.send(number), mail.send(number)) == (True, False)
    mail.work()
    assert len(mail.office.taken) == 12


def test_each_person_gets_a_link_of_their_own_that_opens_the_survey_once(mail: Mailing) -> None:
    mail.send(mail.to_people(people(12)).mailing)
    mail.work()
    links = {who: link_in(message) for who, message in mail.office.taken}
    assert len(set(links.values())) == 12
    token = links["p003@example.org"].rsplit("/", 1)[1]
    assert mail.pulse.reply(YES, token=token).done
    with reading(mail.engine) as connection:
        door = survey_at(connection, mail.pulse.world.definitions, token, BEFORE_TURN)
    assert (door.state, door.kind, door.organisation) == ("used", "one-use link", "Otter School")


def test_the_message_says_what_every_message_must(mail: Mailing) -> None:
    mail.send(mail.to_people(people(11)).mailing)
    mail.work()
    message = mail.office.to("p000@example.org")[0]
    text = " ".join(text_of(message).split())
    for said in (
        "Dear colleague, please tell us.", "It closes at the end of Friday 30 October 2026.",
        "Pulse 2026" if "Pulse 2026" in TEXT.words else "It helps.", "serves once",
        "We do not keep which link went to which address", "This is not the place to report a child at risk.",
        "write to team@tiny.example.org",
    ):  # fmt: skip
        assert said in text, said
    assert message["Subject"] == TEXT.subject
    assert str(message["List-Unsubscribe"]).startswith(f"<{SITE}/no-more-mail/")


def test_contacts_are_asked_to_pass_their_own_organisation_s_link_on(mail: Mailing) -> None:
    number = mail.to_contacts({"otters": ["head@otters.example.org"], "badgers": ["head@badgers.example.org"]}).mailing
    mail.send(number)
    mail.work()
    for organisation, name in (("otters", "Otter School"), ("badgers", "Badger School")):
        (message,) = mail.office.to(f"head@{organisation}.example.org")
        assert link_in(message).endswith(mail.pulse.token(organisation))
        assert f"everybody who works for {name}" in " ".join(text_of(message).split())


def test_an_address_that_is_refused_is_written_down_and_the_others_go_out(mail: Mailing) -> None:
    mail.office.at_rcpt["p004@example.org"] = ["550 No such user"]
    number = mail.to_people(people(12)).mailing
    mail.send(number)
    mail.work()
    assert mail.counts(number) == {"sent": 11, "refused": 1}
    (trouble,) = mail.seen(number).troubles
    assert (trouble.address, trouble.reason) == ("p004@example.org", "550 No such user")


def test_a_passing_fault_is_tried_again_with_the_same_link_and_longer_waits(mail: Mailing) -> None:
    mail.office.at_data["p004@example.org"] = ["451 Not now", "451 Still not"]
    number = mail.to_people(people(12)).mailing
    mail.send(number)
    mail.work()
    assert mail.counts(number) == {"sent": 11, "waiting": 1}
    seen = mail.seen(number)
    assert (seen.working, seen.stuck, seen.next_try) == (True, False, DURING + timedelta(minutes=5))
    hashes = {row["hash"] for row in mail.rows("survey_ticket")}
    for minutes in (4, 6, 25, 27):
        mail.moment[0] = DURING + timedelta(minutes=minutes)
        mail.work()
    assert mail.counts(number) == {"sent": 12}
    assert len(mail.office.to("p004@example.org")) == 1
    assert {row["hash"] for row in mail.rows("survey_ticket")} == hashes, "no link was made for one person alone"


def test_after_the_last_try_the_address_is_given_up_until_a_person_says_again(mail: Mailing) -> None:
    mail.office.at_rcpt["p004@example.org"] = ["450 Busy"] * 6
    number = mail.to_people(people(12)).mailing
    mail.send(number)
    for delay in (timedelta(0), *deliver_mail.DELAYS):
        mail.moment[0] += delay + timedelta(seconds=1)
        mail.work()
    assert mail.counts(number) == {"sent": 11, "failed": 1}
    assert mail.seen(number).troubles[0].reason == "450 Busy"
    assert send_invitations.try_again(mail.engine, number, mail.by, mail.moment[0]) == 1
    mail.work()
    assert mail.counts(number) == {"sent": 12}


def test_while_the_mail_server_is_away_everything_waits_and_the_page_says_why(
    mail: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = mail.to_people(people(12)).mailing
    mail.send(number)
    with monkeypatch.context() as patch:
        patch.setenv("MAIL_PORT", "9")
        mail.work()
    seen = mail.seen(number)
    assert seen.counts == {"waiting": 12}
    assert "The mail server 127.0.0.1:9 cannot be reached" in seen.fault
    mail.moment[0] += timedelta(minutes=6)
    mail.work()
    assert mail.counts(number) == {"sent": 12}


@pytest.mark.parametrize(
    "name, value, said",
    [("MAIL_FROM", "", "MAIL_FROM is not"), ("MAIL_TLS", "starttls", "does not offer what MAIL_TLS")],
)
def test_wrong_settings_stop_the_work_with_a_sentence_and_lose_nothing(
    mail: Mailing, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    number = mail.to_people(people(12)).mailing
    mail.send(number)
    with monkeypatch.context() as patch:
        patch.setenv(name, value)
        assert mail.work() == [False] * 3
    seen = mail.seen(number)
    assert said in seen.fault and seen.stuck
    send_invitations.try_again(mail.engine, number, mail.by, mail.moment[0])
    mail.work()
    assert mail.counts(number) == {"sent": 12}


class Died(BaseException):
    """The worker's process ends here."""


def die(*_: object) -> None:
    raise Died


def test_a_crash_between_sending_and_writing_it_down_never_sends_twice(
    mail: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = mail.to_contacts({"otters": ["a@example.org"], "badgers": ["b@example.org"]}).mailing
    mail.send(number)
    with monkeypatch.context() as patch:
        patch.setattr(deliver_mail, "_finish", die)
        with pytest.raises(Died):
            mail.work()
    assert mail.office.addresses == ["a@example.org"] or mail.office.addresses == ["b@example.org"]
    (left,) = mail.office.addresses
    mail.restart()
    mail.moment[0] += timedelta(minutes=11)
    mail.work()
    assert sorted(mail.office.addresses) == ["a@example.org", "b@example.org"], "the other one, and nobody twice"
    assert mail.states(number)[left] == "unknown"
    assert "nobody knows whether it left" in mail.seen(number).troubles[0].reason
    # A person decides: the same message, known by the same id, so that many mailboxes show it once.
    assert send_invitations.send_again(mail.engine, number, mail.by, mail.moment[0]) == 1
    mail.work()
    assert mail.counts(number) == {"sent": 2}
    first, second = mail.office.to(left)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_crash_before_sending_is_not_taken_for_sent(mail: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    number = mail.to_contacts({"otters": ["a@example.org"]}).mailing
    mail.send(number)
    with monkeypatch.context() as patch:
        patch.setattr(deliver_mail, "compose", die)
        with pytest.raises(Died):
            mail.work()
    mail.moment[0] += timedelta(minutes=11)
    mail.work()
    assert (mail.office.taken, mail.states(number)) == ([], {"a@example.org": "unknown"})


def test_two_workers_on_one_batch_send_each_message_once(mail: Mailing) -> None:
    number = mail.to_people(people(12)).mailing
    mail.send(number)
    (work,) = deliver_mail_work(mail)
    world = mail.pulse.world
    inner: list[object] = []

    def meanwhile(_to: str) -> None:
        if not inner:
            inner.append("entered")
            mail.office.before_answering = None
            deliver_mail.do_mailing(mail.engine, world.definitions, world.instance, work, DURING, lambda _: None)

    deliver_mail.do_mailing(mail.engine, world.definitions, world.instance, work, DURING, lambda _: meanwhile(""))
    assert sorted(mail.office.addresses) == people(12)
    assert mail.counts(number) == {"sent": 12}


def deliver_mail_work(mail: Mailing) -> list[dict[str, object]]:
    from audit_engine.storage import outbox

    with reading(mail.engine) as connection:
        found = [outbox.work_of(connection, row["id"]) for row in mail.rows("outbox")]
    return [dict(work) for work in found if work is not None]


def test_a_restart_gives_new_links_to_eleven_or_more_and_to_fewer_none(
    mail: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_one, limit = deliver_mail._send_one, [4]

    def until_it_dies(*arguments: object) -> bool:
        limit[0] -= 1
        if limit[0] < 0:
            raise Died
        return send_one(*arguments)  # type: ignore[arg-type]

    number = mail.to_people(people(25)).mailing
    mail.send(number)
    for first in (4, 12):  # 21 are left, then 9
        limit[0] = first
        with monkeypatch.context() as patch:
            patch.setattr(deliver_mail, "_send_one", until_it_dies)
            with pytest.raises(Died):
                mail.work()
        mail.restart()
        mail.moment[0] += timedelta(minutes=11)
    mail.work()
    assert mail.counts(number) == {"sent": 16, "held": 9}
    assert len(mail.rows("survey_ticket")) == 25 + 21, "none was made for the nine"
    assert "Give this person the open link." in mail.seen(number).troubles[0].reason
    tokens = [link_in(m).rsplit("/", 1)[1] for _, m in mail.office.taken]
    with reading(mail.engine) as connection:
        doors = {survey_at(connection, mail.pulse.world.definitions, t, BEFORE_TURN).state for t in tokens}
    assert doors == {"open"}


def test_who_may_have_had_a_link_of_their_own_gets_no_second(mail: Mailing) -> None:
    mail.office.at_data["p000@example.org"] = ["hang up"]
    number = mail.to_people(people(11)).mailing
    mail.send(number)
    mail.work()
    assert mail.counts(number) == {"sent": 10, "unknown": 1}
    with pytest.raises(MailRefused, match="a second one would let them answer twice"):
        send_invitations.send_again(mail.engine, number, mail.by, DURING)


def test_reminders_go_to_everybody_whom_the_invitation_reached_and_hold_no_link(mail: Mailing) -> None:
    mail.office.at_rcpt["p004@example.org"] = ["550 No such user"]
    first = mail.to_people(people(12)).mailing
    mail.send(first)
    mail.work()
    answered = next(message for who, message in mail.office.taken if who == "p001@example.org")
    assert mail.pulse.reply(YES, token=link_in(answered).rsplit("/", 1)[1]).done
    reminder = send_invitations.draft_reminder(mail.engine, first, TEXT, mail.by, DURING).mailing
    mail.office.taken.clear()
    mail.send(reminder)
    mail.work()
    assert sorted(mail.office.addresses) == [p for p in people(12) if p != "p004@example.org"]
    text = " ".join(text_of(mail.office.to("p001@example.org")[0]).split())
    assert f"{SITE}/s/" not in text
    assert "our message of Monday 5 October 2026 with the subject “What do you see?”" in text
    assert "We cannot see who has, so this reminder goes to everybody." in text
    assert len(mail.rows("survey_ticket")) == 12


def test_a_reminder_to_contacts_brings_the_link_again_and_accuses_nobody(mail: Mailing) -> None:
    first = mail.to_contacts({"otters": ["ada@example.org"], "badgers": ["sam@example.org"]}).mailing
    mail.send(first)
    mail.work()
    assert mail.pulse.reply(YES, token=mail.pulse.token("otters")).done
    said = SurveySaid("What do you see?", "A promise.", "It takes a minute.", DURING.date())
    subject, words = suggested("contacts", "reminder", said)
    mail.office.taken.clear()
    mail.send(send_invitations.draft_reminder(mail.engine, first, Text(subject, words), mail.by, DURING).mailing)
    mail.work()
    assert sorted(mail.office.addresses) == ["ada@example.org", "sam@example.org"]
    texts = [" ".join(text_of(mail.office.to(one)[0]).split()) for one in ("ada@example.org", "sam@example.org")]
    for text, organisation in zip(texts, ("otters", "badgers"), strict=True):
        assert f"{SITE}/s/{mail.pulse.token(organisation)}" in text
        assert "whether many or few of their colleagues have answered. We cannot see who has." in text
        assert not re.search(r"you have not|have not answered|not yet answered|your staff have|[Rr]emind your", text)


def test_who_asked_for_no_more_gets_none_not_even_when_the_message_waits_already(mail: Mailing) -> None:
    mail.send(mail.to_people(people(12)).mailing)
    mail.work()
    stop_link = str(mail.office.to("p002@example.org")[0]["List-Unsubscribe"]).strip("<>")
    secret = mail.pulse.world.instance.secret_key()
    hashed = hash_in(stop_link.rsplit("/", 1)[1], secret)
    assert hashed is not None
    waiting = mail.to_people(people(13)).mailing
    mail.send(waiting)
    stop(mail.engine, hashed, DURING.date())
    mail.work()
    assert mail.states(waiting)["p002@example.org"] == "stopped"
    assert len(mail.office.to("p002@example.org")) == 1
    later = mail.to_people(people(13))
    assert later.left_out == ("1 person has asked for no more messages and will get none.",)
    twice = mail.to_people([*people(13), *people(1)])
    assert twice.left_out[0] == "1 address stood in the list more than once."
    assert "p002@example.org" not in mail.states(later.mailing)
    assert [set(row) for row in mail.rows("mail_stop")] == [{"address_hash", "asked_on"}]


@pytest.mark.parametrize("change", ["", "x", "0" * 96])
def test_only_a_link_of_ours_stops_mail(mail: Mailing, change: str) -> None:
    secret = mail.pulse.world.instance.secret_key()
    assert hash_in(change, secret) is None
    assert hash_in("é" * 96, secret) is None


def test_a_survey_that_closed_sends_nothing_more_and_forgets_every_address(mail: Mailing) -> None:
    sent = mail.to_people(people(12)).mailing
    mail.send(sent)
    mail.work()
    draft = mail.to_people(people(11, 50)).mailing
    late = mail.to_people(people(11, 100)).mailing
    mail.send(late)
    mail.pulse.close()
    mail.work()
    assert len(mail.office.taken) == 12
    assert mail.rows("mail_recipient") == []
    assert {row["id"] for row in mail.rows("mailing")} == {sent, late}
    assert draft not in {row["id"] for row in mail.rows("mailing")}
    assert (mail.seen(sent).counts, mail.seen(late).counts) == ({"sent": 12}, {"waiting": 11})
    with pytest.raises(MailRefused, match="is closed, so nobody is written to"):
        mail.to_people(people(12))


def test_a_draft_that_is_thrown_away_leaves_no_address(mail: Mailing) -> None:
    number = mail.to_people(people(12)).mailing
    send_invitations.discard(mail.engine, number)
    assert (mail.rows("mailing"), mail.rows("mail_recipient")) == ([], [])
    sent = mail.to_people(people(12)).mailing
    mail.send(sent)
    with pytest.raises(MailRefused, match="cannot be thrown away"):
        send_invitations.discard(mail.engine, sent)


@pytest.mark.parametrize(
    "addresses, said",
    [([], "The list has 0 people"), (people(10), "at least 11 people at once"), (people(1), "The list has 1 person"),
     ([*people(12), "nonsense"], "Line 13 holds no e-mail address"), ([*people(12), "a@b"], "Line 13")],
)  # fmt: skip
def test_a_list_that_will_not_do_is_refused_and_nothing_is_kept(mail: Mailing, addresses: list[str], said: str) -> None:
    with pytest.raises(MailRefused, match=said):
        mail.to_people(addresses)
    assert mail.rows("mailing") == []


def test_strangers_and_missing_links_are_refused(mail: Mailing) -> None:
    with pytest.raises(MailRefused, match="No organisation is called weasels"):
        mail.to_people(people(12), "weasels")
    with pytest.raises(MailRefused, match="at least one organisation"):
        mail.to_contacts({"otters": []})
    with pytest.raises(MailRefused, match="There is no link to send for closed"):
        mail.to_contacts({"closed": ["a@example.org"]})


def test_a_long_list_goes_out_in_batches_of_which_none_is_small(mail: Mailing) -> None:
    for size in (11, 60, 61, 125, 20_000):
        batches = send_invitations.in_batches(list(range(size)))
        assert sorted(n for batch in batches for n in batch) == list(range(size))
        assert min(map(len, batches)) >= 11
        assert max(map(len, batches)) <= send_invitations.MOST_IN_BATCH
    number = mail.to_people(people(61)).mailing
    mail.send(number)
    assert len(mail.rows("outbox")) == 2
    mail.work()
    assert mail.counts(number) == {"sent": 61}


def test_whoever_is_sent_a_link_counts_as_invited_where_nobody_gave_a_number(mail: Mailing) -> None:
    run_survey.invited(mail.engine, "pulse", "badgers", 40)
    for organisation in ("otters", "badgers"):
        mail.send(mail.to_people(people(12), organisation).mailing)
    with reading(mail.engine) as connection:
        invited = {t.organisation: t.invited for t in run_survey.turnout_of(connection, "pulse")}
    assert (invited["otters"], invited["badgers"]) == (12, 40)
