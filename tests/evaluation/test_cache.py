"""Plans kept between runs: what changed is seen, what is damaged is passed over, off is off; and the result is the same."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.describe import describe
from guiju.evaluation.run import Assessment
from guiju.evaluation.text import as_text
from shipped import CASES, RULESETS, name_of
from small import write, write_case, write_table, yaml

PURE = {"unit": "1"}
BODY = {
    "external_tables": {"grid": {"table": "grid", "version": "1"}},
    "inputs": {"x": PURE},
    "formulas": {"y": {"expr": 'round(x, 1) * lookup(grid.f, "n") + ln(exp(0))', "unit": "1"}},
}


class Bench:
    """A small ruleset with a table, a case and a cache folder of their own."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.cache = root, root / "cache"
        self.folder = write(root, BODY)
        self.table(2)
        self.case = write_case(root / "case.yaml", {"x": 3})
        self.made = 0
        monkeypatch.setenv("GUIJU_CACHE", str(self.cache))
        make: Callable[..., object] = pipeline.make_plan

        def count(*arguments: object) -> object:
            self.made += 1
            return make(*arguments)

        monkeypatch.setattr(pipeline, "make_plan", count)

    def table(self, factor: int) -> None:
        write_table(self.root, "grid@1", [{"name": "r", "type": "text"}], {"f": PURE}, [{"r": "n", "f": factor}])

    def run(self) -> Assessment:
        found = Found()
        assessment = pipeline.assess(self.case, [self.root / "rulesets"], pipeline.Wish(), found)
        assert assessment is not None, [finding.code for finding in found.findings]
        return assessment

    @property
    def kept(self) -> list[Path]:
        return sorted(self.cache.glob("*.plan")) if self.cache.is_dir() else []


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_the_second_run_makes_no_plan(bench: Bench) -> None:
    first, second = bench.run(), bench.run()
    assert bench.made == 1
    assert first.values["y"] == second.values["y"] == 6
    assert as_text(describe(first)) == as_text(describe(second))
    assert [path.suffix for path in bench.cache.iterdir()] == [".plan"]


def test_a_changed_file_is_seen(bench: Bench) -> None:
    bench.run()
    file = bench.folder / "ruleset.yaml"
    stat = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("round(x, 1) *", "round(x, 1) -"), encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # by content, not by time
    assert bench.run().values["y"] == 1
    assert bench.made == 2


def test_a_further_file_is_seen(bench: Bench) -> None:
    bench.run()
    (bench.folder / "more.yaml").write_text(
        '{"parameters": {"p": {"title": {"zh": "p", "en": "p"}, "value": 1, "unit": "1", "basis": "proposed"}}}\n',
        encoding="utf-8",
    )
    assert "p" in bench.run().plan.nodes


def test_a_changed_table_is_seen(bench: Bench) -> None:
    bench.run()
    bench.table(5)
    assert bench.run().values["y"] == 15


def test_a_changed_lock_is_seen(bench: Bench) -> None:
    bench.run()
    (bench.root / "rulesets" / "lock.yaml").write_text("rulesets: {}\n", encoding="utf-8")
    bench.run()
    assert bench.made == 2


