"""pack, verify, sign, keygen, log."""

from __future__ import annotations

import json
import re
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from command_line import CHINA, Guiju


def test_pack_sign_verify(guiju: Guiju) -> None:
    assert guiju("keygen", "-o", "li").status == 0
    assert stat.S_IMODE(Path("li.key").stat().st_mode) == 0o600
    done = guiju("pack", CHINA, "-o", "china.zip", "--prov", "prov.json", "--crate", "crate")
    assert done.status == 0
    hash_ = re.search(r"SHA-256 of the manifest: ([0-9a-f]{64})", done.out)
    assert hash_
    assert Path("crate/ro-crate-metadata.json").is_file()
    with zipfile.ZipFile("china.zip") as file:
        assert file.read("prov.json") == Path("prov.json").read_bytes()
        assert {name for name in file.namelist() if not Path("crate", name).is_file()} == set()
    done = guiju("verify", "china.zip")
    assert done.status == 0
    assert "china.zip is what it says it is" in done.out
    assert "not signed" in done.out
    assert guiju("verify", "china.zip", "--key", "li.pub").status == 1
    assert guiju("sign", "china.zip", "--key", "li.key", "--signer", "Li", "--at", "2025-03-31").status == 0
    done = guiju("verify", "china.zip", "--key", "li.pub")
    assert done.status == 0
    assert re.search(r"signed by Li \(2025-03-31\), key [0-9a-f]{16}, which is the key you gave", done.out)
    assert hash_[1] in done.out, "a signature does not change the manifest"
    assert "与其内容相符" in guiju("verify", "china.zip", "--lang", "zh").out


def test_pack_signs_at_once(guiju: Guiju) -> None:
    guiju("keygen", "-o", "li")
    assert guiju("pack", CHINA, "-o", "one.zip", "--lean", "--key", "li.key", "--signer", "Li").status == 0
    assert guiju("verify", "one.zip", "--key", "li.pub").status == 0
    guiju("pack", CHINA, "-o", "two.zip", "--lean", "--key", "li.key", "--signer", "Li")
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()


SAID = {"client": "Mining group", "assessor": "Institute", "date": "2025-03-31", "number": "CN-2025-001"}


def test_what_the_report_in_a_package_says(guiju: Guiju) -> None:
    """The options go into the report and, for who makes it again, into the manifest."""
    options = [part for name, text in SAID.items() for part in (f"--{'report-' * (name == 'date')}{name}", text)]
    done = guiju("pack", CHINA, "-o", "x.zip", *options)
    assert done.status == 0
    assert "record.report-unsaid" not in done.err
    with zipfile.ZipFile("x.zip") as file:
        page = file.read("report/report.en.html").decode()
        manifest = json.loads(file.read("manifest.json"))
    assert manifest["report"] == SAID
    assert all(text in page for text in SAID.values())
    assert "(not given)" not in page
    done = guiju("verify", "x.zip", "--documents")
    assert (done.status, "checked by their hash" in done.out) == (0, False)


def test_the_options_go_before_the_case(guiju: Guiju) -> None:
    said = "report: {client: {zh: 甲, en: First}, assessor: {zh: 乙, en: Second}}"
    Path("case.yaml").write_text(f"{CHINA.read_text(encoding='utf-8')}\n{said}\n", encoding="utf-8")
    assert "record.report-unsaid" not in guiju("pack", "case.yaml", "-o", "x.zip", "--client", "Third").err
    with zipfile.ZipFile("x.zip") as file:
        page = file.read("report/report.en.html").decode()
    assert ("First" in page, "Second" in page, "Third" in page) == (False, True, True)


def test_a_report_for_nobody_by_nobody(guiju: Guiju) -> None:
    done = guiju("pack", CHINA, "-o", "x.zip", "--client", "Mining group")
    assert done.status == 0
    assert "names no assessor" in done.err
    assert "--assessor" in done.err
    assert "names no client" not in done.err
    assert "report-unsaid" not in guiju("pack", CHINA, "-o", "y.zip", "--lean").err, "no report, nothing to say"


