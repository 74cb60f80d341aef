"""Facts about a problem and the collector that is handed along. Words are made last, in `words`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: 1-based, counted in characters. In a spreadsheet, line and column are those of the cell."""

    file: str
    line: int
    column: int
    length: int = 1
    sheet: str | None = None  # its name; "" for a table without sheets, such as a CSV file

    @property
    def cell(self) -> str:
        """The address of the cell, "C7"; "" outside spreadsheets."""
        return "" if self.sheet is None else f"{column_letters(self.column)}{self.line}"

    def __str__(self) -> str:
        """As people read it: file:line:column, or file sheet!cell."""
        if self.sheet is None:
            return f"{self.file}:{self.line}:{self.column}"
        return f"{self.file} {self.sheet}!{self.cell}" if self.sheet else f"{self.file}!{self.cell}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: a code `room.what`, a place and facts. It holds no sentence. `severity` goes before that of the code."""

    code: str
    place: Place | None
    facts: tuple[tuple[str, str], ...]
    related: tuple[tuple[str, Place], ...] = ()
    severity: str = ""


class Found:
    """The collector of findings, the only mutable thing that the stages hand along."""

    __slots__ = ("_list",)

    def __init__(self) -> None:
        self._list: list[Finding] = []

    def add(
        self,
        code: str,
        place: Place | None,
        *,
        related: Iterable[tuple[str, Place]] = (),
        severity: object = "",
        **facts: object,
    ) -> None:
        """Note a problem. `severity` is said only where a ruleset sets it: else it is that of the code."""
        texts = tuple((name, as_fact(value)) for name, value in facts.items())
        self._take(Finding(code, place, texts, tuple(related), as_fact(severity)))

    def extend(self, other: Found | Iterable[Finding]) -> None:
        """Take over the findings of another collector."""
        for finding in other.findings if isinstance(other, Found) else tuple(other):
            self._take(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings in the order of the text: file, line, column, code; each once, however often it was noted."""
        return tuple(sorted(dict.fromkeys(self._list), key=_order))

    def has_errors(self) -> bool:
        """Whether any finding has the severity error."""
        return self.errors_since(0)

    def mark(self) -> int:
        """A mark for `errors_since`."""
        return len(self._list)

    def errors_since(self, mark: int) -> bool:
        """Whether an error was noted after the mark was taken."""
        if mark >= len(self._list):
            return False
        # Imported here: the words are themselves a YAML file, and reading one needs this module.
        from guiju.diagnostics.words import severity

        return any((finding.severity or severity(finding.code)) == "error" for finding in self._list[mark:])

    def since(self, mark: int) -> tuple[Finding, ...]:
        """What was noted after the mark was taken."""
        return tuple(self._list[mark:])

    def __len__(self) -> int:
        return len(dict.fromkeys(self._list))

    def __bool__(self) -> bool:
        # Without this an empty collector would be false, and `found or Found()` would lose findings.
        return True

    def _take(self, finding: Finding) -> None:
        self._list.append(finding)


def column_letters(number: int) -> str:
    """The letters of a column of a spreadsheet: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def as_fact(value: object) -> str:
    """A fact as text: nothing is "", numbers are written without exponents, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (list, tuple)):
        return ", ".join(as_fact(each) for each in value)
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(as_fact(each) for each in value))
    return str(value)


def _order(finding: Finding) -> tuple[str, str, int, int, str]:
    place = finding.place
    if place is None:
        return ("", "", 0, 0, finding.code)
    return (place.file, place.sheet or "", place.line, place.column, finding.code)
