"""The raw text, before YAML sees it: characters that have no business in a file that people review."""

from __future__ import annotations

import re
import unicodedata

from guiju.diagnostics.finding import Found, Place

MAX_REPORTED = 20
BYTE_ORDER_MARK = "\ufeff"

# Control characters; line separators, which editors and YAML count differently; surrogates, non-characters.
CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
# Zero-width spaces and the marks that turn the writing direction: they make a text read unlike what it is.
INVISIBLE = "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_BAD = re.compile(f"[{CONTROL}{INVISIBLE}]")
_CONTROLS = re.compile(f"[{CONTROL}]")
_TAB_LINES = re.compile(r"^([^\t\r\n]*)(\t+)", re.MULTILINE)


def cleaned(text: str, file: str, found: Found) -> str | None:
    """The text that YAML may read, every character in its place; None when reading on would mislead."""
    if text.startswith(BYTE_ORDER_MARK):
        found.add("source.bom", Place(file, 1, 1))
        text = text[1:]
    bad = _bad_characters(text, file, found)
    indented_by_tab = _tabs(text, file, found)
    if bad or indented_by_tab:
        return None
    return text.replace("\t", " ")


def is_control(text: str) -> bool:
    """Whether there is a control character in a text."""
    return _CONTROLS.search(text) is not None


def place_of(text: str, index: int, file: str, length: int = 1) -> Place:
    """The place of the character at the index."""
    before = text[:index]
    line = before.count("\n") + before.count("\r") - before.count("\r\n") + 1
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return Place(file, line, index - start + 1, length)


def _bad_characters(text: str, file: str, found: Found) -> bool:
    any_bad = False
    for count, match in enumerate(_BAD.finditer(text)):
        if count == MAX_REPORTED:
            break
        any_bad = True
        sign = match.group()
        code = "source.control-character" if is_control(sign) else "source.invisible-character"
        name = unicodedata.name(sign, "").lower()
        found.add(code, place_of(text, match.start(), file), character=f"U+{ord(sign):04X}", name=name)
    return any_bad


def _tabs(text: str, file: str, found: Found) -> bool:
    """Report the first tab of each line; true when one stands before the text, so that nesting is a guess."""
    if "\t" not in text:
        return False
    before_text = False
    for count, match in enumerate(_TAB_LINES.finditer(text)):
        if count == MAX_REPORTED:
            break
        before_text = before_text or not match.group(1).strip()
        found.add("source.tab", place_of(text, match.start(2), file, len(match.group(2))))
    return before_text
