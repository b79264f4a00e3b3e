"""Do stand-ins behave as the modules that they stand for, once these are wanted?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audit_engine.web.stand_ins import StandIn, standing_in

SIGN_IN = """
import sys
from audit_engine.web.stand_ins import standing_in
with standing_in():
    from flask_security import Totp, mail_util
print(*(name in sys.modules for name in ("cryptography.hazmat.bindings._rust", "email_validator")))
codes = Totp({"1": "a secret of this test alone"}, "Somewhere")
kept = codes.generate_totp_secret()
other = Totp({"1": "another secret"}, "Somewhere")
right = codes.verify_totp(codes.generate_totp_password(kept), kept, None)
print("enckey" in kept, codes.get_totp_b32_key(kept) in kept, right)
print(other.get_totp_b32_key(kept) == codes.get_totp_b32_key(kept))
checked = mail_util.email_validator.validate_email
print(checked("ada@EXAMPLE.org", check_deliverability=False, test_environment=True).normalized)
try:
    checked("nobody", check_deliverability=False)
except ValueError as fault:
    print(fault)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
print(type(sys.modules["cryptography.hazmat.primitives.ciphers"]).__name__)
"""


def test_a_process_without_them_signs_people_in_as_before() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SIGN_IN], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    waited, secret, refused, address, no_address, module = ran.stdout.splitlines()
    assert waited == "False False"
    assert secret == "True False True", "encrypted, not readable, and its code is right"
    assert refused == "False", "another key does not open it"
    assert address == "ada@example.org"
    assert "@-sign" in no_address
    assert module == "module", "whoever asks later gets the real one"


def test_what_is_there_already_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import colorsys

    monkeypatch.setitem(sys.modules, "colorsys", colorsys)
    monkeypatch.delitem(sys.modules, "sndhdr_that_is_not", raising=False)
    with standing_in({"colorsys": (), "sndhdr_that_is_not": ()}):
        assert sys.modules["colorsys"] is colorsys
        assert isinstance(sys.modules["sndhdr_that_is_not"], StandIn)
    assert sys.modules["colorsys"] is colorsys
    assert "sndhdr_that_is_not" not in sys.modules


def test_who_uses_one_at_once_gets_the_real_module_and_so_do_others(monkeypatch: pytest.MonkeyPatch) -> None:
    import colorsys

    monkeypatch.delitem(sys.modules, "colorsys")
    with standing_in({"colorsys": ("hls_to_rgb", "rgb_to_hls")}):
        held = sys.modules["colorsys"]
        later = held.hls_to_rgb
        assert sys.modules["colorsys"] is held, "a function that is fetched and not called loads nothing"
        assert later(0.5, 0.5, 0.5) == colorsys.hls_to_rgb(0.5, 0.5, 0.5)
        real = sys.modules["colorsys"]
        assert not isinstance(real, StandIn)
        assert held.ONE_THIRD == real.ONE_THIRD
    assert sys.modules["colorsys"] is real


def test_a_module_below_one_that_waits_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.split(".")[0] == "wsgiref"]:
        monkeypatch.delitem(sys.modules, name)
    with standing_in({"wsgiref": ()}):
        import wsgiref.util

        assert wsgiref.util.guess_scheme({}) == "http"


def test_a_stand_in_has_what_the_module_has_and_nothing_else() -> None:
    stand_in = StandIn("xml.dom")
    assert stand_in.Node.ELEMENT_NODE == 1
    assert stand_in.minidom.parseString("<a/>").documentElement.tagName == "a"
    with pytest.raises(AttributeError):
        _ = stand_in.__wrapped__
    with pytest.raises(ModuleNotFoundError):
        _ = stand_in.nothing_of_the_kind
