"""A version that extends another: what is taken over, what is revised, what is refused; fingerprints down the line."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.ruleset.model import Ruleset
from small import Small, codes, title, variant, write, write_table, yaml

PURE = {"unit": "1"}
BASE: dict[str, Any] = {
    "sources": {"guide": {"title": title("guide"), "access": "read", "clauses": {"1": title("one")}}},
    "glossary": {"word": {"term": title("word"), "definition": title("what it is")}},
    "evidence": {"bill": {}},
    "units": {"pot": {}},
    "inputs": {"x": {**PURE, "evidence": ["bill"]}},
    "collections": {"rows": {"key": "row", "columns": {"row": {"type": "text"}, "v": PURE}}},
    "parameters": {"p": {"value": 2, "unit": "1"}, "q": {"value": 10, "unit": "1"}},
    "tables": {
        "t": {"keys": [{"name": "k", "type": "text"}], "columns": {"f": PURE}, "rows": [{"k": "a", "f": 3}]},
    },
    "formulas": {"y": {"expr": "x * p", "unit": "1"}, "z": {"expr": 'y + q + lookup(t.f, "a")', "unit": "1"}},
    "indicators": {"total": {"value": "z", "unit": "1", "score": {"kind": "linear", "anchors": [[0, 0], [100, 100]]}}},
    "preconditions": {"some": {"expr": "x > 0", "otherwise": "refused"}},
    "checks": {"usual": {"title": title("usual"), "expr": "x < 50", "basis": "proposed"}},
    "claims": {"big": {"requires": {"much": "z > 20"}}},
    "grade": {
        "levels": ["A", "B"],
        "refusals": ["refused"],
        "gates": {
            "score": {
                "value": "total.score",
                "unit": "point",
                "covers": "[0, 100]",
                "bands": {"A": "[50, 100]", "B": "[0, 50)"},
            },
            "enough": {"condition": "x > 1", "otherwise": "B"},
        },
    },
    "comments": {"c1": {"from": title("w"), "on": "1", "text": title("t"), "settled": "open"}},
}


def revise(**actions: Any) -> dict[str, Any]:
    """The actions of an overlay, filled in like those of a variant."""
    return {key: value for key, value in variant(**actions).items() if key != "title"}


def written(root: Path, *bodies: dict[str, Any], base: dict[str, Any] = BASE, **identity: Any) -> list[Path]:
    """small@1 from `base`, and small@2, small@3 … each extending the one before."""
    folders = [write(root, base)]
    for number, body in enumerate(bodies, 2):
        head = {"extends": f"small@{number - 1}", **identity}
        folders.append(write(root, body, f"small@{number}", **head))
    return folders


def read(root: Path, ref: str) -> tuple[Ruleset | None, Found]:
    found = Found()
    return pipeline.read_ruleset(ref, [root / "rulesets"], found), found


def loaded(root: Path, ref: str = "small@2") -> Ruleset:
    ruleset, found = read(root, ref)
    assert ruleset is not None, [(finding.code, finding.place, finding.facts) for finding in found.findings]
    return ruleset


def refused(root: Path, ref: str = "small@2") -> list[str]:
    ruleset, found = read(root, ref)
    assert ruleset is None
    return codes(found)


def extended(root: Path, *bodies: dict[str, Any], base: dict[str, Any] = BASE) -> Small:
    folders = written(root, *bodies, base=base)
    return Small(root, folders[-1], loaded(root, f"small@{len(folders)}"))


def run(made: Small, x: int, **case: Any) -> Any:
    return made.run({"x": x}, ruleset=made.ruleset.identity.ref, **case)


# -- what comes out ------------------------------------------------------------------------------------------------------------
def test_everything_is_taken_over(tmp_path: Path) -> None:
    result = run(extended(tmp_path, {}), 4)
    assert (result["y"], result["z"], result["total.score"], result["grade.result"]) == (8, 21, 21, "B")


def test_only_the_identity_is_its_own(tmp_path: Path) -> None:
    write(tmp_path, BASE, publisher=title("office"), supersedes="0")
    write(tmp_path, {}, "small@2", extends="small@1", title=title("second"))
    identity = loaded(tmp_path).identity
    assert (identity.ref, identity.title.en, identity.publisher, identity.supersedes) == (
        "small@2",
        "second",
        None,
        None,
    )
    assert [base.ref for base in identity.bases] == ["small@1"]


def test_new_entries_stand_beside_those_of_the_base(tmp_path: Path) -> None:
    body = {"parameters": {"r": {"value": 5, "unit": "1"}}, "formulas": {"w": {"expr": "z * r", "unit": "1"}}}
    assert run(extended(tmp_path, body), 4)["w"] == 105


def test_another_ruleset_may_be_extended(tmp_path: Path) -> None:
    write(tmp_path, BASE)
    folder = write(tmp_path, {"revise": revise(change={"parameters": {"p": {"value": 3}}})}, "own@7", extends="small@1")
    assert run(Small(tmp_path, folder, loaded(tmp_path, "own@7")), 4)["y"] == 12


def test_change_replace_add_disable(tmp_path: Path) -> None:
    overlay = revise(
        change={"parameters": {"p": {"value": 3}}, "gates": {"score": {"bands": {"A": "[30, 100]", "B": "[0, 30)"}}}},
        replace={"formulas": {"z": {"expr": "y - q - r", "unit": "1"}}},
        add={"parameters": {"r": {"value": 1, "unit": "1"}}},
        disable={"claims": ["big"], "tables": ["t"], "gates": ["enough"]},
    )
    made = extended(tmp_path, {"revise": overlay})
    result = run(made, 14)
    assert (result["y"], result["z"], result["grade.result"]) == (42, 31, "A")  # 14*3; 42-10-1; 31 is in [30, 100]
    assert made.plan().claims == ()
    assert [gate["id"] for gate in result.grade["gates"]] == ["score"]


WORDS = {"en": "new", "zh": "新"}
CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "sources": ("guide", {"edition": "2"}),
    "glossary": ("word", {"definition": WORDS}),
    "evidence": ("bill", {"title": WORDS}),
    "units": ("pot", {"title": WORDS}),
    "inputs": ("x", {"title": WORDS}),
    "collections": ("rows", {"title": WORDS}),
    "tables": ("t", {"title": WORDS}),
    "indicators": ("total", {"title": WORDS}),
    "preconditions": ("some", {"title": WORDS}),
    "checks": ("usual", {"title": WORDS}),
    "claims": ("big", {"title": WORDS}),
    "comments": ("c1", {"settled": "rejected", "how": WORDS}),
}


@pytest.mark.parametrize("section", CHANGES)
def test_every_section_can_be_changed(tmp_path: Path, section: str) -> None:
    name, fields = CHANGES[section]
    made = extended(tmp_path, {"revise": {"change": {section: {name: fields}}}})
    entry: Any = made.ruleset.sections.value[section].value[name].value  # type: ignore[index,call-overload]
    for field in fields:
        value = entry[field].value
        assert (value if isinstance(value, str) else value["en"].value) == (fields[field] if isinstance(value, str) else "new")  # fmt: skip
    assert run(made, 4)["z"] == 21


@pytest.mark.parametrize(
    "section", ["comments", "glossary", "checks", "claims", "preconditions", "units", "collections"]
)
def test_every_section_can_lose_an_entry(tmp_path: Path, section: str) -> None:
    name = CHANGES[section][0]
    made = extended(tmp_path, {"revise": {"disable": {section: [name]}}})
    assert made.ruleset.sections.value[section].value == {}  # type: ignore[index,call-overload]
    assert run(made, 4)["z"] == 21


def test_another_version_of_an_external_table(tmp_path: Path) -> None:
    for version, factor in (("1", 2), ("2", 5)):
        write_table(tmp_path, f"grid@{version}", [{"name": "r", "type": "text"}], {"f": PURE}, [{"r": "n", "f": factor}])  # fmt: skip
    base = {
        "external_tables": {"grid": {"table": "grid", "version": "1"}},
        "formulas": {"y": {"expr": 'lookup(grid.f, "n")', "unit": "1"}},
    }
    later = {"revise": {"change": {"external_tables": {"grid": {"version": "2"}}}}}
    assert extended(tmp_path, {}, base=base).run(ruleset="small@2")["y"] == 2
    assert extended(tmp_path, later, base=base).run(ruleset="small@2")["y"] == 5


def test_a_grade_replaces_the_whole_one(tmp_path: Path) -> None:
    grade = {
        "levels": ["good"],
        "refusals": ["refused"],
        "gates": {"own": {"value": "x", "unit": "1", "covers": "[0, 9]", "bands": {"good": "[0, 9]"}}},
    }
    result = run(extended(tmp_path, {"grade": grade}), 4)
    assert result["grade.result"] == "good"
    assert [gate["id"] for gate in result.grade["gates"]] == ["own"]


def test_variants_are_added_replaced_and_disabled_as_wholes(tmp_path: Path) -> None:
    variants = {name: variant(change={"parameters": {"p": {"value": value}}}) for name, value in (("a", 3), ("b", 4))}
    overlay = {
        "add": {"variants": {"c": variant(change={"parameters": {"p": {"value": 6}}})}},
        "replace": {"variants": {"a": variant(change={"parameters": {"p": {"value": 5}}})}},
        "disable": {"variants": ["b"]},
    }
    more = {"d": variant(change={"parameters": {"p": {"value": 7}}})}
    made = extended(tmp_path, {"revise": overlay, "variants": more}, base={**BASE, "variants": variants})
    assert list(made.ruleset.variants) == ["a", "c", "d"]
    assert [run(made, 2, variant=name)["y"] for name in made.ruleset.variants] == [10, 12, 14]


def test_variants_are_laid_on_what_was_revised(tmp_path: Path) -> None:
    variants = {"a": variant(change={"parameters": {"q": {"value": 1}}})}
    overlay = revise(change={"parameters": {"p": {"value": 5}, "q": {"value": 2}}})
    result = run(extended(tmp_path, {"revise": overlay}, base={**BASE, "variants": variants}), 2, variant="a")
    assert (result["y"], result["z"]) == (10, 14)  # 2*5; 10+1+3


def test_a_chain(tmp_path: Path) -> None:
    second = {
        "revise": revise(change={"parameters": {"p": {"value": 3}}}),
        "formulas": {"w": {"expr": "y", "unit": "1"}},
    }
    third = {"revise": revise(change={"parameters": {"q": {"value": 1}}}, replace={"formulas": {"w": {"expr": "z", "unit": "1"}}})}  # fmt: skip
    made = extended(tmp_path, second, third)
    result = run(made, 4)
    assert (result["y"], result["z"], result["w"]) == (12, 16, 16)  # 4*3; 12+1+3
    assert [base.ref for base in made.ruleset.identity.bases] == ["small@2", "small@1"]


def test_several_files_revise_the_same_section(tmp_path: Path) -> None:
    (folder,) = written(tmp_path, {"revise": revise(change={"parameters": {"p": {"value": 3}}}, disable={"claims": ["big"]})})[1:]  # fmt: skip
    more = {"revise": {"change": {"parameters": {"q": {"value": 0}}}, "disable": {"checks": ["usual"]}}}
    (folder / "more.yaml").write_text(yaml(more) + "\n", encoding="utf-8")
    third = {"revise": {"disable": {"claims": ["none"]}}}
    made = Small(tmp_path, folder, loaded(tmp_path))
    assert run(made, 4)["z"] == 15  # 4*3 + 0 + 3
    (folder / "third.yaml").write_text(yaml(third) + "\n", encoding="utf-8")
    assert refused(tmp_path) == ["revise.patches-nothing"]
    (folder / "third.yaml").write_text(yaml({"revise": more["revise"]}) + "\n", encoding="utf-8")
    assert "ruleset.said-twice" in refused(tmp_path)


# -- what cannot be ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("body", "code"), [
    ({"parameters": {"p": {"value": 3, "unit": "1"}}}, "revise.in-the-base"),
    ({"revise": {"disable": {"claims": ["big"]}}, "claims": {"big": {"requires": {"much": "z > 9"}}}}, "revise.in-the-base"),
    ({"variants": {"a": variant()}}, "revise.in-the-base"),
    ({"revise": revise(add={"parameters": {"p": {"value": 3, "unit": "1"}}})}, "revise.already-there"),
    ({"revise": revise(change={"parameters": {"p": {"value": 2}}})}, "revise.changes-nothing"),
    ({"revise": revise(change={"parameters": {"pp": {"value": 2}}})}, "revise.patches-nothing"),
    ({"revise": revise(disable={"comments": ["c2"]})}, "revise.patches-nothing"),
    ({"revise": revise(change={"parameters": {"n": {"value": 2}}}), "parameters": {"n": {"value": 1, "unit": "1"}}}, "revise.patches-nothing"),
    ({"revise": revise(change={"gates": {"enough": {"bands": {"A": "[0, 1]"}}}})}, "schema.not-here"),
])  # fmt: skip
def test_what_cannot_be_said(tmp_path: Path, body: dict[str, Any], code: str) -> None:
    written(tmp_path, body, base={**BASE, "variants": {"a": variant()}})
    assert refused(tmp_path) == [code]


def test_findings_keep_their_places(tmp_path: Path) -> None:
    """A fault in the base is shown in the base's file, one that a change brings in the file of the change."""
    written(tmp_path, {"revise": revise(change={"formulas": {"y": {"expr": "x * nothing"}}})})
    found = Found()
    pipeline.all_plans(loaded(tmp_path), found)
    assert {place(finding) for finding in found.findings if finding.code == "formula.unknown-name"} == {"small/2/ruleset.yaml"}  # fmt: skip
    write(tmp_path, {**BASE, "formulas": {"y": {"expr": "x * nothing", "unit": "1"}}})
    write(tmp_path, {}, "small@2", extends="small@1")
    found = Found()
    pipeline.all_plans(loaded(tmp_path), found)
    assert {place(finding) for finding in found.findings if finding.code == "formula.unknown-name"} == {"small/1/ruleset.yaml"}  # fmt: skip


