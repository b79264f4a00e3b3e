"""Are the addresses of a pasted or uploaded list found, and is what is wrong with it told line by line?"""

from __future__ import annotations

import pytest

from audit_engine.services.mail_addresses import address_hash, address_of, addresses_in, decoded


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org\nsam@example.org",
        "ADA@example.org, Sam@Example.org;ada@example.org",
        "Name,E-mail\nAda,ada@example.org\nSam,sam@example.org\n",
        "\ufeffe-mail\r\nada@example.org\r\n\r\nsam@example.org\r\n",
        'Ada <ada@example.org>\n"Sam, S" <mailto:sam@example.org>',
        "ada@example.org\tsam@example.org",
    ],
)
def test_addresses_are_found_in_every_usual_form(text: str) -> None:
    found = addresses_in(text)
    assert (found.found, found.faults) == (("ada@example.org", "sam@example.org"), ())


def test_an_address_that_comes_twice_is_taken_once_and_told() -> None:
    found = addresses_in("ada@example.org\nADA@EXAMPLE.ORG\nada@example.org")
    assert (found.found, found.twice) == (("ada@example.org",), 2)


def test_faults_are_told_by_line_and_not_all_of_a_thousand() -> None:
    found = addresses_in("ada@example.org\nSam Smith\nsam@example\n@example.org\nada..b@example.org")
    assert [fault.split(":")[0] for fault in found.faults] == [
        "Line 2 holds no e-mail address", "Line 3", "Line 4", "Line 5",
    ]  # fmt: skip
    many = addresses_in("\n".join(["first"] + ["nobody"] * 1000))
    assert len(many.faults) == 11
    assert many.faults[-1] == "990 more lines have such faults."


@pytest.mark.parametrize(
    "text",
    ["ada@example.org\r\nBcc: x@example.org", "ada@exa mple.org", "ada@example", "ada@1.2.3.4", "ada@-x.org", "@x.org",
     ".ada@x.org", "ada.@x.org", "a@" + "x" * 64 + ".org", "a" * 65 + "@x.org", "grü@x.org", "a@b@x.org", "",
     "a@x..org"],
)  # fmt: skip
def test_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert address_of(text) is None


def test_an_address_is_one_whatever_its_case() -> None:
    assert address_of(" Ada.Lovelace+x@Example.Org ") == "ada.lovelace+x@example.org"
    assert address_hash("Ada@example.org") == address_hash("ada@example.org")
    assert "ada" not in address_hash("ada@example.org")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_every_usual_kind_are_read(encoding: str) -> None:
    assert decoded("Renée,renee@example.org".encode(encoding)) == "Renée,renee@example.org"


def test_a_workbook_is_no_list() -> None:
    with pytest.raises(UnicodeError):
        decoded(b"PK\x03\x04\x00\x00")
