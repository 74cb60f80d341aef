"""File → Node: what can be wrong with a file before its text is looked at."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from guiju.diagnostics.finding import Found, Place
from guiju.source.characters import place_of
from guiju.source.node import Node
from guiju.source.yaml_text import read_text

MAX_BYTES = 8_000_000

_SAMPLE = 1_000  # characters, among which a workbook or package has a zero
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_file(path: Path, shown: str, found: Found) -> Node | None:
    """The data of a YAML file, or None after adding findings. `shown` is the path that people read."""
    start = Place(shown, 1, 1)
    raw = read_bytes(path, start, found)
    if raw is None:
        return None
    text = _text(raw, start, found)
    return None if text is None else read_text(text, shown, found)


def read_text_file(path: Path, shown: str, found: Found) -> str | None:
    """The text of a file in UTF-8, or None after adding findings."""
    start = Place(shown, 1, 1)
    raw = read_bytes(path, start, found)
    return None if raw is None else _text(raw, start, found)


def read_bytes(path: Path, start: Place, found: Found, limit: int | None = None) -> bytes | None:
    """What is in a regular file, or None after adding a finding."""
    limit = MAX_BYTES if limit is None else limit
    try:
        if path.exists() and not path.is_file():
            # A folder, but also a pipe or a device, which could give bytes for ever.
            found.add("source.not-a-file", start, file=start.file)
            return None
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except FileNotFoundError:
        found.add("source.missing-file", start, file=start.file)
        return None
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the path.
        reason = getattr(error, "strerror", None) or str(error)
        found.add("source.unreadable", start, file=start.file, reason=reason)
        return None
    if len(raw) > limit:
        found.add("source.too-large", start, limit=limit // 1_000_000)
        return None
    return raw


def _text(raw: bytes, start: Place, found: Found) -> str | None:
    if raw.startswith(_UTF16_MARKS) or (len(raw) > 1 and (raw[0] == 0) != (raw[1] == 0)):
        found.add("source.utf16", start)
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        place = place_of(before, len(before), start.file)
        found.add("source.not-utf8", place, byte=f"{raw[error.start]:02X}", encoding=_likely_encoding(raw))
        return None


def _likely_encoding(raw: bytes) -> str:
    """GBK is what Chinese Windows writes by default."""
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


@lru_cache(maxsize=4)
def _lines(file: str, _changed: int, _size: int) -> list[str]:
    """The lines of a file, kept for the next finding: ten thousand rows may have one each. None of what is no text."""
    text = Path(file).read_text(encoding="utf-8-sig", errors="replace")
    return [] if "\0" in text[:_SAMPLE] else text.split("\n")


def read_line(shown: str, number: int) -> str | None:
    """One line of a file as it was shown, from 1; None when it cannot be read (it may be text that never was a file)."""
    try:
        stat = Path(shown).stat()
        lines = _lines(shown, stat.st_mtime_ns, stat.st_size)
    except (OSError, ValueError):
        return None
    return lines[number - 1].rstrip("\r") if 1 <= number <= len(lines) else None
