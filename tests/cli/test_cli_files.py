"""Where results are written: never over what is read, never in place of a device or a link, never out of the folder."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest
from command_line import CHINA, Guiju

from guiju.cli.output import write_bytes


@pytest.mark.parametrize(
    "line",
    [
        "import case.json -o case.json",
        "import inputs.csv case.csv -o case.csv",
        "series meter.csv --unit kWh --period 2024-01-01..2024-01-02 -o meter.csv",
        "pack case.yaml -o case.yaml",
        "pack case.yaml -o mine.zip --prov case.yaml",
        "pack case.yaml -o work.log --log work.log",
        "book case.txt -o case.txt",
        "report case.yaml -o own.docx --template own.docx",
    ],
)
def test_what_is_read_is_never_written_over(line: str, guiju: Guiju) -> None:
    for name in ("case.yaml", "case.txt", "case.json", "case.csv", "inputs.csv", "own.docx", "work.log"):
        shutil.copyfile(CHINA, name)
    Path("meter.csv").write_text("time,kWh\n2024-01-01,1\n2024-01-02,2\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in Path().iterdir()}
    done = guiju(*line.split())
    assert done.status == 2
    assert "is the file to be read" in done.err
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def test_a_workbook_that_may_be_filled_in_is_not_made_anew(guiju: Guiju) -> None:
    assert guiju("template", "hdi@2021", "-o", "land.xlsx").status == 0
    Path("land.xlsx").write_bytes(b"filled in")
    done = guiju("template", "hdi@2021", "-o", "land.xlsx")
    assert (done.status, Path("land.xlsx").read_bytes()) == (2, b"filled in")
    assert "already there" in done.err


def test_the_id_of_an_assessment_leads_nowhere(guiju: Guiju) -> None:
    assert guiju("evaluate", CHINA, "-o", "china.json").status == 0
    data = json.loads(Path("china.json").read_text(encoding="utf-8"))
    data["case"]["id"] = "../../x"
    Path("china.json").write_text(json.dumps(data), encoding="utf-8")
    assert guiju("report", "china.json", "-o", "deep/folder", "--format", "html").status == 0
    assert [path.name for path in Path("deep/folder").iterdir()] == ["_.._x.en.html"]
    assert not list(Path().glob("*.html"))


@pytest.mark.skipif(sys.platform == "win32", reason="no links and pipes there")
def test_links_and_pipes_stay_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_bytes(tmp_path / "link", b"new", "en")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_bytes(tmp_path / "pipe", b"through", "en")
    reader.join(10)
    assert got == [b"through"]
    assert (tmp_path / "pipe").is_fifo()