def place(finding: Finding) -> str:
    return "/".join(Path(finding.place.file).parts[-3:]) if finding.place else ""


def test_a_circle_shows_its_stops(tmp_path: Path) -> None:
    for number, after in ((1, 2), (2, 3), (3, 1)):
        write(tmp_path, {}, f"small@{number}", extends=f"small@{after}")
    ruleset, found = read(tmp_path, "small@1")
    assert ruleset is None
    assert [(f.code, dict(f.facts)["way"]) for f in found.findings] == [
        ("revise.circle", "small@1 → small@2 → small@3 → small@1")
    ]


def test_a_way_into_a_circle(tmp_path: Path) -> None:
    for number, after in ((1, 2), (2, 3), (3, 2)):
        write(tmp_path, {}, f"small@{number}", extends=f"small@{after}")
    _, found = read(tmp_path, "small@1")
    assert [dict(f.facts)["way"] for f in found.findings] == ["small@2 → small@3 → small@2"]


def test_a_base_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, BASE, "small@1.0")
    write(tmp_path, {}, "small@2", extends="smal@1.0")
    _, found = read(tmp_path, "small@2")
    assert [(f.code, dict(f.facts)["nearest"]) for f in found.findings] == [("revise.no-version", "small@1.0")]


def test_a_base_in_the_wrong_folder(tmp_path: Path) -> None:
    write(tmp_path, BASE, "small@1").rename(tmp_path / "rulesets" / "small" / "5")
    write(tmp_path, {}, "small@2", extends="small@5")
    assert refused(tmp_path) == ["ruleset.wrong-folder"]


