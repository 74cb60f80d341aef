"""The log: what was done, by whom, when, in lines that only grow.

Every line holds the hash of the line before, and the last line is the head: how many entries, and the hash of the last one. An
edit, deletion, insertion, exchange or cut shows from the file alone. Who writes the whole file anew makes a log that fits together;
that shows against a head that was printed elsewhere, or against the signature of the head.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.places import shown
from guiju.record.canonical import NotCanonical, canonical, digest, read
from guiju.record.ed25519 import is_valid
from guiju.record.keys import Signer
from guiju.record.signing import HEAD, key_id

START = "0" * 64  # what the first entry has before it
MOST_BYTES = 100_000_000
_ENTRY = {"n", "at", "who", "what", "files", "before", "hash"}
_HEAD = {"is", "count", "hash"}
_SIGNED = _HEAD | {"key", "public", "signature"}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be noted. `files` are names with their SHA-256."""

    at: str
    who: str
    what: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Log:
    """A log that holds together."""

    entries: tuple[Mapping[str, Any], ...]
    head: str
    key: str | None = None  # that signed the head

    def number(self, head: str) -> int | None:
        """The entry, from 1, whose hash is this head."""
        return next((number for number, each in enumerate(self.entries, 1) if each["hash"] == head), None)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(Event(each["at"], each["who"], each["what"], each["files"]) for each in self.entries)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An entry, by its number from 1, that is dated on an earlier day than the one before it."""

    number: int
    at: str
    then: str  # of the one before


def earlier(log: Log) -> list[Earlier]:
    """Whole days are compared: of the times of a day not all have a zone. It is no error, a visit may be noted late."""
    pairs = enumerate(zip(log.events, log.events[1:], strict=False), 2)
    return [Earlier(number, event.at, before.at) for number, (before, event) in pairs if event.at[:10] < before.at[:10]]


def is_time(text: str) -> bool:
    """A day, or a day and a time with or without zone, as ISO 8601 writes them."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return _TIME.fullmatch(text) is not None


def read_log(path: Path, found: Found) -> bytes | None:
    """The bytes of a log file, or None after adding a finding."""
    try:
        if path.exists() and not path.is_file():
            raise IsADirectoryError(21, "not a file")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        found.add("record.unreadable", None, file=shown(path), reason=error.strerror or str(error))
        return None
    if len(content) > MOST_BYTES:
        found.add("record.too-large", None, file=shown(path), limit=MOST_BYTES // 1_000_000)
        return None
    return content


def added(log: Log | None, event: Event, signer: Signer | None = None) -> bytes:
    """The file of a log with one more entry, and a new head."""
    entries = [] if log is None else [dict(entry) for entry in log.entries]
    entry: dict[str, Any] = {
        "n": len(entries) + 1,
        "at": event.at,
        "who": event.who,
        "what": event.what,
        "files": dict(event.files),
        "before": entries[-1]["hash"] if entries else START,
    }
    entry["hash"] = digest(canonical(entry))
    head: dict[str, Any] = {"is": HEAD, "count": entry["n"], "hash": entry["hash"]}
    if signer is not None:
        head |= {"key": key_id(signer.public), "public": signer.public.hex()}
        head["signature"] = signer.sign(canonical(head)).hex()
    return b"".join(canonical(line) + b"\n" for line in [*entries, entry, head])


def check(content: bytes, file: str, found: Found, *, head: str | None = None, key: bytes | None = None) -> Log | None:
    """The log in these bytes, or None after adding what is wrong with it, at its line. `head` is one that was printed
    elsewhere (it may be older than the last entry), `key` the public key by which the head must be signed."""
    before = found.mark()
    lines = _lines(content, file, found)
    if lines is None or not lines:
        return None
    entries, last = lines[:-1], lines[-1]
    if not _is_head(last):
        found.add("log.no-head", Place(file, len(lines), 1))
        return None
    hashes = [START]
    for number, entry in enumerate(entries, 1):
        if not _check_entry(entry, number, hashes[-1], file, found):
            return None
        hashes.append(entry["hash"])
    place = Place(file, len(lines), 1)
    if (last["count"], last["hash"]) != (len(entries), hashes[-1]):
        found.add("log.head", place, count=last["count"], there=len(entries))
    elif head is not None and head not in hashes[1:]:
        found.add("log.other-head", place, given=head, there=hashes[-1])
    else:
        _check_signature(last, key, place, found)
    if found.errors_since(before):
        return None
    return Log(tuple(entries), hashes[-1], last.get("key"))


def _lines(content: bytes, file: str, found: Found) -> list[dict[str, Any]] | None:
    """Every line as data. The last one ends like all others."""
    *written, rest = content.split(b"\n")
    if not written or rest:
        found.add("log.no-head", Place(file, len(written) + 1, 1))
        return None
    lines = []
    for number, line in enumerate(written, 1):
        try:
            value = read(line)
        except NotCanonical:
            value = None
        if not isinstance(value, dict):
            found.add("log.line", Place(file, number, 1))
            return None
        lines.append(value)
    return lines


def _check_entry(entry: dict[str, Any], number: int, before: str, file: str, found: Found) -> bool:
    """Whether an entry is what it was when it was written, and stands where it stood."""
    place = Place(file, number, 1)
    if not _is_entry(entry):
        found.add("log.line", place)
    elif entry["hash"] != digest(canonical({name: value for name, value in entry.items() if name != "hash"})):
        found.add("log.changed", place, number=entry["n"])
    elif entry["n"] != number:
        found.add("log.order", place, number=entry["n"], wanted=number)
    elif entry["before"] != before:
        found.add("log.broken", place, number=number)
    else:
        return True
    return False


def _is_entry(entry: dict[str, Any]) -> bool:
    texts = ("at", "who", "what", "before", "hash")
    return (
        set(entry) == _ENTRY
        and type(entry["n"]) is int
        and all(isinstance(entry[name], str) for name in texts)
        and isinstance(entry["files"], dict)
        and all(isinstance(mark, str) for mark in entry["files"].values())
    )


def _is_head(line: dict[str, Any]) -> bool:
    return set(line) in (_HEAD, _SIGNED) and line["is"] == HEAD and type(line["count"]) is int and all(
        isinstance(line[name], str) for name in set(line) - {"count"}
    )  # fmt: skip


def _check_signature(head: dict[str, Any], key: bytes | None, place: Place, found: Found) -> None:
    if "signature" not in head:
        if key is not None:
            found.add("log.unsigned", place, key=key_id(key))
        return
    said = {name: value for name, value in head.items() if name != "signature"}
    try:
        public, signature = bytes.fromhex(head["public"]), bytes.fromhex(head["signature"])
    except ValueError:
        public = signature = b""
    if key_id(public) != head["key"] or not is_valid(public, canonical(said), signature):
        found.add("log.signature", place)
    elif key is not None and public != key:
        found.add("log.unsigned", place, key=key_id(key))
