"""The log: edit, delete, insert, exchange, cut are each seen from the file alone; a log written anew against its head or its key."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from made import signer

from guiju.diagnostics.finding import Found
from guiju.record.canonical import canonical, digest
from guiju.record.keys import Signer
from guiju.record.log import Event, Log, added, check, is_time

Lines = list[bytes]


def written(count: int, who: str = "li", by: Signer | None = None) -> bytes:
    log, content = None, b""
    for number in range(count):
        content = added(log, Event(f"2025-03-{number + 1:02}", who, f"step {number}", {"x.zip": "0" * 64}), by)
        log, codes = read(content)
        assert codes == []
    return content


def read(content: bytes, head: str | None = None, key: bytes | None = None) -> tuple[Log | None, list[str]]:
    found = Found()
    return check(content, "log.jsonl", found, head=head, key=key), [finding.code for finding in found.findings]


def test_what_was_written_is_read() -> None:
    log, codes = read(written(5))
    assert codes == []
    assert log is not None
    assert [event.what for event in log.events] == [f"step {number}" for number in range(5)]
    assert log.head == json.loads(written(5).splitlines()[-1])["hash"]


def rehashed(line: bytes, **changes: object) -> bytes:
    """An entry changed, its own hash made to fit."""
    entry = {**json.loads(line), **changes}
    del entry["hash"]
    return canonical({**entry, "hash": digest(canonical(entry))})


def edited(lines: Lines, at: int) -> Lines:
    return [*lines[:at], lines[at].replace(b'"who":"li"', b'"who":"wu"'), *lines[at + 1 :]]


def edited_and_rehashed(lines: Lines, at: int) -> Lines:
    return [*lines[:at], rehashed(lines[at], who="wu"), *lines[at + 1 :]]


def deleted(lines: Lines, at: int) -> Lines:
    return [*lines[:at], *lines[at + 1 :]]


def deleted_and_renumbered(lines: Lines, at: int) -> Lines:
    return [
        *lines[:at],
        *(rehashed(line, n=number) for number, line in enumerate(lines[at + 1 : -1], at + 1)),
        lines[-1],
    ]


def inserted(lines: Lines, at: int) -> Lines:
    return [*lines[:at], rehashed(lines[at], what="something else"), *lines[at:]]


def repeated(lines: Lines, at: int) -> Lines:
    return [*lines[:at], lines[at], *lines[at:]]


def exchanged(lines: Lines, at: int) -> Lines:
    other = (at + 1) % (len(lines) - 1)
    result = list(lines)
    result[at], result[other] = lines[other], lines[at]
    return result


def cut(lines: Lines, at: int) -> Lines:
    return lines[: at + 1]


def cut_with_the_old_head(lines: Lines, at: int) -> Lines:
    return [*lines[:at], lines[-1]]


CHANGES = [
    edited,
    edited_and_rehashed,
    deleted,
    deleted_and_renumbered,
    inserted,
    repeated,
    exchanged,
    cut,
    cut_with_the_old_head,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("at", range(5))
def test_a_change_is_seen(change: Callable[[Lines, int], Lines], at: int) -> None:
    lines = written(5).splitlines()
    log, codes = read(b"".join(line + b"\n" for line in change(lines, at)))
    assert log is None
    assert codes
    assert all(code.startswith("log.") for code in codes)


def test_every_byte_counts() -> None:
    content = written(3)
    for at in range(len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 1
        assert read(bytes(damaged))[0] is None, at
    for length in range(len(content)):
        assert read(content[:length])[0] is None, length


def test_a_log_written_anew_shows_against_a_head_kept_elsewhere() -> None:
    first, anew = read(written(3))[0], written(3, who="wu")
    assert first is not None
    assert read(anew)[1] == []
    assert read(anew, head=first.head)[1] == ["log.other-head"]
    later = added(first, Event("2025-04-01", "li", "more", {}))
    assert read(later, head=first.head)[1] == [], "the head that was printed is an older one of the same log"


def test_a_log_written_anew_shows_against_the_key() -> None:
    key = signer(1)
    assert read(written(3, by=key), key=key.public)[1] == []
    assert read(written(3, who="wu"), key=key.public)[1] == ["log.unsigned"]
    assert read(written(3, who="wu", by=signer(2)), key=key.public)[1] == ["log.unsigned"]
    lines = written(3, by=key).splitlines()
    other = written(2, by=key).splitlines()
    forged = canonical({**json.loads(lines[-1]), "signature": json.loads(other[-1])["signature"]})
    assert read(b"\n".join([*lines[:-1], forged, b""]))[1] == ["log.signature"]


def test_times() -> None:
    assert all(map(is_time, ("2025-03-31", "2025-03-31T09:30", "2025-03-31T09:30:00Z", "2025-03-31T09:30:00+08:00")))
    assert not any(map(is_time, ("", "yesterday", "2025-3-31", "2025-03-31 09:30", "2025-03-31T09:30:00Z\n")))