def test_a_changed_file_of_a_version_that_is_extended_is_seen(bench: Bench) -> None:
    """Two versions down: by content, by a further file, and when the file is gone."""
    write(bench.root, {}, "small@2", extends="small@1")
    write(bench.root, {}, "small@3", extends="small@2")
    bench.case = write_case(bench.root / "case.yaml", {"x": 3}, ruleset="small@3")
    assert [bench.run().values["y"] for _ in range(2)] == [6, 6]
    assert bench.made == 1
    file = bench.folder / "ruleset.yaml"
    text, stat = file.read_text(encoding="utf-8"), file.stat()
    file.write_text(text.replace("round(x, 1) *", "round(x, 1) -"), encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert bench.run().values["y"] == 1
    assert bench.made == 2
    more = bench.root / "rulesets" / "small" / "2" / "more.yaml"
    more.write_text(yaml({"revise": {"change": {"formulas": {"y": {"expr": 'lookup(grid.f, "n")'}}}}}) + "\n", encoding="utf-8")  # fmt: skip
    assert bench.run().values["y"] == 2
    assert bench.made == 3
    file.unlink()
    found = Found()
    assert pipeline.assess(bench.case, [bench.root / "rulesets"], pipeline.Wish(), found) is None
    assert [finding.code for finding in found.findings] == ["revise.no-version"]


@pytest.mark.parametrize("damage", [
    lambda content: b"", lambda content: b"x", lambda content: content[:-40], lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
    lambda content: pickle.dumps(5), lambda content: pickle.dumps({"plan": 1}), lambda content: content + b"more", lambda content: bytes(len(content)),
], ids=["empty", "short", "cut", "flipped", "number", "map", "longer", "zeros"])  # fmt: skip
def test_a_damaged_file_is_passed_over(bench: Bench, damage: Callable[[bytes], bytes]) -> None:
    bench.run()
    file = bench.kept[0]
    file.write_bytes(damage(file.read_bytes()))
    assert bench.run().values["y"] == 6
    assert bench.made == 2
    bench.run()
    assert bench.made == 2, "it was made again and kept"


def test_a_folder_in_the_place_of_the_file(bench: Bench) -> None:
    bench.run()
    file = bench.kept[0]
    file.unlink()
    file.mkdir()
    assert bench.run().values["y"] == 6
    assert list(bench.cache.iterdir()) == [file], "nothing half written stays"


def test_off(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIJU_CACHE", "off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(bench.cache))
    bench.run()
    bench.run()
    assert bench.made == 2
    assert not bench.cache.exists()


def test_a_cache_that_cannot_be_written(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = bench.root / "blocked"
    blocked.write_text("a file, no folder", encoding="utf-8")
    monkeypatch.setenv("GUIJU_CACHE", str(blocked))
    assert bench.run().values["y"] == 6


def test_other_pins_are_another_plan(bench: Bench) -> None:
    bench.run()
    write_table(bench.root, "grid@2", [{"name": "r", "type": "text"}], {"f": PURE}, [{"r": "n", "f": 10}])
    bench.case = write_case(bench.root / "case.yaml", {"x": 3}, tables={"grid": "2"})
    assert bench.run().values["y"] == 30


def test_old_plans_make_room(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guiju.plan.cache.MOST_FILES", 2)
    for value in range(5):
        bench.table(value)
        file = bench.folder / "ruleset.yaml"
        file.write_text(file.read_text(encoding="utf-8") + f"# {value}\n", encoding="utf-8")
        bench.run()
    assert len(bench.kept) <= 3


def test_findings_are_told_again(bench: Bench) -> None:
    """What a plan is warned of is not lost when it comes from the cache."""

    def warned() -> list[str]:
        found = Found()
        pipeline.assess(bench.case, [bench.root / "rulesets"], pipeline.Wish(), found)
        return [finding.code for finding in found.findings]

    (bench.folder / "more.yaml").write_text(
        '{"parameters": {"unused": {"title": {"zh": "p", "en": "p"}, "value": 1, "unit": "1", "basis": "proposed"}}}\n',
        encoding="utf-8",
    )
    first = warned()
    assert first == warned()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_example_cases_from_the_cache(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIJU_CACHE", str(tmp_path))
    texts = []
    for _ in range(2):
        found = Found()
        assessment = pipeline.assess(case, [RULESETS], pipeline.Wish(), found)
        assert assessment is not None
        texts.append(as_text(describe(assessment)))
    assert texts[0] == texts[1]
    plans = {(child["ruleset"], child["variant"]) for child in describe(assessment).get("children", ())}
    assert len(list(tmp_path.glob("*.plan"))) == 1 + len(plans), "its own, and one for every kind of child"
    shutil.rmtree(tmp_path)
