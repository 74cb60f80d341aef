"""The command `evidence`: a folder of files against what a case says of them."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from command_line import Guiju

from guiju.diagnostics.finding import Found
from guiju.source.node import data
from guiju.source.yaml_text import read_text
from small import write, write_case

SECTIONS: dict[str, Any] = {
    "evidence": {"bill": {}, "ledger": {}},
    "inputs": {
        "energy": {"unit": "kWh", "evidence": ["bill"]},
        "heat": {"unit": "GJ", "evidence": ["bill", "ledger"], "required": False},
        "staff": {"unit": "1", "required": False},
    },
    "collections": {
        "fuels": {"key": "fuel", "columns": {"fuel": {"type": "text"}, "mass": {"unit": "t", "evidence": ["ledger"]}}}
    },
    "formulas": {"twice": {"expr": "energy * 2", "unit": "kWh"}},
}
TITLE = {"zh": "某", "en": "some"}


def value(number: int, *evidence: str) -> dict[str, Any]:
    return {"value": number, **({"evidence": list(evidence)} if evidence else {})}


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files prove three values; heat lacks its ledger, coke everything; one file is in a folder."""
    write(Path(), SECTIONS)
    monkeypatch.setenv("GUIJU_RULESETS", "rulesets")
    folder = Path("files/2024")
    folder.mkdir(parents=True)
    (folder / "bills.txt").write_bytes(b"power 5, heat 7\n")
    Path("files/ledger.txt").write_bytes(b"coal 3\n")
    return written()


def written(**bills: str) -> Path:
    return write_case(
        Path("case.yaml"),
        {"energy": value(5, "bills"), "heat": value(7, "bills"), "staff": value(9)},
        {"fuels": [{"fuel": "coal", "mass": value(3, "book")}, {"fuel": "coke", "mass": 4}]},
        evidence={
            "bills": {
                "kind": "bill",
                "title": TITLE,
                "file": "2024/bills.txt",
                "page": "2",
                "origin": "the grid",
                **bills,
            },
            "book": {"kind": "ledger", "title": TITLE, "file": "ledger.txt", "date": "2025-01-08"},
        },
    )


def register(guiju: Guiju, *more: str) -> tuple[int, dict[str, Any]]:
    done = guiju("evidence", "files", "case.yaml", "--format", "json", *more)
    assert done.out, done.err
    return done.status, json.loads(done.out)


def test_what_proves_what_and_what_lacks_proof(guiju: Guiju, case: Path) -> None:
    status, told = register(guiju)
    assert status == 0
    bills, book = told["documents"]
    assert (bills["state"], bills["proves"], bills["page"]) == ("new", ["energy", "heat"], "2")
    assert (book["state"], book["proves"]) == ("new", ["fuels.mass[coal]"])
    assert told["unproven"] == [
        {"value": "heat", "lacking": ["ledger"]},
        {"value": "fuels.mass[coke]", "lacking": ["ledger"]},
    ]
    assert told["unlisted"] == []


def test_the_register_is_a_section_of_the_case(guiju: Guiju, case: Path) -> None:
    before = case.read_bytes()
    assert guiju("evidence", "files", "case.yaml", "-o", "register.yaml").status == 0
    assert case.read_bytes() == before, "the case is not edited"
    found = Found()
    node = read_text(Path("register.yaml").read_text(encoding="utf-8"), "register.yaml", found)
    assert node is not None, found.findings
    made: Any = data(node)
    assert made["evidence"]["bills"]["sha256"] == hashlib.sha256(b"power 5, heat 7\n").hexdigest()
    assert made["evidence"]["book"]["date"] == "2025-01-08"
    text = case.read_text(encoding="utf-8")
    Path("case.yaml").write_text(text.replace(json.dumps("bills"), json.dumps("bills")), encoding="utf-8")
    written(sha256=made["evidence"]["bills"]["sha256"])
    assert register(guiju)[1]["documents"][0]["state"] == "same"


