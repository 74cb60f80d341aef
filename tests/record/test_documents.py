"""Report, calculation book and workbook as documents of a package."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from made import UNDERGROUND, Entries, checked, packed

from guiju.record import documents, log, workbook
from guiju.record.canonical import canonical
from guiju.record.matter import MANIFEST
from guiju.record.pack import Order
from guiju.record.sheets import TooLarge
from guiju.record.verify import Asked

SLOW = {
    "calculation/book.zh.html", "calculation/book.en.html", "calculation/workbook.xlsx",
    "report/report.zh.html", "report/report.zh.docx", "report/report.zh.pdf",
    "report/report.en.html", "report/report.en.docx", "report/report.en.pdf",
}  # fmt: skip


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "work.log"
    path.write_bytes(log.added(None, log.Event("2025-03-01", "Li", "site visit", {})))
    return path


@pytest.fixture(scope="module")
def entries(chain: Path) -> Entries:
    return packed(UNDERGROUND, Order(log=chain))


def test_all_are_there_and_come_out_the_same(entries: Entries) -> None:
    assert {name for name in entries if name.startswith(("report/", "calculation/"))} == SLOW
    verified, codes = checked(entries)
    assert codes == []
    assert verified is not None
    assert set(verified.by_hash) == SLOW
    verified, codes = checked(entries, Asked(slow=True))
    assert codes == []
    assert verified is not None
    assert verified.by_hash == ()


def test_the_report_prints_what_it_is_held_against(entries: Entries, chain: Path) -> None:
    assessment = hashlib.sha256(entries["assessment.json"]).hexdigest()
    head = json.loads(chain.read_bytes().splitlines()[-1])["hash"]
    for lang in ("zh", "en"):
        page = entries[f"report/report.{lang}.html"].decode().replace("<wbr>", "")
        assert assessment in page
        assert head in page
        file = pypdf.PdfReader(BytesIO(entries[f"report/report.{lang}.pdf"]))
        assert file.attachments["assessment.json"] == [entries["assessment.json"]]
        text = "".join("".join(page.extract_text().split()) for page in file.pages)
        assert head in text


def test_a_log_written_anew_shows_against_the_report(chain: Path) -> None:
    """Another log, and all that follows from it made to fit: only the head in the report that was handed over tells."""
    printed = json.loads(chain.read_bytes().splitlines()[-1])["hash"]
    other = chain.with_name("other.log")
    other.write_bytes(log.added(None, log.Event("2025-03-02", "Li", "no site visit", {})))
    again = packed(UNDERGROUND, Order(log=other, documents=False))
    assert checked(again)[1] == []
    assert checked(again, Asked(head=printed))[1] == ["log.other-head"]


def test_a_report_that_says_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package in which everything fits but what the report says: by its hash it is fine, made again it is not."""
    from guiju.report.document import html as page

    made = page.html
    monkeypatch.setattr(documents, "NAMES", (*documents.chosen(slow=False), "report_page"))
    with monkeypatch.context() as other:
        other.setattr(page, "html", lambda view: made(view).replace("示例".encode(), "优秀".encode()))
        forged = packed(UNDERGROUND, Order())
    verified, codes = checked(forged)
    assert codes == []
    assert verified is not None
    assert verified.by_hash == ("report/report.en.html", "report/report.zh.html")
    verified, codes = checked(forged, Asked(slow=True))
    assert verified is None
    assert codes == ["record.document-differs"]


def test_another_library_makes_other_bytes(entries: Entries) -> None:
    """What another version of a library made is not held against what this one makes."""
    manifest = json.loads(entries[MANIFEST])
    assert {"jinja2", "typst", "python-docx", "lxml", "xlsxwriter", "zlib"} == set(manifest["libraries"])
    older = canonical({**manifest, "libraries": {**manifest["libraries"], "typst": "0.0.1"}})
    verified, codes = checked({**entries, MANIFEST: older}, Asked(slow=True))
    assert codes == ["record.other-library"]
    assert verified is not None
    assert {name.rpartition(".")[2] for name in verified.by_hash} == {"pdf", "docx"}


def test_too_large_for_a_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_assessment: object) -> bytes:
        raise TooLarge("fuels")

    monkeypatch.setattr(workbook, "live_workbook", refuse)
    monkeypatch.setattr(documents, "NAMES", (*documents.chosen(slow=False), "live_workbook"))
    entries = packed(UNDERGROUND, Order())
    assert "calculation/workbook.xlsx" not in entries
    assert json.loads(entries[MANIFEST])["libraries"] == {}