@pytest.mark.parametrize("text", ["small", "small@", "@1", "../small@1", "small@../1", "small@1@2"])
def test_a_base_that_is_no_version(tmp_path: Path, text: str) -> None:
    written(tmp_path, {}, extends=text)
    assert refused(tmp_path) == ["schema.pattern"]


# -- fingerprints --------------------------------------------------------------------------------------------------------------
def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_fingerprint_by_hand(tmp_path: Path) -> None:
    first, second, third = written(tmp_path, {}, {})
    texts = [(folder / "ruleset.yaml").read_text(encoding="utf-8") for folder in (first, second, third)]
    one = sha(f"ruleset.yaml {sha(texts[0])}\n")
    two = sha(f"ruleset.yaml {sha(texts[1])}\nextends small@1 sha256:{one}\n")
    three = sha(f"ruleset.yaml {sha(texts[2])}\nextends small@2 sha256:{two}\n")
    identity = loaded(tmp_path, "small@3").identity
    assert identity.fingerprint == f"sha256:{three}"
    assert [base.fingerprint for base in identity.bases] == [f"sha256:{two}", f"sha256:{one}"]
    assert loaded(tmp_path, "small@1").identity.fingerprint == f"sha256:{one}"


def test_a_changed_file_at_the_bottom_changes_every_fingerprint(tmp_path: Path) -> None:
    folders = written(tmp_path, {}, {})
    before = [loaded(tmp_path, f"small@{number}").identity.fingerprint for number in (1, 2, 3)]
    (folders[0] / "ruleset.yaml").write_text(
        (folders[0] / "ruleset.yaml").read_text(encoding="utf-8") + "# more\n", encoding="utf-8"
    )
    after = [loaded(tmp_path, f"small@{number}").identity.fingerprint for number in (1, 2, 3)]
    assert all(one != other for one, other in zip(before, after, strict=True))


