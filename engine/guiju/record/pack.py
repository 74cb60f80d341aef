"""A case → a package that was checked before it is handed out; a package → one more signature on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.record import documents, log, matter, package, signing
from guiju.record.canonical import canonical
from guiju.record.evidence import Kept, with_evidence
from guiju.record.keys import Signer
from guiju.record.matter import MANIFEST, Extras
from guiju.record.verify import Asked, verify


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a package besides the case: evidence, its date, the log that goes with it, report and calculation,
    and what the report says of itself (client, assessor, date, number) where that goes before the case."""

    evidence: Path | None = None
    kept: Kept = "files"
    date: str | None = None
    log: Path | None = None
    documents: bool = True
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signing:
    """By whom a package is signed."""

    signer: Signer
    name: str
    at: str | None = None


def pack(case: Path, roots: pipeline.Roots, wish: pipeline.Wish, order: Order, found: Found) -> dict[str, bytes] | None:
    """The entries of the package of a case, or None after adding findings. It is verified before it is given."""
    made, before = matter.read(case, roots, wish, found), found.mark()
    if made is None:
        return None
    chain = None if order.log is None else log.read_log(order.log, found)
    kept: Kept = "named" if order.evidence is None else order.kept
    whole = with_evidence(made, order.evidence, kept, found)
    if whole is None or found.errors_since(before):
        return None
    whole = replace(whole, extras=Extras(order.date, chain, order.said))
    if order.documents:
        _note_unsaid(whole, found)
    entries = package.compose(whole, found, package.Kept(), documents.chosen(slow=order.documents))
    checked = verify(entries, Asked(), found)
    return None if checked is None or found.errors_since(before) else entries


def _note_unsaid(whole: matter.Matter, found: Found) -> None:
    """A report that is handed on should say for whom and by whom it was made."""
    said = {**whole.data["case"].get("report", {}), **whole.extras.said}
    for name in ("client", "assessor"):
        if name not in said:
            found.add("record.report-unsaid", None, what=name)


def signed(entries: Mapping[str, bytes], by: Signing) -> dict[str, bytes]:
    """The entries with a signature over their manifest. One by the same key is replaced."""
    public = by.signer.public
    said = signing.statement(entries[MANIFEST], public, by.name, by.at)
    content = canonical({**said, "signature": by.signer.sign(canonical(said)).hex()})
    return {**entries, signing.entry_name(public): content}
