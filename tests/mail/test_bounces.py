"""Are delivery failures found in a folder of mail, and is every other file refused with a sentence?"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_engine.mail.bounces import Failure, FolderRead, NotAMailFolder, read_folder

FOLDER = Path(__file__).parent / "folders" / "returned.mbox"


@pytest.fixture(scope="module")
def found() -> FolderRead:
    return read_folder(FOLDER)


def test_failures_are_found_with_their_reason_and_their_message(found: FolderRead) -> None:
    assert found.failures[:3] == (
        Failure(
            "gone@example.org",
            "5.1.1 550 5.1.1 <gone@example.org>: Recipient address rejected: User unknown",
            "<gone@tiny.example.org>",
        ),
        Failure("full@example.org", "4.2.2 452 4.2.2 Mailbox full; message …", "<full@tiny.example.org>"),
        Failure("second@example.org", "5.7.1", "<full@tiny.example.org>"),
    )


def test_a_report_in_the_newer_format_is_read_too_and_odd_addresses_are_passed_over(found: FolderRead) -> None:
    assert [f.address for f in found.failures[3:]] == ["gr@example.org"]


def test_delays_and_other_mail_are_counted_and_mark_nobody(found: FolderRead) -> None:
    assert (found.delays, found.others) == (1, 2)
    assert not {f.address for f in found.failures} & {"late@example.org", "ada@example.org"}


def test_a_folder_is_left_as_it_was(tmp_path: Path) -> None:
    copy = tmp_path / "copy.mbox"
    copy.write_bytes(FOLDER.read_bytes())
    read_folder(copy)
    assert copy.read_bytes() == FOLDER.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["copy.mbox"]


@pytest.mark.parametrize(
    "content, why",
    [(b"", "it is empty"), (b"Return-Path: <>\n\nHello", "does not start with"), (b"\x00\x01\x02", "does not start"),
     (b"PK\x03\x04", "does not start"), (b"email,link\n", "does not start")],
)  # fmt: skip
def test_any_other_file_is_refused_with_what_to_do(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "bounces.txt"
    file.write_bytes(content)
    with pytest.raises(NotAMailFolder, match=why) as told:
        read_folder(file)
    assert "bounces.txt is not a folder of mail" in str(told.value) and "mbox format" in str(told.value)


@pytest.mark.parametrize(
    "message",
    [
        b"From x\nContent-Type: multipart/report; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n--a--\n",
        b"From x\nContent-Type: message/delivery-status\n\nAction: failed\nFinal-Recipient: rfc822; \xff\xfe@x.org\n",
        b"From x\nContent-Type: multipart/report; boundary=a\n\nno parts at all\n",
        b"From x\nContent-Type: multipart/report; report-type=delivery-status; boundary=a\n\n--a\n"
        b"Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n!!!!\n--a--\n",
        b"From \n",
        b"From x\n" + b"A: b\n" * 3000,
    ],
)
def test_broken_mail_never_ends_in_a_traceback(tmp_path: Path, message: bytes) -> None:
    file = tmp_path / "broken.mbox"
    file.write_bytes(message)
    assert read_folder(file).failures == ()
