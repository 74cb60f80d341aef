"""Runs a bad package or log. A package is made from the base case of the corpus (or the `case.yaml` of the folder) and changed
as `change.json` says, step by step; a log is the folder's `log.jsonl`.

    drop, set, json, add   entries left out, written anew, changed inside, added
    manifest               the manifest is made to fit again
    sign                   signatures, by the number of a key
    append, cut, raw, zip  the bytes of the file: something behind it, its end cut off, other bytes, another zip
    evidence               a folder of evidence when it is packed (`docs`), where that is what is wrong
    documents              packed with its report, where that is what is wrong
"""

import json
import stat
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import engine_rooms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.record import archive, log
from guiju.record.canonical import canonical, digest
from guiju.record.keys import Signer
from guiju.record.matter import MANIFEST
from guiju.record.pack import Order, Signing, pack, signed
from guiju.record.verify import Asked, verify_file

Entries = dict[str, bytes]
FILE = Path("package.zip")


def signer(number: int) -> Signer:
    """A key that is the same in every run."""
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


@cache
def whole() -> Entries:
    """The package of the base case."""
    return packed(engine_rooms.BASE, Order(documents=False), Found())


def packed(folder: Path, order: Order, found: Found) -> Entries | None:
    with engine_rooms.laid_out(folder):
        if not Path("case.yaml").exists():
            Path("case.yaml").write_bytes((engine_rooms.BASE / "case.yaml").read_bytes())
        return pack(Path("case.yaml"), engine_rooms.ROOTS, pipeline.Wish(), order, found)


def run_record(folder: Path, found: Found) -> None:
    change = json.loads((folder / "change.json").read_text(encoding="utf-8"))
    if {"evidence", "documents"} & set(change) or (folder / "case.yaml").exists():
        docs = folder / change["evidence"] if "evidence" in change else None
        packed(folder, Order(docs, documents="documents" in change), found)
        return
    content = changed(change)
    with engine_rooms.laid_out(engine_rooms.BASE):
        if content is not None:
            FILE.write_bytes(content)
        verify_file(FILE, Asked(signer(change["key"]).public if "key" in change else None), found)


def run_log(folder: Path, found: Found) -> None:
    change = json.loads((folder / "change.json").read_text(encoding="utf-8"))
    content = (folder / "log.jsonl").read_bytes()
    key = signer(change["key"]).public if "key" in change else None
    log.check(content, "log.jsonl", found, head=change.get("head"), key=key)


def changed(change: dict[str, Any]) -> bytes | None:
    """The bytes of the package after all steps; None: no file at all."""
    if "zip" in change:
        return zipped(change["zip"])
    if "raw" in change:
        return None if change["raw"] is None else change["raw"].encode()
    entries = dict(whole())
    for name in change.get("drop", ()):
        del entries[name]
    entries |= {name: text.encode() for name, text in change.get("set", {}).items()}
    for name, steps in change.get("json", {}).items():
        entries[name] = canonical(with_changes(json.loads(entries[name]), steps))
    if change.get("manifest"):
        entries[MANIFEST] = fitting(entries)
    for number in change.get("sign", ()):
        other = change.get("sign_over")
        made = signed({MANIFEST: other.encode()} if other else entries, Signing(signer(number), "examiner"))
        entries |= {name: content for name, content in made.items() if name != MANIFEST}
    for name, steps in change.get("after", {}).items():
        entries[name] = canonical(with_changes(json.loads(entries[name]), steps))
    content = archive.build(entries)
    if "damage" in change:
        at = content.index(change["damage"].encode())
        content = content[:at] + b"#" + content[at + 1 :]
    return content[: len(content) - change.get("cut", 0)] + change.get("append", "").encode()


def fitting(entries: Entries) -> bytes:
    """The manifest with the hashes that the entries now have."""
    manifest = json.loads(entries[MANIFEST])
    listed = {name: content for name, content in entries.items() if name != MANIFEST}
    manifest["entries"] = {name: {"sha256": digest(each), "size": len(each)} for name, each in listed.items()}
    return canonical(manifest)


def with_changes(data: Any, steps: dict[str, Any]) -> Any:
    for way, value in steps.items():
        *above, last = way.split("/")
        here = data
        for step in above:
            here = here[int(step) if isinstance(here, list) else step]
        here[int(last) if isinstance(here, list) else last] = value
    return data


def zipped(entries: list[dict[str, Any]]) -> bytes:
    """A zip as other programs write them: compressed, encrypted, links, twice the same name."""
    import io
    import warnings

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for entry in entries:
            info = zipfile.ZipInfo(entry["name"])
            info.external_attr = (stat.S_IFLNK | 0o777 if entry.get("link") else stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED if entry.get("deflated") else zipfile.ZIP_STORED
            target.writestr(info, entry.get("content", "x").encode())
    content = file.getvalue()
    if any(entry.get("encrypted") for entry in entries):  # the flag alone: nothing is ever decrypted
        at = content.index(b"PK\x01\x02")
        content = content[: at + 8] + b"\x01" + content[at + 9 :]
    return content
