"""The package as a file: a zip of stored entries in the order of their names, every byte of it given by names and contents.

It is read with the library and written by hand: what is read is written again and must be the same, so no byte can differ
unseen, whatever a header would allow. Nothing is ever unpacked that is compressed, linked, encrypted or named to lead elsewhere.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from guiju.diagnostics.finding import Found
from guiju.places import shown

MOST_BYTES, MOST_ENTRIES, LONGEST_NAME = 1_000_000_000, 20_000, 400
LONGEST_PART = 255  # bytes of a file's name, everywhere
Entries = Mapping[str, bytes]

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _MADE_BY, _UTF8 = 20, 3 << 8 | 20, 1 << 11
_TIME, _DATE = 0, 1 << 5 | 1  # 1 January 1980, the first day that a zip knows
_MODE = (stat.S_IFREG | 0o644) << 16
_FORBIDDEN = frozenset('\\:*?"<>|\x7f')


def build(entries: Entries) -> bytes:
    """Names and contents → the file. The same entries give the same bytes on every machine and Python."""
    body, directory = io.BytesIO(), io.BytesIO()
    for name in sorted(entries):
        content, raw, start = entries[name], name.encode("utf-8"), body.tell()
        sizes = (zlib.crc32(content), len(content), len(content), len(raw), 0)
        common = struct.pack("<HHHHHIIIHH", _VERSION, _UTF8, 0, _TIME, _DATE, *sizes)
        body.write(_LOCAL + common + raw + content)
        directory.write(
            _CENTRAL + struct.pack("<H", _MADE_BY) + common + struct.pack("<HHHII", 0, 0, 0, _MODE, start) + raw
        )
    listed, offset = directory.getvalue(), body.tell()
    body.write(listed)
    body.write(_END + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(listed), offset, 0))
    return body.getvalue()


def bad_name(name: str) -> bool:
    """Whether a name could lead out of a folder, or is one that not every system can hold."""
    parts = name.split("/")
    return (
        len(name.encode("utf-8", "replace")) > LONGEST_NAME
        or any(len(part.encode("utf-8", "replace")) > LONGEST_PART for part in parts)
        or any(part in ("", ".", "..") or part != part.strip() or part.endswith(".") for part in parts)
        or any(sign in _FORBIDDEN or not sign.isprintable() for sign in name)
    )


def read_package(path: Path, found: Found) -> dict[str, bytes] | None:
    """The entries of a package file, or None after adding a finding."""
    try:
        if path.exists() and not path.is_file():
            raise IsADirectoryError(21, "not a file")  # or a pipe, which could give bytes for ever
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        found.add("record.unreadable", None, file=shown(path), reason=error.strerror or str(error))
        return None
    return read(content, shown(path), found)


def read(content: bytes, file: str, found: Found) -> dict[str, bytes] | None:
    """The entries in the bytes of a package, or None after adding a finding. `file` is how people know it."""
    if len(content) > MOST_BYTES:
        found.add("record.too-large", None, file=file, limit=MOST_BYTES // 1_000_000)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _entries(archive, len(content), file, found)
    except Exception as error:  # noqa: BLE001  the library raises a dozen kinds on damaged headers
        found.add("record.not-a-package", None, file=file, reason=" ".join(str(error).split())[:100])
        return None
    if entries is None:
        return None
    again = build(entries)
    if again != content:
        found.add("record.not-canonical", None, file=file, offset=_first_difference(again, content))
        return None
    return entries


def _entries(archive: zipfile.ZipFile, size: int, file: str, found: Found) -> dict[str, bytes] | None:
    listed = archive.infolist()
    if len(listed) > MOST_ENTRIES:
        found.add("record.too-many", None, file=file, limit=MOST_ENTRIES)
        return None
    before, seen = found.mark(), dict[str, str]()
    for info in listed:
        _check(info, file, found)
        folded = info.orig_filename.casefold()
        if folded in seen:
            found.add("record.entry-twice", None, file=file, name=_told(info.orig_filename))
        seen[folded] = info.orig_filename
    for name in seen:
        if any(parent in seen for parent in _parents(name)):  # a file cannot be a folder as well
            found.add("record.entry-name", None, file=file, name=_told(seen[name]))
    if found.errors_since(before):
        return None
    if sum(info.file_size for info in listed) > size:
        found.add("record.not-a-package", None, file=file, reason="sizes")
        return None
    entries: dict[str, bytes] = {}
    for info in listed:
        try:
            entries[info.orig_filename] = archive.read(info)
        except Exception:  # noqa: BLE001  a wrong checksum, or a header that leads elsewhere
            found.add("record.entry-damaged", None, file=file, name=info.orig_filename)
            return None
    return entries


def _check(info: zipfile.ZipInfo, file: str, found: Found) -> None:
    """An entry is a plain stored file with a plain name; nothing else is opened at all."""
    name, mode = info.orig_filename, info.external_attr >> 16
    if bad_name(name) and not name.endswith("/"):
        found.add("record.entry-name", None, file=file, name=_told(name))
    elif info.flag_bits & 1:
        found.add("record.entry-kind", None, file=file, name=_told(name), what="encrypted")
    elif info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        found.add("record.entry-kind", None, file=file, name=_told(name), what="compressed")
    elif name.endswith("/") or (mode and not stat.S_ISREG(mode)):
        what = "link" if stat.S_ISLNK(mode) else "other"
        found.add("record.entry-kind", None, file=file, name=_told(name), what=what)


def _parents(name: str) -> Iterator[str]:
    """The folders above."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _told(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:80]


def _first_difference(one: bytes, other: bytes) -> int:
    """The offset of the first byte that differs, or the end of the shorter."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle)
    return low
