"""The register of comments: what it holds, what it may name, and that nothing is computed from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.ruleset import comments
from guiju.ruleset.model import Words
from small import codes, small, title, variant, write

PURE = {"unit": "1"}
BODY: dict[str, Any] = {
    "sources": {"guide": {"title": title("guide"), "access": "read", "clauses": {"1": title("one")}}},
    "inputs": {"x": PURE},
    "parameters": {"p": {"value": 2, "unit": "1"}},
    "formulas": {"y": {"expr": "x * p", "unit": "1"}},
    "grade": {
        "levels": ["A", "B"],
        "gates": {"score": {"value": "y", "unit": "1", "covers": "[0, 9]", "bands": {"A": "[5, 9]", "B": "[0, 5)"}}},
    },
    "variants": {"v": variant(), "v.w": variant(add={"parameters": {"q": {"value": 1, "unit": "1"}}})},
}
OPEN = {"from": title("somebody"), "on": "4.2", "text": title("too strict"), "settled": "open"}


def settled(*changed: str, **more: Any) -> dict[str, Any]:
    return {**OPEN, "settled": "accepted", "how": title("done"), "changed": list(changed), **more}


def found_in(root: Path, *entries: dict[str, Any], ref: str = "small@1") -> list[str]:
    """The codes of what is wrong with these comments, when the ruleset is loaded and all its plans are made."""
    write(root, {**BODY, "comments": {f"c{number}": entry for number, entry in enumerate(entries)}})
    found = Found()
    ruleset = pipeline.read_ruleset(ref, [root / "rulesets"], found)
    if ruleset is not None:
        pipeline.all_plans(ruleset, found)
    return codes(found)


def test_what_it_holds(tmp_path: Path) -> None:
    full = settled("gates.score", received="2025-01-31", version="1", source="guide", clause="1")
    full["on"] = {"zh": "全文", "en": "all"}
    made = small(tmp_path, {**BODY, "comments": {"c1": OPEN, "c2": full}})
    first, second = comments.read(made.ruleset)
    assert first == comments.Comment(
        "c1", Words("somebody", "somebody"), Words("4.2", "4.2"), Words("too strict", "too strict"),
        None, "open", None, (), None, None, None,
    )  # fmt: skip
    assert second == comments.Comment(
        "c2", Words("somebody", "somebody"), Words("全文", "all"), Words("too strict", "too strict"),
        "2025-01-31", "accepted", Words("done", "done"), ("gates.score",), "1", "guide", "1",
    )  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["grade", "gates.score", "levels.A", "parameters.p", "parameters.q", "inputs.x", "sources.guide", "variants.v.w", "comments.c0"],
)  # fmt: skip
def test_entries_that_can_be_named(tmp_path: Path, name: str) -> None:
    assert found_in(tmp_path, settled(name)) == []


@pytest.mark.parametrize("name", ["gates.scores", "levels.C", "formulas.p", "title.zh", "variants.w"])
def test_entries_that_are_not_there(tmp_path: Path, name: str) -> None:
    assert found_in(tmp_path, settled(name)) == ["comment.unknown-entry"]


@pytest.mark.parametrize(("entry", "code"), [
    ({**OPEN, "settled": "rejected"}, "schema.required"),
    ({**OPEN, "settled": "perhaps"}, "schema.enum"),
    ({key: value for key, value in OPEN.items() if key != "on"}, "schema.required"),
    (settled("x"), "schema.pattern"),
    ({**OPEN, "received": "2025-02-30"}, "ruleset.date"),
    ({**OPEN, "source": "guid"}, "reference.unknown-source"),
    ({**OPEN, "source": "guide", "clause": "9"}, "reference.clause-not-seen"),
])  # fmt: skip
def test_what_cannot_be_said(tmp_path: Path, entry: dict[str, Any], code: str) -> None:
    assert found_in(tmp_path, entry) == [code]


def test_a_later_version_may_take_away_what_an_earlier_comment_named(tmp_path: Path) -> None:
    """A comment of its own may name what it took away, too; but not what never was."""
    write(tmp_path, {**BODY, "comments": {"c1": settled("variants.v.w")}})
    gone = {"revise": {"disable": {"variants": ["v.w"]}}}
    for changed, wanted in (("variants.v.w", []), ("variants.v.x", ["comment.unknown-entry"])):
        write(tmp_path, {**gone, "comments": {"c2": settled(changed)}}, "small@2", extends="small@1")
        found = Found()
        ruleset = pipeline.read_ruleset("small@2", [tmp_path / "rulesets"], found)
        assert codes(found) == wanted
        assert wanted or (ruleset is not None and [comment.id for comment in comments.read(ruleset)] == ["c1", "c2"])


def test_a_comment_that_was_revised_is_looked_at_again(tmp_path: Path) -> None:
    write(tmp_path, {**BODY, "comments": {"c1": OPEN}})
    change = {"settled": "partly", "how": title("half"), "changed": ["parameters.pp"]}
    write(tmp_path, {"revise": {"change": {"comments": {"c1": change}}}}, "small@2", extends="small@1")
    found = Found()
    assert pipeline.read_ruleset("small@2", [tmp_path / "rulesets"], found) is None
    assert codes(found) == ["comment.unknown-entry"]


def test_nothing_is_computed_from_it(tmp_path: Path) -> None:
    without = small(tmp_path / "a", BODY).run({"x": 2}, variant="v.w").data
    with_them = small(tmp_path / "b", {**BODY, "comments": {"c1": OPEN}}).run({"x": 2}, variant="v.w").data
    assert without["ruleset"].pop("fingerprint") != with_them["ruleset"].pop("fingerprint")

    def plain(data: Any) -> Any:
        for node in data["nodes"].values():
            node.pop("place", None)
        return data

    assert plain(without)["nodes"] == plain(with_them)["nodes"]
    assert without["grade"]["result"] == with_them["grade"]["result"] == "B"


@pytest.mark.parametrize("section", ["comments", "variants"])
def test_a_variant_has_no_comments_and_no_variants(tmp_path: Path, section: str) -> None:
    overlay = variant(add={section: {"c1": OPEN if section == "comments" else variant()}})
    write(tmp_path, {**BODY, "variants": {"v": overlay}})
    found = Found()
    assert pipeline.read_ruleset("small@1", [tmp_path / "rulesets"], found) is None
    assert codes(found) == ["schema.not-here"]
