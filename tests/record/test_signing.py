"""Signatures: bound to one manifest, to the signer's name and key; checked without any library."""

from __future__ import annotations

import json
import random
import sys

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from made import checked, china, signer

from guiju.record import ed25519
from guiju.record.canonical import canonical
from guiju.record.keys import NoKey, NotInstalled, generate, read_private
from guiju.record.pack import Signing, signed
from guiju.record.signing import key_id, read_public
from guiju.record.verify import Asked

# RFC 8032, 7.1: secret key is not needed to check; public key, message, signature
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_vectors_of_the_rfc(public: str, message: str, signature: str) -> None:
    key, text, sign = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert ed25519.is_valid(key, text, sign)
    assert not ed25519.is_valid(key, text + b"x", sign)
    for at in (0, 31, 32, 63):
        assert not ed25519.is_valid(key, text, sign[:at] + bytes([sign[at] ^ 1]) + sign[at + 1 :])


def test_agrees_with_the_library() -> None:
    chance = random.Random(3)
    for number in range(20):
        key, message = signer(number + 1), chance.randbytes(number * 7)
        assert ed25519.is_valid(key.public, message, key.sign(message))
        assert not ed25519.is_valid(signer(number + 2).public, message, key.sign(message))


def test_forms_that_hold_for_anything_are_refused() -> None:
    """A scalar beyond the order is the same signature written otherwise; a key of small order signs every message."""
    key, message = signer(1), b"message"
    sign = key.sign(message)
    other = sign[:32] + (int.from_bytes(sign[32:], "little") + ed25519.ORDER).to_bytes(32, "little")
    assert not ed25519.is_valid(key.public, message, other)
    neutral = (1).to_bytes(32, "little")
    assert not ed25519.is_valid(neutral, message, neutral + bytes(32))
    assert not ed25519.is_valid((2**255 - 18).to_bytes(32, "little"), message, neutral + bytes(32))
    assert not ed25519.is_valid(b"", message, b"")


def test_signed_twice_and_checked_against_a_key() -> None:
    entries = signed(signed(china(), Signing(signer(1), "张三", "2025-03-31")), Signing(signer(2), "second"))
    verified, codes = checked(entries, Asked(signer(1).public))
    assert codes == []
    assert verified is not None
    assert {(each.signer, each.at, each.known) for each in verified.signatures} == {
        ("张三", "2025-03-31", True),
        ("second", None, False),
    }
    assert checked(entries, Asked(signer(3).public))[1] == ["record.not-signed-by"]


def test_the_name_of_the_signer_is_signed_too() -> None:
    entries = signed(china(), Signing(signer(1), "li"))
    (name,) = (name for name in entries if name.startswith("signatures/"))
    said = json.loads(entries[name])
    for field, value in (("signer", "wang"), ("at", "2020-01-01"), ("manifest", "0" * 64)):
        other = {**entries, name: canonical({**said, field: value})}
        assert checked(other)[1] == ["record.signature-broken"]


def test_a_signature_of_another_package_does_not_count() -> None:
    one = signed(china(), Signing(signer(1), "li"))
    other = china()
    from made import UNDERGROUND, packed

    second = packed(UNDERGROUND)
    (name,) = (name for name in one if name.startswith("signatures/"))
    assert checked({**second, name: one[name]}, Asked(signer(1).public))[1] == [
        "record.not-signed-by",
        "record.signature-other-package",
    ]
    assert checked(other)[1] == []


def test_keys_are_those_of_openssl() -> None:
    pair = generate()
    key = read_private(pair.private)
    assert read_public(pair.public.decode()) == key.public
    pem = key.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert pem == pair.public
    assert len(key_id(key.public)) == 16


def test_what_is_no_key() -> None:
    for text in (
        "",
        "x",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n?\n-----END PUBLIC KEY-----",
    ):
        assert read_public(text) is None
        with pytest.raises(NoKey):
            read_private(text.encode())
    with pytest.raises(NoKey):
        read_private(generate().public)


def test_without_the_library_checking_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = signed(china(), Signing(signer(1), "li"))
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NotInstalled):
        generate()
    with pytest.raises(NotInstalled):
        read_private(b"")
    verified, codes = checked(entries, Asked(signer_public))
    assert codes == []
    assert verified is not None
    assert verified.signatures[0].known


signer_public = signer(1).public