@pytest.mark.parametrize("name", ["E01", "E-01", "_e", "台账2024", "2024", "1.2", "on", "null"])
def test_ids_as_people_give_them(guiju: Guiju, case: Path, name: str) -> None:
    evidence = {name: {"kind": "bill", "title": TITLE, "file": "2024/bills.txt"}}
    write_case(case, {"energy": value(5, name)}, {"fuels": []}, evidence=evidence)
    assert guiju("evidence", "files", "case.yaml", "-o", "register.yaml").status == 0
    node = read_text(Path("register.yaml").read_text(encoding="utf-8"), "register.yaml", Found())
    assert node is not None
    made: Any = data(node)
    assert list(made["evidence"]) == [name]
    assert register(guiju)[1]["documents"][0]["proves"] == ["energy"]
    for command in (
        ["pack", "case.yaml", "-o", "mine.gjpkg", "--evidence", "files", "--lean"],
        ["verify", "mine.gjpkg"],
    ):
        done = guiju(*command)
        assert done.status == 0, done.err


@pytest.mark.parametrize("name", ["E 01", "E/01", "-E", ".e", "E、1"])
def test_what_is_no_id_is_told_in_words(guiju: Guiju, case: Path, name: str) -> None:
    write_case(case, {"energy": 5}, {"fuels": []}, evidence={name: {"kind": "bill", "title": TITLE}})
    done = guiju("evidence", "files", "case.yaml")
    assert done.status == 1
    assert "such as E01" in done.err
    assert "0-9A-Z" not in done.err


def test_a_register_that_is_there_is_not_overwritten(guiju: Guiju, case: Path) -> None:
    Path("register.yaml").write_text("mine\n", encoding="utf-8")
    assert guiju("evidence", "files", "case.yaml", "-o", "register.yaml").status == 2
    assert Path("register.yaml").read_text(encoding="utf-8") == "mine\n"


def test_changed_files_keep_what_was_registered(guiju: Guiju, case: Path) -> None:
    written(sha256="0" * 64)
    done = guiju("evidence", "files", "case.yaml", "-o", "register.yaml")
    assert done.status == 1
    assert "error[case.evidence-changed]" in done.err
    text = Path("register.yaml").read_text(encoding="utf-8")
    assert f'sha256: "{"0" * 64}"' in text
    assert f"# changed: {hashlib.sha256(b'power 5, heat 7' + bytes([10])).hexdigest()}" in text


def test_every_changed_byte_shows(guiju: Guiju, case: Path) -> None:
    path = Path("files/2024/bills.txt")
    raw = path.read_bytes()
    written(sha256=hashlib.sha256(raw).hexdigest())
    for index in range(len(raw)):
        path.write_bytes(raw[:index] + bytes([raw[index] ^ 1]) + raw[index + 1 :])
        assert register(guiju)[0] == 1
    path.write_bytes(raw)
    assert register(guiju)[0] == 0


def test_missing_and_unlisted_files(guiju: Guiju, case: Path) -> None:
    Path("files/ledger.txt").rename("files/ledger.old.txt")
    Path("files/.hidden").write_text("x", encoding="utf-8")
    done = guiju("evidence", "files", "case.yaml")
    assert done.status == 1
    assert "error[case.evidence-missing]" in done.err
    assert "Files in the folder that no evidence names: 1" in done.out
    assert "ledger.old.txt" in done.out
    assert ".hidden" not in done.out


def test_a_link_out_of_the_folder_is_refused(guiju: Guiju, case: Path) -> None:
    Path("secret.txt").write_text("x", encoding="utf-8")
    Path("files/ledger.txt").unlink()
    os.symlink(Path("secret.txt").resolve(), "files/ledger.txt")
    done = guiju("evidence", "files", "case.yaml", "--lang", "zh")
    assert done.status == 1
    assert "case.evidence-path" in done.err


