"""The owner of cryptography: making Ed25519 keys and signing with them. Checking needs neither (`ed25519.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class NotInstalled(Exception):  # noqa: N818  said to the user, no error of the program
    """Signing needs the extra `sign`."""


class NoKey(ValueError):  # noqa: N818  said of what was handed in
    """Not an unencrypted Ed25519 private key in PEM."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A new key pair in PEM: PKCS 8 and SubjectPublicKeyInfo, as openssl reads them."""

    private: bytes
    public: bytes


def generate() -> Pair:
    """A new pair. Raises NotInstalled."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError as error:
        raise NotInstalled from error
    key, form = Ed25519PrivateKey.generate(), serialization.PrivateFormat.PKCS8
    return Pair(
        key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()),
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that was read."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def read_private(pem: bytes) -> Signer:
    """The private key in a PEM file. Raises NoKey, NotInstalled."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise NotInstalled from error
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise NoKey from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey
    return Signer(key)