def test_signatures_are_not_lost(guiju: Guiju) -> None:
    """A package that somebody signed is only written over by the same bytes, by one more signature on it, or by force."""
    for name in ("li", "bo"):
        guiju("keygen", "-o", name)
    pack = ("pack", CHINA, "-o", "x.zip", "--lean")
    assert [guiju(*pack).status for _ in range(2)] == [0, 0], "without signatures nothing is lost"
    assert guiju(*pack, "--key", "li.key", "--signer", "Li").status == 0
    signed = Path("x.zip").read_bytes()
    assert guiju(*pack, "--key", "li.key", "--signer", "Li").status == 0, "the same again"
    guiju("pack", CHINA, "-o", "other.zip", "--lean", "--date", "2025-01-01")
    for args in (pack, ("sign", "other.zip", "--key", "bo.key", "--signer", "Bo", "-o", "x.zip"),
                 ("evaluate", CHINA, "-o", "x.zip"), ("pack", CHINA, "-o", "y.zip", "--lean", "--prov", "x.zip")):  # fmt: skip
        done = guiju(*args)
        assert done.status == 2
        assert "bears signatures (1)" in done.err
        assert ("--force" in done.err) == (args[0] != "evaluate")
        assert Path("x.zip").read_bytes() == signed
    assert guiju("sign", "x.zip", "--key", "bo.key", "--signer", "Bo").status == 0
    assert guiju(*pack, "--force").status == 0
    assert "not signed" in guiju("verify", "x.zip").out


