"""How a unit is printed for people: m³, tCO₂, 万Nm³ (10⁴ Nm³). Data, findings, workbooks and `explain`, which stands beside formulas, keep the form that is typed."""

from __future__ import annotations

import re

from guiju.diagnostics.language import Language

_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_COUNTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_TEN_TO_THE = re.compile(r"\b1e([1-9])(?=[A-Za-z])")
_TENS = {"4": "万", "8": "亿"}  # what Chinese says for a power of ten
_DIGITS = re.compile(r"(?<=[A-Za-z])(\d+)")
_AT = re.compile(r"_(\d+)C\b")  # a volume at so many degrees
_RAISED = re.compile(r"(?:\^|\*\*)(\d+)")


def unit_sign(symbol: str, lang: Language) -> str:
    """Digits behind the m of a metre are a power, behind any other letter they count atoms."""
    text = _TEN_TO_THE.sub(lambda found: _ten(found[1], lang), symbol)
    text = _RAISED.sub(lambda found: found[1].translate(_POWERS), text)
    text = _AT.sub("(\\1℃)" if lang == "zh" else "(\\1 °C)", text)
    return _DIGITS.sub(lambda found: found[1].translate(_digits_after(text, found.start())), text).replace("*", "·")


def _ten(power: str, lang: Language) -> str:
    return _TENS[power] if lang == "zh" and power in _TENS else f"10{power.translate(_POWERS)} "


def _digits_after(text: str, at: int) -> dict[int, int]:
    return _POWERS if text[at - 1] == "m" else _COUNTS
