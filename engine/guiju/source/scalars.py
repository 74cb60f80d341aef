"""Unquoted text → its value, or why it is refused: every spelling that readers of YAML take differently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

MAX_DIGITS = 34
MAX_EXPONENT = 30

_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_OTHER_WORDS = {"yes": "true", "no": "false", "on": "true", "off": "false"}
_OTHER_WORDS |= {"true": "true", "false": "false", "null": "null"}

# Most texts are decided by their first character alone.
_DOUBTFUL = re.compile(
    r"[-+.~0-9０-９－＋−–—．。]|(?:true|false|null|yes|no|on|off)\Z|\Z",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?")
_BASED = re.compile(r"[-+]?0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)")
_CLOCK = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_TO_HALF = str.maketrans("０１２３４５６７８９－−–—＋．。", "0123456789----+..")


@dataclass(frozen=True, slots=True)
class Refused:
    """A spelling that is not accepted. `instead` is what to write, "" when only quotes help."""

    code: str
    instead: str = ""


Scalar: TypeAlias = "bool | int | Decimal | str | None"


def resolve(text: str) -> Scalar | Refused:
    """The value of an unquoted scalar."""
    if not _DOUBTFUL.match(text):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _PLAIN.fullmatch(text):
        return _number(text)
    return _refused(text) or text


def _refused(text: str) -> Refused | None:
    if text.lower() in _OTHER_WORDS:
        return Refused("source.ambiguous", _OTHER_WORDS[text.lower()])
    if _is_odd_number(text):
        return Refused("source.ambiguous", _plain_number(text))
    half = text.translate(_TO_HALF)
    if half != text and (_PLAIN.fullmatch(half) or _is_odd_number(half)):
        return Refused("source.full-width-number", _plain_number(half))
    return None


def is_word(text: str) -> bool:
    """Whether the text is one of yes, No, TRUE, ... As a key these can only be text."""
    return text.lower() in _OTHER_WORDS and text not in _WORDS


def _is_odd_number(text: str) -> bool:
    return any(form.fullmatch(text) for form in (_DECIMAL, _BASED, _CLOCK, _NO_NUMBER))


def _number(text: str) -> int | Decimal | Refused:
    digits = text.lstrip("-0.").replace(".", "")
    # Before any conversion: Python itself refuses integers of more than 4300 digits.
    if len(digits) > MAX_DIGITS and len(digits.rstrip("0")) > MAX_DIGITS:
        return Refused("source.number-digits")
    if len(text) > 2 * (MAX_DIGITS + MAX_EXPONENT):
        return Refused("source.number-size")
    number = Decimal(text)
    if not number:
        # A zero has no sign: -0 would otherwise reach reports.
        return number.copy_abs() if "." in text else 0
    if abs(number.adjusted()) > MAX_EXPONENT:
        return Refused("source.number-size")
    return number if "." in text else int(text)


def _plain_number(text: str) -> str:
    """The same number in the accepted spelling; "" where readers do not even agree on the number."""
    bare = text.replace("_", "").lstrip("+")
    if _BASED.fullmatch(text):
        # 0x1F, 0o17, 0b101; long ones are no numbers that anybody meant.
        has_digits = len(bare.lstrip("-")) > len("0x")
        return str(int(bare, 0)) if has_digits and len(bare) < MAX_EXPONENT else ""
    exponent = bare.lower().partition("e")[2]
    if not _DECIMAL.fullmatch(text) or len(bare) > MAX_DIGITS + MAX_EXPONENT or len(exponent) > len("-999"):
        return ""
    number = Decimal(bare)
    if not number:
        return "0"
    return format(number, "f") if abs(number.adjusted()) <= MAX_EXPONENT else ""
