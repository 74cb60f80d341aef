"""The words of reports and commands: both languages, the same places to fill in, none missing, none left over."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from guiju.diagnostics.finding import Found
from guiju.source.node import data
from guiju.source.yaml_text import read_text

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine" / "guiju"
FILES = {
    "report": ROOT / "reports" / "words.yaml",
    "record": ROOT / "reports" / "calculation" / "words.yaml",
    "cli": ENGINE / "cli" / "words.yaml",
}
PLACE = re.compile(r"\{([a-z_]+)\}")


def entries(name: str) -> dict[str, dict[str, str]]:
    found = Found()
    node = read_text(FILES[name].read_text(encoding="utf-8"), name, found)
    assert node is not None, found.findings
    result: Any = data(node)
    return result


def named(name: str) -> tuple[set[str], list[str]]:
    """The keys that code and templates name: as they stand, and as patterns where a part is filled in."""
    paths = [*(ENGINE / name).rglob("*.py")]
    if name == "cli":
        # what a document of the report refuses is named where it is refused
        keys, patterns = _in_code([*paths, *(ENGINE / "report" / "document").rglob("*.py")])
        return keys, patterns
    keys, patterns = _in_code([*paths, *(ENGINE / "cli").rglob("*.py")])
    for template in (ROOT / "reports").rglob("*.j2"):
        keys |= said(template) if words_of(template) == name else set()
    return keys, patterns


def words_of(template: Path) -> str:
    """The file whose words a template says: those beside it, else those of all reports."""
    return next((name for name, file in FILES.items() if file.parent == template.parent), "report")


def said(template: Path) -> set[str]:
    return set(re.findall(r'say\("([a-z_]+)"', template.read_text(encoding="utf-8")))


def _in_code(paths: list[Path]) -> tuple[set[str], list[str]]:
    keys: set[str] = set()
    patterns: list[str] = []
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                keys.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[A-Za-z_]+" for p in node.values]
                if len(parts) > 1 and re.fullmatch(r"[a-z]+_.*|.*_one", "".join(parts)):
                    patterns.append("".join(parts))
    return keys, patterns


@pytest.mark.parametrize("name", FILES)
def test_both_languages_say_the_same(name: str) -> None:
    for key, words in entries(name).items():
        assert set(words) == {"zh", "en"}, key
        assert sorted(set(PLACE.findall(words["zh"]))) == sorted(set(PLACE.findall(words["en"]))) or key.endswith(
            "_one"
        ), key
        assert not re.search(r"[\u4e00-\u9fff]", words["en"]), key


@pytest.mark.parametrize("name", FILES)
def test_no_word_is_left_over(name: str) -> None:
    keys, patterns = named(name)
    unused = [key for key in entries(name) if key not in keys and not any(re.fullmatch(p, key) for p in patterns)]
    assert unused == []


def test_templates_name_only_words_that_are_there() -> None:
    for template in (ROOT / "reports").rglob("*.j2"):
        assert said(template) <= set(entries(words_of(template))), template