DATES = {"status": "published", "issued": "2024-12-01", "effective": "2025-01-01"}


def locked(root: Path, *refs: str) -> None:
    entries = {ref: loaded(root, ref).identity.fingerprint for ref in refs}
    (root / "rulesets" / "lock.yaml").write_text(yaml({"rulesets": entries}) + "\n", encoding="utf-8")


def test_a_published_version_needs_a_published_base(tmp_path: Path) -> None:
    write(tmp_path, BASE)
    write(tmp_path, {}, "small@2", extends="small@1", **DATES)
    assert refused(tmp_path) == ["revise.draft-base"]
    write(tmp_path, {}, "small@2", extends="small@1")
    loaded(tmp_path)


@pytest.mark.parametrize(("locks", "code"), [
    (("small@1", "small@2"), "version.changed"), (("small@2",), "version.changed"),
])  # fmt: skip
def test_the_lock_freezes_a_version_with_its_base(tmp_path: Path, locks: tuple[str, ...], code: str) -> None:
    """Also where only the later one is locked."""
    base = write(tmp_path, BASE, **DATES)
    write(tmp_path, {}, "small@2", extends="small@1", **DATES)
    locked(tmp_path, *locks)
    found = read(tmp_path, "small@2")[1]
    assert code not in codes(found)
    file = base / "ruleset.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('"value": 2', '"value": 3'), encoding="utf-8")
    ruleset, found = read(tmp_path, "small@2")
    assert ruleset is None
    assert code in codes(found)


