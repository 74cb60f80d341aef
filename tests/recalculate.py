"""A workbook recalculated by LibreOffice: what was cached is taken out first, so that every value read is one it computed."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
WHY_NOT = "LibreOffice (soffice) is not installed: nothing here can recalculate a workbook"
_CACHED = re.compile(r"(</f>)<v>[^<]*</v>")
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>
"""
Values = dict[str, dict[str, Any]]  # sheet → cell → value; an error is its text, as #N/A


def without_cache(data: bytes) -> bytes:
    """The same workbook with formulas only."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = _CACHED.sub(r"\1", content.decode("utf-8")).encode("utf-8")
            target.writestr(name, content)
    return stream.getvalue()


def recalculated(files: dict[str, bytes], folder: Path) -> dict[str, Values]:
    """Workbooks by name → their values after LibreOffice has computed them."""
    profile, source, target = folder / "profile", folder / "source", folder / "target"
    for each in (profile / "user", source, target):
        each.mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    for name, data in files.items():
        (source / f"{name}.xlsx").write_bytes(without_cache(data))
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    listed = [str(path) for path in sorted(source.iterdir())]
    subprocess.run([*command, "--outdir", str(target), *listed], check=True, capture_output=True, timeout=600)
    return {name: read((target / f"{name}.xlsx").read_bytes()) for name in files}


def read(data: bytes) -> Values:
    """The values that a workbook holds."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), data_only=True, read_only=True)
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        for sheet in book.worksheets
    }