def test_the_assessment_lists_values_without_evidence(guiju: Guiju, case: Path) -> None:
    guiju("evaluate", "case.yaml", "-o", "out.json")
    told = json.loads(Path("out.json").read_text(encoding="utf-8"))["unevidenced"]
    assert told == [
        {"node": "heat", "lacking": ["ledger"]},
        {"node": "fuels.mass", "row": "coke", "lacking": ["ledger"]},
    ]


def test_wrong_usage(guiju: Guiju, case: Path) -> None:
    assert guiju("evidence", "nowhere", "case.yaml").status == 2
    assert guiju("evidence", "files", "nowhere.yaml").status == 1


@pytest.mark.skipif(os.name == "nt", reason="no links and pipes there")
def test_what_is_no_file_of_the_folder_is_neither_listed_as_such_nor_packed(guiju: Guiju, case: Path) -> None:
    """A link out of the folder, links in a circle, a pipe: a finding each time, from both commands."""
    for make in (lambda: Path("files/ledger.txt").symlink_to(case.resolve()), lambda: Path("files/ledger.txt").symlink_to("ledger.txt"), lambda: os.mkfifo("files/ledger.txt")):  # fmt: skip
        Path("files/ledger.txt").unlink()
        make()
        done = guiju("evidence", "files", "case.yaml")
        assert done.status == 1
        assert "error[case.evidence-" in done.err
        done = guiju("pack", "case.yaml", "-o", "case.zip", "--evidence", "files")
        assert done.status == 1
        assert "error[record.evidence-" in done.err
        assert not Path("case.zip").exists()


def test_the_package_lists_values_without_evidence_by_the_same_rule(guiju: Guiju, case: Path) -> None:
    assert guiju("pack", "case.yaml", "-o", "case.zip").status == 0
    with zipfile.ZipFile("case.zip") as package:
        told = json.loads(package.read("evidence.json"))["unproved"]
    assert told == [{"value": "heat", "wanted": ["ledger"]}, {"value": "fuels[2].mass", "wanted": ["ledger"]}]


def test_one_text_for_both_languages(guiju: Guiju, case: Path) -> None:
    evidence = {"E01": {"kind": "bill", "title": "电费单", "file": "2024/bills.txt"}}
    head: dict[str, Any] = {"title": "某矿评估", "subject": {"name": "某矿", "built_on": "无"}, "evidence": evidence}
    write_case(case, {"energy": value(5, "E01")}, {"fuels": []}, **head, report={"client": "某公司", "aim": "自评"})
    assert guiju("evaluate", "case.yaml", "--output", "made.json").status == 0
    told = json.loads(Path("made.json").read_text(encoding="utf-8"))["case"]
    assert told["title"] == {"zh": "某矿评估", "en": "某矿评估"}
    assert told["subject"] == {"name": {"zh": "某矿", "en": "某矿"}, "built_on": {"zh": "无", "en": "无"}}
    assert told["report"] == {"client": {"zh": "某公司", "en": "某公司"}, "aim": {"zh": "自评", "en": "自评"}}
    assert told["evidence"]["E01"]["title"] == {"zh": "电费单", "en": "电费单"}
    assert guiju("evidence", "files", "case.yaml", "-o", "register.yaml").status == 0
    assert 'title: "电费单"' in Path("register.yaml").read_text(encoding="utf-8")
    for command in (
        ["pack", "case.yaml", "-o", "mine.gjpkg", "--evidence", "files", "--lean"],
        ["verify", "mine.gjpkg"],
    ):
        done = guiju(*command)
        assert done.status == 0, done.err


def test_values_without_evidence_go_by_their_title(guiju: Guiju, case: Path) -> None:
    done = guiju("evidence", "files", "case.yaml")
    assert "  heat [heat]: " in done.out
    assert "  mass coke [fuels.mass[coke]]: " in done.out


def test_a_kind_of_evidence_is_offered_with_its_title(guiju: Guiju, case: Path) -> None:
    write_case(case, {"energy": 5}, {"fuels": []}, evidence={"E01": {"kind": "photo", "title": TITLE}})
    assert "there are bill bill, ledger ledger" in guiju("evidence", "files", "case.yaml").err
