"""The owner of typst: ReportView → PDF/A-3 with the assessment attached; SVG → PNG for Word. Data goes in as JSON only."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from guiju.places import template_folder
from guiju.report.document.breaks import pieces
from guiju.report.document.model import ReportView
from guiju.report.document.plain import plain, signs

STANDARDS: list[Any] = ["a-3a", "ua-1"]  # with every part marked for who listens to it
PLAIN_STANDARDS: list[Any] = ["a-3b"]  # for very long tables, whose marks would be twenty times the text
_MOST_CELLS = 20_000
_SUBSCRIPTS = frozenset("₀₁₂₃₄₅₆₇₈₉")  # the template sets them itself
_MOST_NAMED = 40
_MARK = "\ue000"  # a line may end here; of private use, no sign of any text


def pdf(view: ReportView, attached: bytes | None = None) -> bytes:
    """The report as PDF/A-3a and PDF/UA-1, with very long tables as PDF/A-3b. `attached` is the assessment as JSON. Raises ImportError without typst."""
    import typst

    data = plain(view)
    shown = signs(data)
    small = _breakable(data) <= _MOST_CELLS
    data["subscripts"] = not _SUBSCRIPTS.isdisjoint(shown)
    data["unshown"] = _unshown(shown, view)
    if attached is None:
        data["attached"] = ""
    with tempfile.TemporaryDirectory(prefix="guiju-") as folder:
        home = Path(folder)
        (home / "report.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        if attached is not None:
            (home / "assessment.json").write_bytes(attached)
        (home / "report.typ").write_bytes((template_folder() / "pdf" / "report.typ").read_bytes())
        made = typst.compile(
            home / "report.typ", root=home, font_paths=[_fonts()], ignore_system_fonts=True, format="pdf",
            pdf_standards=STANDARDS if small else PLAIN_STANDARDS, pdf_tags=small, timestamp=0,
        )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def png(svg: str, width: int, height: int) -> bytes:
    """A picture of an SVG in points of its own size, at twice the resolution. Raises ImportError without typst."""
    import typst

    source = f"""#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)"""
    made = typst.compile(
        source.encode(), sys_inputs={"svg": svg}, font_paths=[_fonts()], ignore_system_fonts=True, format="png", ppi=160
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> Any:
    return template_folder() / "fonts"


@cache
def _covered() -> frozenset[str]:
    """The characters of the fonts that are shipped."""
    lines = (template_folder() / "fonts" / "characters.txt").read_text(encoding="ascii").split()
    ranges = (tuple(int(each, 16) for each in line.split("-")) for line in lines)
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


def _breakable(data: dict[str, Any]) -> int:
    """Long codes in tables may break: the template takes the mark out again. Gives the number of cells."""
    count = 0
    for section in data["sections"]:
        for block in section["blocks"]:
            for row in block["rows"] if block["is"] == "table" else ():
                row["cells"] = [_MARK.join(pieces(cell)) for cell in row["cells"]]
                count += len(row["cells"])
    return count


def _unshown(shown: set[str], view: ReportView) -> str:
    """What to say of characters that the fonts lack: typst would leave them out without a word."""
    lacking = sorted(shown - _covered() - _SUBSCRIPTS - {"\n"})
    return view.unshown.replace("{signs}", " ".join(lacking[:_MOST_NAMED])) if lacking else ""
