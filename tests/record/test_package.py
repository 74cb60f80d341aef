"""Packages: the same bytes every time, verified elsewhere from themselves alone, and no byte can change unseen."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from made import CHINA, RULESETS, UNDERGROUND, checked, china, opened, packed, signer

from guiju import pipeline
from guiju.cli.main import status
from guiju.diagnostics.finding import Found
from guiju.diagnostics.show import as_text
from guiju.record import archive, documents
from guiju.record.canonical import canonical, digest
from guiju.record.matter import MANIFEST
from guiju.record.pack import Order, Signing, pack, signed
from guiju.record.verify import Asked, verify

NOT_FLIPPED_IN = 300


def test_same_input_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from another folder, and from copies elsewhere."""
    one = archive.build(packed(CHINA))
    shutil.copytree(RULESETS, tmp_path / "copied")
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "copied" / "hdi" / "2021" / "cases" / "china.yaml"
    assert archive.build(packed(copy, roots=(tmp_path / "copied",))) == one


def test_other_zip_programs_read_it() -> None:
    entries = china()
    with zipfile.ZipFile(io.BytesIO(archive.build(entries))) as read:
        assert read.testzip() is None
        assert read.namelist() == sorted(entries)
        assert {info.date_time for info in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {name: read.read(name) for name in read.namelist()} == entries


def test_manifest_is_the_hash_of_every_entry() -> None:
    entries = china()
    listed = json.loads(entries[MANIFEST])["entries"]
    assert listed == {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in entries.items()
        if name != MANIFEST
    }


def test_verified_from_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no ruleset installed at all."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("guiju.places.ruleset_roots", lambda *_: ())
    monkeypatch.setattr("guiju.places.home", lambda: pytest.fail("the installed rulesets were asked for"))
    verified, codes = checked(china())
    assert codes == []
    assert verified is not None
    assert (verified.ruleset, verified.case) == ("hdi@2021", "hdi-china-2021")


def test_a_folder_of_the_same_name_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(RULESETS / "hdi" / "2021", tmp_path / "hdi@2021")
    verified, codes = checked(china())
    assert verified is not None, codes


def positions(content: bytes) -> list[int]:
    """Every byte of one header of each kind, and some hundred others."""
    central, end = content.index(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    entry = content.index(b"manifest.json") - 30
    headers = [*range(30 + 11), *range(entry, entry + 43), *range(central, central + 60), *range(end, len(content))]
    return [*headers, *random.Random(7).sample(range(len(content)), NOT_FLIPPED_IN)]


def test_no_byte_can_change_unseen() -> None:
    """Each of these positions with one bit flipped: the package is refused, with a reason."""
    by = Signing(signer(1), "examiner")
    content = archive.build(signed(china(), by))
    flips = positions(content)
    assert len(set(flips)) >= 400
    for number, at in enumerate(flips):
        damaged = bytearray(content)
        damaged[at] ^= 1 << number % 8
        entries, codes = opened(bytes(damaged))
        if entries is not None:
            _, codes = checked(entries)
        assert codes, f"byte {at}"
        assert all(code.startswith("record.") for code in codes)


@pytest.mark.parametrize(
    "text", ["cases/china.yaml", "rulesets/hdi/2021/index.yaml", "assessment.json", "given.json", "prov.json"]
)
def test_a_change_with_right_checksums_is_seen(text: str) -> None:
    """Somebody changes a file, and checksums and manifest with it: what is evaluated again differs, or cannot be evaluated."""
    entries = china()
    at = next(at for at, sign in enumerate(entries[text]) if chr(sign).isdigit() and at > len(entries[text]) // 2)
    changed = bytearray(entries[text])
    changed[at] = ord("7") if changed[at] != ord("7") else ord("8")
    entries[text] = bytes(changed)
    entries[MANIFEST] = fitting(entries)
    verified, codes = checked(entries)
    assert verified is None
    assert codes


def fitting(entries: dict[str, bytes]) -> bytes:
    manifest = json.loads(entries[MANIFEST])
    manifest["entries"] = {
        name: {"sha256": digest(content), "size": len(content)} for name, content in entries.items() if name != MANIFEST
    }
    return canonical(manifest)


def test_first_difference_is_named() -> None:
    entries, found = china(), Found()
    data = json.loads(entries["assessment.json"])
    data["grade"]["result"] = "very_high"
    entries["assessment.json"] = canonical(data)
    entries[MANIFEST] = fitting(entries)
    from guiju.record.verify import verify

    assert verify(entries, Asked(), found) is None
    (finding,) = found.findings
    facts = dict(finding.facts)
    wanted = {"name": "assessment.json", "where": "grade.result", "packed": "very_high", "computed": "high"}
    assert facts == wanted


def test_too_large_and_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive.build(china())
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    assert opened(content) == (None, ["record.too-many"])
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    assert opened(content) == (None, ["record.too-large"])


def test_zip_bomb_is_not_opened() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a", b"\0" * 50_000_000)
    assert opened(file.getvalue()) == (None, ["record.entry-kind"])


def test_overlapping_entries_are_refused() -> None:
    """Two names for the same stretch of bytes: small on disk, large when read."""
    content = bytearray(archive.build({"a": b"x" * 1000, "b": b""}))
    central = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", central + 4)
    content[second + 42 : second + 46] = content[central + 42 : central + 46]
    entries, codes = opened(bytes(content))
    assert entries is None
    assert codes


def test_two_rulesets_of_one_name(tmp_path: Path) -> None:
    """The group is evaluated by a changed copy that was named by its path, the mine by what lies on the search path."""
    place, words = tmp_path / "group", {"zh": "例", "en": "example"}

    def write(path: Path, data: object) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data))

    ruleset = {
        "format": 1, "id": "roll", "version": "1", "title": words, "status": "draft",
        "inputs": {"own": {"title": words, "type": "number", "unit": "t"}},
        "collections": {"mines": {
            "title": words, "key": "mine", "from_assessments": {"of": ["roll"]},
            "columns": {"mine": {"title": words, "type": "text"}, "mass": {"title": words, "unit": "t", "take": "total"}},
        }},
        "formulas": {"total": {"title": words, "expr": "own + sum(mines.mass)", "unit": "t", "basis": "proposed"}},
    }  # fmt: skip
    case = {
        "case": 1,
        "title": words,
        "ruleset": "roll@1",
        "role": "self",
        "subject": {"name": words},
        "period": {"from": "2024-01-01", "to": "2024-12-31"},
    }
    write(tmp_path / "rulesets/roll/1/ruleset.yaml", ruleset)
    ruleset["formulas"]["total"]["expr"] = "own + sum(mines.mass) * 2"  # type: ignore[index]
    write(tmp_path / "other/roll/1/ruleset.yaml", ruleset)
    write(place / "mine.yaml", {**case, "id": "mine", "inputs": {"own": 1}})
    rows = [{"mine": "one", "case": "mine.yaml"}]
    write(place / "group.yaml", {**case, "id": "group", "inputs": {"own": 1}, "collections": {"mines": rows}})
    roots, found = (tmp_path / "rulesets",), Found()
    entries = packed(place / "group.yaml", roots=roots)
    assert {"cases/group.yaml", "cases/mine.yaml", "rulesets/roll/1/ruleset.yaml"} <= set(entries)
    wish = pipeline.Wish(str(tmp_path / "other/roll/1"))
    assert pack(place / "group.yaml", roots, wish, Order(), found) is None
    assert [finding.code for finding in found.findings if finding.code.startswith("record.")] == ["record.two-rulesets"]


def test_a_child_of_another_folder_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command is called lies a folder called like the ruleset of a child: it is no part of the package."""
    test_two_rulesets_of_one_name(tmp_path)
    entries = packed(tmp_path / "group" / "group.yaml", roots=(tmp_path / "rulesets",))
    shutil.copytree(tmp_path / "other" / "roll" / "1", tmp_path / "elsewhere" / "roll@1")
    monkeypatch.chdir(tmp_path / "elsewhere")
    verified, codes = checked(entries)
    assert verified is None
    assert "record.outside" in codes


def test_a_document_that_cannot_be_made_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that is slow is held by its hash, unless asked for."""

    class Slow:
        QUICK, ENTRIES, LIBRARIES = False, ("slow.txt",), ("jinja2",)
        installed = True

        @classmethod
        def make(cls, matter: object) -> dict[str, bytes]:
            if not cls.installed:
                raise documents.NotInstalled("report")
            return {"slow.txt": b"slow"}

    before = documents._document
    monkeypatch.setattr(documents, "_document", lambda name: Slow if name == "slow" else before(name))
    monkeypatch.setattr(documents, "NAMES", (*documents.chosen(slow=False), "slow"))
    entries = packed(CHINA, Order())
    assert entries["slow.txt"] == b"slow"
    verified, _ = checked(entries)
    assert verified is not None
    assert verified.by_hash == ("slow.txt",)
    verified, _ = checked(entries, Asked(slow=True))
    assert verified is not None
    assert verified.by_hash == ()
    other = {**entries, "slow.txt": b"other"}
    other[MANIFEST] = fitting(other)
    assert checked(other, Asked(slow=True))[0] is None
    Slow.installed = False
    verified, codes = checked(entries, Asked(slow=True))
    assert codes == ["record.document-left-out"]
    assert verified is not None
    assert verified.by_hash == ("slow.txt",), "checked by its hash where it cannot be made"
    found = Found()
    left = pack(CHINA, (RULESETS,), pipeline.Wish(), Order(), found)
    assert left is not None
    assert "slow.txt" not in left
    assert "record.document-left-out" in [finding.code for finding in found.findings]


def test_evidence_goes_in_or_its_hash_does(tmp_path: Path) -> None:
    docs, case = tmp_path / "docs", tmp_path / "case.yaml"
    (docs / "2024").mkdir(parents=True)
    (docs / "2024" / "compliance.txt").write_text("fine", encoding="utf-8")
    text = UNDERGROUND.read_text(encoding="utf-8")
    case.write_text(
        text.replace("{kind: compliance_statement, ", "{kind: compliance_statement, file: 2024/compliance.txt, "),
        encoding="utf-8",
    )
    whole = packed(case, Order(docs, documents=False))
    assert whole["evidence/2024/compliance.txt"] == b"fine"
    items = {item["id"]: item for item in json.loads(whole["evidence.json"])["items"]}
    assert items["ev_compliance"]["sha256"] == hashlib.sha256(b"fine").hexdigest()
    assert items["ev_compliance"]["proves"] == ["legal_compliance", "clean_record", "not_on_abnormal_list"]
    assert "credits[1].quantity" in items["ev_retirement"]["proves"]
    hashes = packed(case, Order(docs, "hashes", documents=False))
    assert "evidence/2024/compliance.txt" not in hashes
    assert json.loads(hashes["evidence.json"])["items"] == [
        {**item, "entry": None} for item in json.loads(whole["evidence.json"])["items"]
    ]
    del whole["evidence/2024/compliance.txt"]
    whole[MANIFEST] = fitting(whole)
    assert checked(whole)[1] == ["record.differs"]


@pytest.mark.parametrize("name", ["cases/china.yaml/x", "cases/" + "长" * 90])
def test_names_that_no_folder_could_hold(name: str) -> None:
    """A file that is a folder as well, and a name of more than 255 bytes."""
    entries, codes = opened(archive.build({**china(), name: b"x"}))
    assert (entries, set(codes)) == (None, {"record.entry-name"})


def test_the_engine_is_the_same_in_manifest_and_assessment() -> None:
    """It decides whether documents are made again: a package cannot say two."""
    entries = china()
    said = json.loads(entries["assessment.json"])
    entries["assessment.json"] = canonical({**said, "engine": {**said["engine"], "version": "9.9"}})
    manifest = json.loads(entries[MANIFEST])
    mark = {"sha256": digest(entries["assessment.json"]), "size": len(entries["assessment.json"])}
    entries[MANIFEST] = canonical({**manifest, "entries": {**manifest["entries"], "assessment.json": mark}})
    assert checked(entries) == (None, ["record.differs"])


def faulty(entries: dict[str, bytes]) -> dict[str, bytes]:
    """The package with a case in which a value is no number, its manifest made to fit."""
    name = next(each for each in entries if each.startswith("cases/"))
    text = entries[name].decode("utf-8")
    changed = text.replace("life_expectancy: {value: 78.2107,", "life_expectancy: {value: long,")
    assert changed != text
    entries = {**entries, name: changed.encode()}
    return {**entries, MANIFEST: fitting(entries)}


@pytest.mark.parametrize("below", [False, True], ids=["elsewhere", "temporary folders below the current one"])
def test_what_is_wrong_inside_is_said_of_the_entry(
    below: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder of this machine is named: neither in places, nor in facts, nor in the text that is shown."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary") if below else None)
    found = Found()
    assert verify(faulty(china()), Asked(), found) is None
    (wrong,) = [each for each in found.findings if each.code == "case.type"]
    assert wrong.place is not None and wrong.place.file == "cases/china.yaml"
    text = as_text(found.findings, "en", lambda _file, _line: None) + repr(found.findings)
    assert "guiju-" not in text and "temporary" not in text and str(tmp_path) not in text
    assert "--> cases/china.yaml:" in text


@pytest.mark.parametrize(
    "command", [["verify"], ["sign", "--key", "li.key", "--signer", "Li"]], ids=lambda each: each[0]
)
def test_a_file_here_of_the_name_of_an_entry_is_not_shown(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "package.zip").write_bytes(archive.build(faulty(china())))
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "china.yaml").write_text("not this\n" * 50, encoding="utf-8")
    if command[0] == "sign":
        assert status(["keygen", "-o", "li"]) == 0
    assert status([command[0], "package.zip", *command[1:]]) == 1
    said = capfd.readouterr().err
    assert "cases/china.yaml:" in said
    assert "not this" not in said
