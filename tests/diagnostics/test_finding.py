"""The collector."""

import subprocess
import sys
from decimal import Decimal

from guiju.diagnostics.finding import Finding, Found, Place, as_fact
from guiju.diagnostics.words import severity

A1, A2, B1 = Place("a.yaml", 2, 1), Place("a.yaml", 10, 3), Place("b.yaml", 1, 1)


def test_findings_are_in_the_order_of_the_text() -> None:
    found = Found()
    found.add("source.tab", B1)
    found.add("source.tab", A2)
    found.add("source.tab", A1)
    found.add("source.alias", A1)
    found.add("source.empty", None)
    assert [(f.code, f.place) for f in found.findings] == [
        ("source.empty", None),
        ("source.alias", A1),
        ("source.tab", A1),
        ("source.tab", A2),
        ("source.tab", B1),
    ]


def test_the_same_is_noted_once() -> None:
    found, other = Found(), Found()
    found.add("source.duplicate-key", A2, related=[("first", A1)], key="x")
    found.add("source.duplicate-key", A2, related=[("first", A1)], key="x")
    found.add("source.duplicate-key", A2, related=[("first", A1)], key="y")
    other.extend(found)
    other.extend(found)
    other.extend(found.findings)
    assert len(other) == len(found) == 2
    assert other.findings[0] == Finding("source.duplicate-key", A2, (("key", "x"),), (("first", A1),))


def test_errors_since() -> None:
    found = Found()
    assert not found.has_errors()
    before = found.mark()
    found.add("source.tab", A1)
    after = found.mark()
    assert severity("source.tab") == "error"
    assert found.has_errors()
    assert found.errors_since(before)
    assert not found.errors_since(after)


def test_an_empty_collector_is_not_false() -> None:
    assert bool(Found()) is True


def test_facts_are_texts() -> None:
    facts = [None, True, False, 3, Decimal("0.0000001"), Decimal("1E+3"), ("a", 1), {"b", "a"}, "x"]
    assert [as_fact(fact) for fact in facts] == ["", "true", "false", "3", "0.0000001", "1000", "a, 1", "a, b", "x"]


def test_words_are_loaded_only_when_needed() -> None:
    program = "import sys, guiju.diagnostics.finding; sys.exit(any(m in sys.modules for m in ('yaml', 'guiju.source')))"
    assert (
        subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, check=False).returncode
        == 0
    )


def test_an_error_noted_again_still_counts_after_a_mark() -> None:
    """Two variants give the same finding: the second must stop, too."""
    found = Found()
    found.add("formula.empty", Place("a.yaml", 1, 1))
    mark = found.mark()
    found.add("formula.empty", Place("a.yaml", 1, 1))
    assert found.errors_since(mark)
    assert len(found.findings) == 1
