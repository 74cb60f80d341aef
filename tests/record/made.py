"""Packages to test: of a small case of one's own, and of what is shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.diagnostics.show import as_lines
from guiju.record import archive
from guiju.record.keys import Signer
from guiju.record.pack import Order, pack
from guiju.record.verify import Asked, Verified, verify
from shipped import TESTS

RULESETS = TESTS.parent / "rulesets"
CHINA = RULESETS / "hdi" / "2021" / "cases" / "china.yaml"
UNDERGROUND = RULESETS / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"
Entries = dict[str, bytes]
LEAN = Order(documents=False)  # without what is slow to make and has tests of its own


def packed(case: Path, order: Order | None = None, roots: tuple[Path, ...] = (RULESETS,)) -> Entries:
    found = Found()
    entries = pack(case, roots, pipeline.Wish(), order or LEAN, found)
    assert entries is not None, as_lines(found.findings, "en")
    return entries


@cache
def _china() -> Entries:
    return packed(CHINA)


def china() -> Entries:
    return dict(_china())


def checked(entries: Entries, asked: Asked | None = None) -> tuple[Verified | None, list[str]]:
    """What verifying says: the result and the codes of what was found."""
    found = Found()
    return verify(entries, asked or Asked(), found), [finding.code for finding in found.findings]


def opened(content: bytes) -> tuple[Entries | None, list[str]]:
    found = Found()
    return archive.read(content, "package.zip", found), [finding.code for finding in found.findings]


def signer(number: int) -> Signer:
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
