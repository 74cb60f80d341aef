"""Signatures: a statement that names the manifest by its hash, the key and the signer, and an Ed25519 signature over it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guiju.diagnostics.finding import Found
from guiju.record.canonical import NotCanonical, canonical, digest, read
from guiju.record.ed25519 import is_valid
from guiju.record.matter import MANIFEST, SIGNATURES

PACKAGE, HEAD = "guiju package signature 1", "guiju log head 1"
_DER = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes of a public key (RFC 8410)
_FIELDS = {"is", "manifest", "key", "public", "signer", "at", "signature"}


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that holds: who signed, by which key, and whether that is the key that was asked for."""

    signer: str
    key: str
    at: str | None
    known: bool


def key_id(public: bytes) -> str:
    """The short name of a public key: the first 16 digits of its SHA-256."""
    return digest(public)[:16]


def read_public(text: str) -> bytes | None:
    """A public key as PEM (as `guiju keygen` and openssl write it) → its 32 bytes, or None."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) < 3 or lines[0] != "-----BEGIN PUBLIC KEY-----" or lines[-1] != "-----END PUBLIC KEY-----":
        return None
    try:
        der = base64.b64decode("".join(lines[1:-1]), validate=True)
    except (binascii.Error, ValueError):
        return None
    return der[len(_DER) :] if der.startswith(_DER) and len(der) == len(_DER) + 32 else None


def statement(manifest: bytes, public: bytes, signer: str, at: str | None) -> dict[str, Any]:
    """What a signature of a package is over."""
    facts = {"manifest": digest(manifest), "key": key_id(public), "public": public.hex(), "signer": signer, "at": at}
    return {"is": PACKAGE, **facts}


def entry_name(public: bytes) -> str:
    return f"{SIGNATURES}{key_id(public)}.json"


def check(entries: Mapping[str, bytes], wanted: bytes | None, found: Found) -> list[Signature]:
    """Every signature of a package. One that does not hold, or is over another package, is an error; so is the lack of one
    by the key that is wanted."""
    held = []
    for name in sorted(entries):
        if name.startswith(SIGNATURES):
            signature = _check(name, entries[name], entries[MANIFEST], wanted, found)
            held += [] if signature is None else [signature]
    if wanted is not None and not any(signature.known for signature in held):
        found.add("record.not-signed-by", None, key=key_id(wanted), there=", ".join(each.key for each in held))
    return held


def _check(name: str, content: bytes, manifest: bytes, wanted: bytes | None, found: Found) -> Signature | None:
    said = _read(content)
    if said is None or entry_name(bytes.fromhex(said["public"])) != name:
        found.add("record.signature-form", None, name=name)
        return None
    public, signature = bytes.fromhex(said["public"]), bytes.fromhex(said.pop("signature"))
    if not is_valid(public, canonical(said), signature):
        found.add("record.signature-broken", None, name=name, signer=said["signer"])
        return None
    if said["manifest"] != digest(manifest):
        signed = {"signer": said["signer"], "signed": said["manifest"]}
        found.add("record.signature-other-package", None, name=name, **signed)
        return None
    return Signature(said["signer"], said["key"], said["at"], public == wanted)


def _read(content: bytes) -> dict[str, Any] | None:
    """The fields of a signature file, or None where it is not one."""
    try:
        said = read(content)
    except NotCanonical:
        return None
    if not isinstance(said, dict) or set(said) != _FIELDS or said["is"] != PACKAGE:
        return None
    texts = [said[name] for name in _FIELDS - {"at"}]
    if not all(isinstance(text, str) for text in texts) or not isinstance(said["at"], str | None):
        return None
    try:
        public = bytes.fromhex(said["public"])
        bytes.fromhex(said["signature"])
    except ValueError:
        return None
    return said if said["key"] == key_id(public) else None
