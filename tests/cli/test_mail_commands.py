"""Do the commands of mail say what they did, and refuse in sentences?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.mail.server import PostOffice

FOLDER = Path(__file__).parents[1] / "mail" / "folders" / "returned.mbox"


def test_a_test_message_is_sent_and_said_to_be(run: Run, office: PostOffice) -> None:
    found = run("mail", "test", "ada@example.org")
    assert (found.exit_code, office.addresses) == (0, ["ada@example.org"])
    assert "The mail server took a message to ada@example.org." in found.stdout
    assert office.to("ada@example.org")[0]["Subject"] == "Test of mail from Tiny Partnership"


def test_what_is_wrong_with_mail_is_a_sentence(run: Run, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "“ada” is no e-mail address" in run("mail", "test", "ada").stderr
    office.at_rcpt["ada@example.org"] = ["550 No such user"]
    refused = run("mail", "test", "ada@example.org")
    assert (refused.exit_code, refused.stderr) == (
        1, "Error: ada@example.org was not written to: 550 No such user\n",
    )  # fmt: skip
    monkeypatch.setenv("MAIL_PORT", "9")
    assert "The mail server 127.0.0.1:9 cannot be reached" in run("mail", "test", "ada@example.org").stderr
    monkeypatch.delenv("MAIL_FROM")
    assert "but MAIL_FROM is not." in run("mail", "test", "ada@example.org").stderr
    for name in ("MAIL_HOST", "MAIL_PORT", "MAIL_TLS", "MAIL_A_MINUTE"):
        monkeypatch.delenv(name)
    assert "No mail server is set up. See docs/deploying.md." in run("mail", "test", "ada@example.org").stderr


def test_delivery_failures_are_read_and_told(run: Run) -> None:
    found = run("mail", "bounces", str(FOLDER))
    assert found.exit_code == 0
    assert "0 addresses were marked: no reminder goes there." in found.stdout
    assert "Delete the folder now" in found.stdout


def test_a_file_that_is_no_folder_of_mail_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("email,link\n")
    refused = run("mail", "bounces", str(file))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: list.csv is not a folder of mail: its first line does not start")
    missing = run("mail", "bounces", str(tmp_path / "nothing.mbox"))
    assert (missing.exit_code, "No such file" in missing.stderr) == (1, True)
