"""COVERAGE.md says what the tests of the mine ruleset rest on; its table and its counts are held against the test files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from guiju.diagnostics.finding import Found
from guiju.source.files import read_file
from guiju.source.node import data
from shipped import RULESETS

FOLDER = RULESETS / "carbon-neutral-mine" / "2025.1"
TEXT = (FOLDER / "COVERAGE.md").read_text(encoding="utf-8")
EXAMPLES = 68
BRANCHES = {
    "coal": "energy.coal",
    "coal-bed methane": "energy.cbm",
    "oil and gas": "energy.oil_gas",
    "uranium": "energy.uranium",
    "geothermal": "energy.geothermal",
    "metal": "metal",
    "non-metal": "nonmetal",
    "water and gas": "water_gas",
}


@dataclass(frozen=True)
class Example:
    id: str
    falls_to: str
    covered: str
    tests: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class Trial:
    name: str
    file: str
    origin: str
    variant: str
    values: int


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its first two lines."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def read(path: Path) -> Mapping[str, Any]:
    node = read_file(path, path.name, Found())
    assert node is not None, path
    content: Mapping[str, Any] = data(node)
    return content


@cache
def trials() -> tuple[Trial, ...]:
    """Every test of the ruleset, read as plain YAML. A name is unique in its file only."""
    found = []
    for path in sorted((FOLDER / "tests").glob("*.yaml")):
        for name, test in read(path)["tests"].items():
            variant = test["variant"] if "case" in test else read(path.parent / test["file"])["variant"]
            found.append(Trial(name, path.stem, test["origin"], variant, len(test["expect"])))
    return tuple(found)


def names() -> Counter[str]:
    return Counter(trial.name for trial in trials())


def examples() -> list[Example]:
    found = []
    for name, falls_to, covered, named, remark in rows_under("The collected worked examples"):
        found.append(Example(name, falls_to, covered, tuple(re.findall(r"`([^`]+)`", named)), remark))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def said(pattern: str) -> tuple[int, ...]:
    """The numbers of one sentence of the text, which must stand there once."""
    found = re.findall(pattern, re.sub(r"(?<=[^\x00-\x7f])\n|\n(?=[^\x00-\x7f])", "", TEXT).replace("\n", " "))
    assert len(found) == 1, f"'{pattern}' stands {len(found)} times in COVERAGE.md"
    numbers = found[0] if isinstance(found[0], tuple) else (found[0],)
    return tuple(int(number.replace(",", "")) for number in numbers)


def by_origin(branch: str | None = None) -> tuple[int, int, int, int]:
    """How many tests there are, of one branch of variants or of all: together, published, derived, invented."""
    chosen = [trial for trial in trials() if branch is None or f"{trial.variant}.".startswith(f"{branch}.")]
    counted = Counter(trial.origin for trial in chosen)
    return len(chosen), counted["published"], counted["derived"], counted["invented"]


def test_every_collected_example_has_one_line() -> None:
    ids = [example.id for example in examples()]
    assert len(set(ids)) == len(ids) == EXAMPLES


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.id)
def test_an_example_that_is_covered_has_its_tests(example: Example) -> None:
    """They exist, and one of them bears the name of the example. One that is not covered says why."""
    assert example.covered in ("yes", "partly", "no")
    if example.covered == "no":
        assert not example.tests
        assert example.remark
        return
    assert {name: names()[name] for name in example.tests} == dict.fromkeys(example.tests, 1)
    assert example.tests
    whole = squeezed(example.id)
    assert any(squeezed(name).startswith((whole, squeezed(example.id.removeprefix("H-")))) for name in example.tests)
    assert example.remark or example.covered == "yes", "what is missing of it?"


def test_the_counts_of_examples_are_those_of_the_table() -> None:
    covered = Counter(example.covered for example in examples())
    both, none = covered["yes"] + covered["partly"], covered["no"]
    assert said(r"(\d+) are covered, (\d+) of them in part, and (\d+) are not") == (both, covered["partly"], none)
    in_chinese = said(r"收集到的(\d+)个算例中，(\d+)个由本规则集自己的公式从输入算出，(\d+)个未覆盖")
    assert in_chinese == (EXAMPLES, both, none)
    held = held_together()
    assert said(r"(\d+) of the covered ones only hold published figures against each other") == (held,)
    assert said(r"有(\d+)个只是公布数之间的核对") == (held,)


def held_together() -> int:
    """Examples all of whose tests are about published figures (`reported…`), not about accounting."""
    files = {trial.name: trial.file for trial in trials()}
    return sum(bool(one.tests) and all(files[name].startswith("reported") for name in one.tests) for one in examples())


def test_the_examples_by_type_are_those_of_the_table() -> None:
    counted: dict[str, Counter[str]] = {}
    for example in examples():
        counted.setdefault(example.falls_to, Counter())["no" if example.covered == "no" else "yes"] += 1
    table = {name: (int(all_), int(yes), int(no)) for name, all_, yes, no in rows_under("Examples by mine type")}
    assert table == {name: (found.total(), found["yes"], found["no"]) for name, found in counted.items()}


def test_the_counts_of_tests_are_those_of_the_files() -> None:
    """After adding a test: write the numbers of this failure into COVERAGE.md."""
    told = {name: int(number.replace(",", "")) for name, number in rows_under("In short")}
    every, published, derived, invented = by_origin()
    assert told == {
        "tests": every,
        "expected values in them": sum(trial.values for trial in trials()),
        "`published`: a source prints the expected figure": published,
        "`derived`: worked out by hand or by a separate calculation": derived,
        "`invented`: made up to show what happens": invented,
        "expected values taken from the program's own output": 0,
    }
    assert every == published + derived + invented


def test_the_tests_by_type_are_those_of_the_files() -> None:
    table = {name: tuple(map(int, numbers)) for name, *numbers in rows_under("Tests by mine type")}
    assert table == {name: by_origin(branch) for name, branch in BRANCHES.items()}
    assert sum(numbers[0] for numbers in table.values()) == len(trials())


def test_the_rows_of_the_public_mine_table_are_tests() -> None:
    rows = sum(bool(re.fullmatch(r"M\d{4}", trial.name)) for trial in trials())
    every, published, derived, invented = by_origin()
    assert said(r"(\d+) rows with printed output") == (rows,)
    assert said(r"Of the (\d+) published tests (\d+) are rows of one table") == (published, rows)
    in_chinese = said(
        r"测试共(\d+)个：预期值为公布数的(\d+)个（其中(\d+)个是同一张公开煤矿表的行，只检验交叉核对公式），手算的(\d+)个，虚构的(\d+)个"
    )
    assert in_chinese == (every, published, rows, derived, invented)
