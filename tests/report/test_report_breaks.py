"""Long codes in tables: where they may break, that nothing is added to what is copied, that they keep to their columns."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.describe import describe
from guiju.report.document.breaks import pieces
from guiju.report.document.html import html
from guiju.report.document.view import report

ROOT = Path(__file__).resolve().parents[2]
METAL = ROOT / "rulesets" / "carbon-neutral-mine" / "2025.1" / "cases" / "metal.yaml"
SERIAL = "VCS-EXAMPLE-1234-567-100001-105900-VCU-034"
HASH = "9f86d081884c7d659a2feaa0c55ad015"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2024-05-18", "2024-05-18"),  # a date stays whole
        ("-19.505", "-19.505"),
        ("tCO2/MWh", "tCO2/|MWh"),
        ("ev_energy", "ev_|energy"),
        ("EXAMPLE-CCER-2022-100001", "EXAMPLE-|CCER-|2022-|100001"),
        (HASH, "9f86d081|884c7d65|9a2feaa0|c55ad015"),
        ("power_bills_2024.final.pdf", "power_|bills_|2024|.final|.pdf"),
        ("a sentence of words, none of which is a code", "a sentence of words, none of which is a code"),
        ("- a line", "- a line"),
        ("", ""),
    ],
)
def test_pieces(text: str, shown: str) -> None:
    assert "|".join(pieces(text)) == shown


def test_a_long_serial_keeps_to_its_column(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    from guiju.report.document.pdf import pdf

    case = tmp_path / "long.yaml"
    text = METAL.read_text(encoding="utf-8").replace("EXAMPLE-CCER-2022-100001-105900", SERIAL)
    case.write_text(text.replace("EXAMPLE-CCER-2021-200001-204000", HASH), encoding="utf-8")
    assessment = pipeline.assess(case, [ROOT / "rulesets"], pipeline.Wish(), Found())
    assert assessment is not None
    view = report(describe(assessment), None, "en")
    assert SERIAL in re.sub("<wbr>", "", html(view).decode())
    read = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(view))).pages)
    assert HASH in read.replace("\n", "") and "\u200b" not in read and "\ue000" not in read
    widest = max((line for line in read.splitlines() if line.strip() and line.strip() in HASH), key=len)
    assert len(widest.strip()) <= 24  # of its 32 signs; the column of the serial is the first of seven