def test_a_new_file_in_the_base_is_seen_by_the_lock(tmp_path: Path) -> None:
    base = write(tmp_path, BASE, **DATES)
    write(tmp_path, {}, "small@2", extends="small@1", **DATES)
    locked(tmp_path, "small@2")
    (base / "more.yaml").write_text(yaml({"units": {"can": {"title": title("can")}}}) + "\n", encoding="utf-8")
    assert "version.changed" in refused(tmp_path)


# -- what an assessment says -------------------------------------------------------------------------------------------------
def test_the_assessment_names_the_versions_and_their_files(tmp_path: Path) -> None:
    made = extended(tmp_path, {"parameters": {"r": {"value": 5, "unit": "1"}}, "formulas": {"w": {"expr": "z * r", "unit": "1"}}}, {})  # fmt: skip
    data = run(made, 4).data
    assert [base["ref"] for base in data["ruleset"]["extends"]] == ["small@2", "small@1"]
    assert data["ruleset"]["extends"][1]["fingerprint"] == loaded(tmp_path, "small@1").identity.fingerprint
    files = {name: data["nodes"][name]["place"]["file"] for name in ("w", "y")}
    assert files == {"w": "small@2/ruleset.yaml", "y": "small@1/ruleset.yaml"}
    assert Decimal(data["nodes"]["w"]["value"]) == 105


def test_a_version_without_base_says_nothing_of_it(tmp_path: Path) -> None:
    write(tmp_path, BASE)
    made = Small(tmp_path, tmp_path, loaded(tmp_path, "small@1"))
    assert "extends" not in made.run({"x": 1}).data["ruleset"]
