"""Are settings of mail taken whole or not at all, with a sentence that says what is missing?"""

from __future__ import annotations

import pytest

from audit_engine.mail.settings import MailSettingsFault, mail_settings, site_address

WHOLE = {
    "MAIL_HOST": "smtp.example.org",
    "MAIL_FROM": "Tiny Partnership <surveys@example.org>",
    "AUDIT_ADDRESS": "https://audits.example.org/",
}


def test_no_settings_mean_no_mail() -> None:
    assert mail_settings({}) is None
    assert mail_settings({"AUDIT_ADDRESS": "https://audits.example.org"}) is None
    assert mail_settings({"MAIL_HOST": " ", "MAIL_FROM": ""}) is None


def test_three_settings_are_enough() -> None:
    found = mail_settings(WHOLE)
    assert found is not None
    assert (found.host, found.port, found.security) == ("smtp.example.org", 587, "starttls")
    assert (found.sender, found.sender_name, found.domain) == ("surveys@example.org", "Tiny Partnership", "example.org")
    assert (found.site, found.a_minute, found.user) == ("https://audits.example.org", 120, "")


@pytest.mark.parametrize("security, port", [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_from_how_the_line_is_secured(security: str, port: int) -> None:
    found = mail_settings({**WHOLE, "MAIL_TLS": security})
    assert found is not None
    assert found.port == port


@pytest.mark.parametrize(
    "settings, said",
    [
        ({"MAIL_HOST": "smtp.example.org"}, "MAIL_HOST is set, but MAIL_FROM and AUDIT_ADDRESS are not."),
        ({"MAIL_PASSWORD": "x", "MAIL_USER": "y"}, "MAIL_USER, MAIL_PASSWORD are set, but MAIL_HOST"),
        ({**WHOLE, "AUDIT_ADDRESS": ""}, "but AUDIT_ADDRESS is not."),
        ({**WHOLE, "AUDIT_ADDRESS": "audits.example.org"}, "Write it like https://audits.example.org."),
        ({**WHOLE, "AUDIT_ADDRESS": "https://u:p@x.org"}, "Write it like https://audits.example.org."),
        ({**WHOLE, "MAIL_USER": "site"}, "go together: set both or neither"),
        ({**WHOLE, "MAIL_PASSWORD": "secret"}, "go together: set both or neither"),
        ({**WHOLE, "MAIL_USER": "s", "MAIL_PASSWORD": "p", "MAIL_TLS": "none"}, "would travel readable"),
        ({**WHOLE, "MAIL_TLS": "ssl"}, "Choose one of starttls, tls, none."),
        ({**WHOLE, "MAIL_PORT": "0"}, "Write a whole number from 1 to 65535."),
        ({**WHOLE, "MAIL_PORT": "mail"}, "Write a whole number from 1 to 65535."),
        ({**WHOLE, "MAIL_A_MINUTE": "-5"}, "Write a whole number from 1 to 6000."),
        ({**WHOLE, "MAIL_FROM": "the team"}, "Write it like surveys@example.org."),
        ({**WHOLE, "MAIL_REPLY_TO": "nobody"}, "Write it like surveys@example.org."),
    ],
)
def test_half_settings_are_refused_in_a_sentence(settings: dict[str, str], said: str) -> None:
    with pytest.raises(MailSettingsFault) as told:
        mail_settings(settings)
    assert said in str(told.value)
    assert "docs/deploying.md" in str(told.value)


def test_every_fault_is_told_at_once_and_no_password() -> None:
    with pytest.raises(MailSettingsFault) as told:
        mail_settings({**WHOLE, "MAIL_PORT": "x", "MAIL_TLS": "y", "MAIL_PASSWORD": "hidden"})
    assert all(name in str(told.value) for name in ("MAIL_PORT", "MAIL_TLS", "MAIL_PASSWORD"))
    assert "hidden" not in str(told.value)


def test_a_password_is_not_shown_with_the_settings() -> None:
    found = mail_settings({**WHOLE, "MAIL_USER": "s", "MAIL_PASSWORD": "hidden"})
    assert "hidden" not in repr(found)
    assert found is not None and found.password == "hidden"


def test_the_site_s_address_loses_its_slash() -> None:
    assert site_address({"AUDIT_ADDRESS": "https://x.org/audits/"}) == "https://x.org/audits"
    assert site_address({}) == ""
