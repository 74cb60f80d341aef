"""Which version: by id@version, by date; the lock of published ones; external tables on their own clock, pinned by a case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import guiju
from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.run import Assessment
from guiju.ruleset.load import fingerprint
from small import codes, small, write, write_case, write_table, yaml

PURE = {"unit": "1"}
BODY: dict[str, Any] = {"inputs": {"x": PURE}, "formulas": {"y": {"expr": "x", "unit": "1"}}}


def three_versions(root: Path) -> list[Path]:
    """1 in force from 2020, 2 from 2023 (superseding), 3 a draft; all in the lock."""
    write(root, BODY, "small@1", status="superseded", issued="2019-12-01", effective="2020-01-01")
    write(root, BODY, "small@2", status="published", issued="2022-12-01", effective="2023-01-01", supersedes="1")
    write(root, BODY, "small@3")
    lock(root, "small@1", "small@2")
    return [root / "rulesets"]


def lock(root: Path, *refs: str) -> None:
    entries = {}
    for ref in refs:
        id_, _, version = ref.partition("@")
        folder = root / "rulesets" / id_ / version
        entries[ref] = fingerprint([folder / "ruleset.yaml"], folder)
    (root / "rulesets" / "lock.yaml").write_text(yaml({"rulesets": entries}) + "\n", encoding="utf-8")


def chosen(ref: str, roots: list[Path], on: str | None = None) -> str | list[str]:
    found = Found()
    ruleset = pipeline.read_ruleset(ref, roots, found, on)
    return codes(found) if ruleset is None else ruleset.identity.ref


@pytest.mark.parametrize(("on", "wanted"), [
    ("2020-01-01", "small@1"), ("2022-12-31", "small@1"), ("2023-01-01", "small@2"), ("2099-12-31", "small@2"), ("2019-12-31", ["version.none-in-force"]),
])  # fmt: skip
def test_by_date(tmp_path: Path, on: str, wanted: str | list[str]) -> None:
    assert chosen("small", three_versions(tmp_path), on) == wanted


@pytest.mark.parametrize("on", ["20230101", "2023", "2023-02-30", "x", "2023-W01-1"])
def test_a_date_that_is_none(tmp_path: Path, on: str) -> None:
    assert chosen("small", three_versions(tmp_path), on) == ["case.date"]


def test_by_version(tmp_path: Path) -> None:
    roots = three_versions(tmp_path)
    assert [chosen(f"small@{version}", roots) for version in ("1", "2", "3")] == ["small@1", "small@2", "small@3"]
    assert chosen("small@9", roots) == ["version.no-version"]
    assert chosen("smal@1", roots) == ["version.no-ruleset"]
    assert chosen("small", roots) == ["version.no-date"]


def test_a_withdrawn_version_is_not_in_force_from_that_day(tmp_path: Path) -> None:
    write(
        tmp_path,
        BODY,
        "small@1",
        status="withdrawn",
        issued="2020-01-01",
        effective="2020-01-01",
        withdrawn="2024-01-01",
    )
    lock(tmp_path, "small@1")
    assert chosen("small", [tmp_path / "rulesets"], "2023-12-31") == "small@1"
    assert chosen("small", [tmp_path / "rulesets"], "2024-01-01") == ["version.none-in-force"]


def test_the_first_root_wins(tmp_path: Path) -> None:
    for name, title in (("one", "first"), ("two", "second")):
        write(tmp_path / name, BODY, "small@1", title={"zh": title, "en": title})
    found = Found()
    ruleset = pipeline.read_ruleset("small@1", [tmp_path / "one" / "rulesets", tmp_path / "two" / "rulesets"], found)
    assert ruleset is not None
    assert ruleset.identity.title.en == "first"


def test_a_path_with_an_at_sign(tmp_path: Path) -> None:
    assert chosen(str(write(tmp_path / "a@b", BODY)), []) == "small@1"


def test_a_changed_published_version_is_an_error(tmp_path: Path) -> None:
    roots = three_versions(tmp_path)
    file = tmp_path / "rulesets" / "small" / "2" / "ruleset.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('"expr": "x"', '"expr": "x + 1"'), encoding="utf-8")
    assert chosen("small@2", roots) == ["version.changed"]


def test_line_ends_do_not_change_the_fingerprint(tmp_path: Path) -> None:
    roots = three_versions(tmp_path)
    file = tmp_path / "rulesets" / "small" / "2" / "ruleset.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert chosen("small@2", roots) == "small@2"


def test_tests_and_cases_are_no_part_of_the_ruleset(tmp_path: Path) -> None:
    roots = three_versions(tmp_path)
    for folder in ("tests", "cases"):
        (tmp_path / "rulesets" / "small" / "2" / folder).mkdir()
        (tmp_path / "rulesets" / "small" / "2" / folder / "more.yaml").write_text("anything: here\n", encoding="utf-8")
    assert chosen("small@2", roots) == "small@2"


def grid(root: Path) -> list[Path]:
    for version, factor in (("2022", 1), ("2023", 2)):
        write_table(
            root,
            f"grid@{version}",
            [{"name": "region", "type": "text"}],
            {"factor": PURE},
            [{"region": "north", "factor": factor}],
        )
    write(
        root,
        {
            "external_tables": {"grid": {"table": "grid", "version": "2022"}},
            "formulas": {"y": {"expr": 'lookup(grid.factor, "north")', "unit": "1"}},
        },
    )
    return [root / "rulesets"]


def assessed(root: Path, **case: Any) -> Assessment | list[str]:
    found = Found()
    result = pipeline.assess(write_case(root / "case.yaml", {}, **case), grid(root), pipeline.Wish(), found)
    return codes(found) if result is None else result


def test_a_case_pins_another_version_of_a_table(tmp_path: Path) -> None:
    default, pinned = assessed(tmp_path), assessed(tmp_path, tables={"grid": "2023"})
    assert isinstance(default, Assessment)
    assert isinstance(pinned, Assessment)
    assert (default.values["y"], pinned.values["y"]) == (1, 2)
    assert (default.plan.pinned["grid"].ref, pinned.plan.pinned["grid"].ref) == ("grid@2022", "grid@2023")
    assert default.plan.pinned["grid"].fingerprint != pinned.plan.pinned["grid"].fingerprint
    assert default.plan.ruleset.fingerprint == pinned.plan.ruleset.fingerprint


def test_a_pin_that_is_not_there(tmp_path: Path) -> None:
    assert assessed(tmp_path, tables={"grid": "2099"}) == ["table.no-version"]
    assert assessed(tmp_path, tables={"gird": "2023"}) == ["case.unknown-table"]


def test_the_python_interface_refuses_a_case_made_for_another_plan(tmp_path: Path) -> None:
    grid(tmp_path)
    plan = guiju.prepare(guiju.load(tmp_path / "rulesets" / "small" / "1"))
    for case in ({"tables": {"grid": "2023"}}, {"variant": "a"}, {"ruleset": "other@1"}):
        with pytest.raises(guiju.Refused) as refused:
            guiju.evaluate(plan, write_case(tmp_path / "case.yaml", {}, **case))
        assert [finding.code for finding in refused.value.findings] == ["case.other-plan"]


def test_folder_and_identity_must_agree(tmp_path: Path) -> None:
    folder = write(tmp_path, BODY, "small@1")
    folder.rename(folder.parent / "2")
    assert chosen("small@2", [tmp_path / "rulesets"]) == ["ruleset.wrong-folder"]


@pytest.mark.parametrize("text", ["rulesets:\n", "rulesets: []\n", "- a\n"])
def test_a_lock_that_is_none(tmp_path: Path, text: str) -> None:
    roots = three_versions(tmp_path)
    (tmp_path / "rulesets" / "lock.yaml").write_text(text, encoding="utf-8")
    assert "version.bad-lock" in chosen("small@2", roots)


def test_a_draft_needs_no_lock(tmp_path: Path) -> None:
    small(tmp_path, BODY)