def test_a_changed_package(guiju: Guiju) -> None:
    guiju("keygen", "-o", "li")
    guiju("pack", CHINA, "-o", "china.zip", "--lean")
    content = bytearray(Path("china.zip").read_bytes())
    content[len(content) // 2] ^= 1
    Path("china.zip").write_bytes(content)
    for args in (("verify", "china.zip"), ("sign", "china.zip", "--key", "li.key", "--signer", "Li")):
        done = guiju(*args)
        assert done.status == 1
        assert "[record." in done.err
        assert "is not what it says it is" in done.err
    assert Path("china.zip").read_bytes() == content, "what does not verify is not signed"


def test_a_case_that_is_wrong(guiju: Guiju) -> None:
    Path("bad.yaml").write_text(CHINA.read_text(encoding="utf-8").replace("inputs:", "input:"), encoding="utf-8")
    done = guiju("pack", "bad.yaml", "-o", "bad.zip")
    assert done.status == 1
    assert "no package was made" in done.err
    assert not Path("bad.zip").exists()
    assert guiju("verify", "none.zip").status == 1
    assert guiju("verify", CHINA).status == 1


@pytest.mark.parametrize(
    "args",
    [
        ("pack", CHINA, "-o", "x.zip", "--evidence", "nowhere"),
        ("pack", CHINA, "-o", "x.zip", "--hashes-only"),
        ("pack", CHINA, "-o", "x.zip", "--date", "yesterday"),
        ("pack", CHINA, "-o", "x.zip", "--report-date", "yesterday"),
        ("pack", CHINA, "-o", "x.zip", "--client", "A\nB"),
        ("pack", CHINA, "-o", "x.zip", "--key", "li.key"),
        ("pack", CHINA, "-o", "x.zip", "--key", "none.key", "--signer", "Li"),
        ("pack", CHINA, "-o", "x.zip", "--key", "li.pub", "--signer", "Li"),
        ("pack", CHINA, "-o", "x.zip", "--crate", "there"),
        ("pack", CHINA, "-o", "nowhere/x.zip"),
        ("pack", CHINA),
        ("verify", "x.zip", "--key", "li.key"),
        ("sign", "x.zip", "--key", "li.key", "--signer", "Li", "--at", "today"),
        ("keygen", "-o", "li"),
        ("log", "add", "x.log", "--who", "Li", "--what", "x", "--at", "today"),
        ("log", "add", "x.log", "--who", "Li", "--what", "x", "--file", "none"),
    ],
    ids=lambda args: " ".join(map(str, args[2:])) or args[0],
)
def test_wrong_usage(guiju: Guiju, args: tuple[str, ...]) -> None:
    guiju("keygen", "-o", "li")
    Path("there").mkdir()
    before = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    done = guiju(*args)
    assert done.status == 2, done
    assert done.err.strip()
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_without_the_extra(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    done = guiju("keygen", "-o", "li")
    assert done.status == 2
    assert 'pip install "guiju[sign]"' in done.err
    assert not Path("li.key").exists()


def test_log(guiju: Guiju) -> None:
    guiju("keygen", "-o", "li")
    Path("x.txt").write_text("x", encoding="utf-8")
    add = ("log", "add", "work.log", "--who", "Li", "--key", "li.key")
    assert guiju(*add, "--what", "packed", "--at", "2025-03-01", "--file", "x.txt").status == 0
    done = guiju(*add, "--what", "交付")
    assert done.status == 0
    head = re.search(r"entries of the log: 2, head ([0-9a-f]{64})", done.out)
    assert head
    shown = guiju("log", "show", "work.log").out
    assert re.search(r"(?m)^ +1  2025-03-01  Li  packed$", shown)
    assert "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" in shown  # sha256 of "x"
    assert re.search(r"(?m)^ +2  20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00  Li  交付$", shown)
    assert guiju("log", "verify", "work.log", "--head", head[1], "--key", "li.pub").status == 0
    assert guiju("log", "verify", "work.log", "--head", "0" * 64).status == 1
    lines = Path("work.log").read_bytes().splitlines(keepends=True)
    Path("work.log").write_bytes(b"".join([*lines[:1], *lines[2:]]))
    for args in (("log", "verify", "work.log"), ("log", "show", "work.log"), (*add, "--what", "more")):
        done = guiju(*args)
        assert done.status == 1
        assert "work.log:2:1" in done.err
    assert Path("work.log").read_bytes() == b"".join([*lines[:1], *lines[2:]]), "nothing is added to a broken log"


def test_a_log_says_what_is_dated_back_and_where_an_old_head_stands(guiju: Guiju) -> None:
    add = ("log", "add", "work.log", "--who", "Li", "--what", "x", "--at")
    old = re.search(r"head ([0-9a-f]{64})", guiju(*add, "2025-03-02T09:00:00Z").out)
    assert old
    assert "note" not in guiju(*add, "2025-03-02").err, "the same day"
    done = guiju(*add, "2025-03-01T23:00:00+08:00")
    assert (
        done.status,
        "note: entry 3 is dated 2025-03-01T23:00:00+08:00, earlier than 2025-03-02 of entry 2" in done.err,
    ) == (0, True)
    assert "note" not in guiju(*add, "2025-03-05").err, "only the entry that is added"
    done = guiju("log", "verify", "work.log", "--head", old[1], "--lang", "zh")
    assert (done.status, "第 3 条的日期" in done.err) == (0, True)
    assert "所给链头是第 1 条，共 4 条" in done.out
    guiju("pack", CHINA, "-o", "x.zip", "--lean", "--log", "work.log")
    assert "that of entry 1 of 4" in guiju("verify", "x.zip", "--head", old[1]).out


def test_a_log_goes_with_the_package(guiju: Guiju) -> None:
    guiju("log", "add", "work.log", "--who", "Li", "--what", "data checked", "--at", "2025-03-01")
    assert guiju("pack", CHINA, "-o", "x.zip", "--log", "work.log", "--date", "2025-03-31").status == 0
    done = guiju("verify", "x.zip")
    head = re.search(r"entries of the log: 1, head ([0-9a-f]{64})", done.out)
    assert head
    assert guiju("verify", "x.zip", "--head", head[1]).status == 0
    assert guiju("verify", "x.zip", "--head", "0" * 64).status == 1
    Path("work.log").write_text("{}\n", encoding="utf-8")
    assert guiju("pack", CHINA, "-o", "y.zip", "--log", "work.log").status == 1
    assert not Path("y.zip").exists()


@pytest.mark.parametrize(
    "text", ["", " ", "Li\n   9  2020-01-01  Wang  signed off", "\x1b[31mLi", "x" * 1001, "\udcff"]
)
def test_who_and_what_are_one_line(text: str, guiju: Guiju) -> None:
    """A name with a line break would look like two entries, and a terminal obeys what it is shown."""
    guiju("keygen", "-o", "li")
    for line in (["log", "add", "work.log", "--who", text, "--what", "x"], ["log", "add", "work.log", "--who", "x", "--what", text],
                 ["pack", CHINA, "-o", "china.zip", "--key", "li.key", "--signer", text]):  # fmt: skip
        done = guiju(*line)
        assert done.status == 2
        assert "must be one line of text" in done.err
    assert not Path("work.log").exists()
    assert not Path("china.zip").exists()


def test_two_files_of_one_name_are_both_in_the_log(guiju: Guiju) -> None:
    for folder in ("a", "b"):
        Path(folder).mkdir()
        Path(folder, "bill.pdf").write_text(folder, encoding="utf-8")
    assert (
        guiju(
            "log", "add", "work.log", "--who", "Li", "--what", "x", "--file", "a/bill.pdf", "--file", "b/bill.pdf"
        ).status
        == 0
    )
    shown = guiju("log", "show", "work.log").out
    assert "a/bill.pdf  ca978112" in shown
    assert "b/bill.pdf  3e23e816" in shown


@pytest.mark.parametrize("time", ["2025-99-99", "2025-02-30", "2025-01-01T99:99Z", "yesterday"])
def test_a_time_that_is_none(time: str, guiju: Guiju) -> None:
    assert guiju("log", "add", "work.log", "--who", "Li", "--what", "x", "--at", time).status == 2
