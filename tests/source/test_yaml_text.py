"""Text → Node: what is accepted, with exact places; what is refused is in tests/bad/source."""

import time
from decimal import Decimal

import pytest
import yaml

from guiju.diagnostics.finding import Found, Place
from guiju.source import yaml_text
from guiju.source.node import Node, at, data, is_list, is_map, is_number, key_place
from guiju.source.yaml_text import read_text


def read(text: str) -> Node:
    found = Found()
    node = read_text(text, "a.yaml", found)
    assert node is not None, found.findings
    assert len(found) == 0
    return node


def codes(text: str) -> list[str]:
    found = Found()
    assert read_text(text, "a.yaml", found) is None
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-12", -12),
        ("-0", 0),
        ("0.98", Decimal("0.98")),
        ("-0.0", Decimal("0.0")),
        ("1.10", Decimal("1.10")),
        ("0.1000000000000000000000000001", Decimal("0.1000000000000000000000000001")),
        ("1234567890123456789012345678901", 1234567890123456789012345678901),
        ("y", "y"),
        ("n", "n"),
        ("2024-12-31", "2024-12-31"),
        ("1.2.3", "1.2.3"),
        ("5%", "5%"),
        ("tCO2e", "tCO2e"),
        ("mass * 0.5 + 1", "mass * 0.5 + 1"),
        ("oneself", "oneself"),
        ("https://example.org/a:b", "https://example.org/a:b"),
        ("注意：先读说明，再填写", "注意：先读说明，再填写"),
        ("发改办气候〔2014〕2920号", "发改办气候〔2014〕2920号"),
        ("'no'", "no"),
        ('"012"', "012"),
        ('"a\\n\\"煤\\""', 'a\n"煤"'),
        ("'it''s'", "it's"),
        ("“双碳”目标", "“双碳”目标"),
    ],
)
def test_scalars(written: str, value: object) -> None:
    node = at(read(f"a: {written}\n"), ["a"])
    assert data(node) == value
    assert type(node.value) is type(value)


def test_decimals_keep_their_digits() -> None:
    assert str(at(read("a: 1.10\n"), ["a"]).value) == "1.10"
    assert str(at(read("a: -0.00\n"), ["a"]).value) == "0.00"


def test_places() -> None:
    node = read("# head\n标题: {zh: 煤炭, en: coal}\nrows:\n  - x: 1\n    y: 'b'\n  -   2.50\n")
    assert node.place == Place("a.yaml", 2, 1)
    assert node.keys == {"标题": Place("a.yaml", 2, 1, 2), "rows": Place("a.yaml", 3, 1, 4)}
    assert at(node, ["标题"]).place == Place("a.yaml", 2, 5, 1)
    assert at(node, ["标题", "en"]).place == Place("a.yaml", 2, 18, 4)
    assert at(node, ["rows", 0, "y"]).place == Place("a.yaml", 5, 8, 3)
    assert at(node, ["rows", 1]).place == Place("a.yaml", 6, 7, 4)
    assert at(node, ["rows", 1]).text == "2.50"
    assert key_place(node, ["rows", 0, "y"]) == Place("a.yaml", 5, 5, 1)
    assert key_place(node, ["rows", 1]) == Place("a.yaml", 6, 7, 4)
    assert key_place(node, []) == node.place
    assert at(node, ["rows", 7, "none"]) is node.value["rows"]  # type: ignore[index,call-overload]


def test_places_after_an_emoji_and_with_windows_line_ends() -> None:
    node = read("a: 🏭 煤\r\nb: [🏭, x]\r\n")
    assert at(node, ["b"]).place == Place("a.yaml", 2, 4)
    assert at(node, ["b", 1]).place == Place("a.yaml", 2, 8, 1)


@pytest.mark.parametrize(
    ("written", "style", "text", "length"),
    [
        ("x y", "plain", "x y", 3),
        ("'x'", "single", "x", 3),
        ('"x"', "double", "x", 3),
        ("|\n  x\n  y", "literal", "x\ny", 1),
        (">-\n  x\n  y", "folded", "x y", 2),
        ("one\n  two", "plain", "one two", 3),
    ],
)
def test_styles(written: str, style: str, text: str, length: int) -> None:
    node = at(read(f"a: {written}"), ["a"])
    assert (node.style, node.text, node.value, node.place.length) == (style, text, text, length)


def test_kinds() -> None:
    node = read("{a: [1], b: true, c: 0.5}")
    assert is_map(node)
    assert is_list(at(node, ["a"]))
    assert is_number(at(node, ["a", 0]))
    assert is_number(at(node, ["c"]))
    assert not is_number(at(node, ["b"]))


def test_words_are_fine_as_keys() -> None:
    assert data(read("no: '1.2'\non: x\ny: {n: 1}\n")) == {"no": "1.2", "on": "x", "y": {"n": 1}}


def test_one_document_may_be_marked() -> None:
    assert data(read("---\na: 1\n...\n")) == {"a": 1}


def test_all_problems_are_collected() -> None:
    text = "a: no\na: 012\n1: x\nb: &c y\nd: *e\nf: １\n"
    assert codes(text) == [
        "source.ambiguous",
        "source.duplicate-key",
        "source.ambiguous",
        "source.key-not-text",
        "source.anchor",
        "source.alias",
        "source.full-width-number",
    ]


def test_problems_before_a_broken_line_are_kept() -> None:
    assert codes("a: no\nb: [1\n") == ["source.ambiguous", "source.unclosed-bracket"]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("yes", "true"),
        ("No", "false"),
        ("ON", "true"),
        ("off", "false"),
        ("True", "true"),
        ("FALSE", "false"),
        ("Null", "null"),
        ("012", "12"),
        ("-007", "-7"),
        ("1e3", "1000"),
        ("1.5E-3", "0.0015"),
        ("1_000.5", "1000.5"),
        ("12:30", ""),
        ("0x1F", "31"),
        ("0o17", "15"),
        ("-0b11", "-3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        (".inf", ""),
        ("-.INF", ""),
        (".nan", ""),
        ("1e99", ""),
        ("1e99999999999999999999", ""),
        ("0e-999", "0"),
        ("0x_", ""),
    ],
)
def test_ambiguous(written: str, instead: str) -> None:
    found = Found()
    assert read_text(f"a: {written}\n", "a.yaml", found) is None
    (finding,) = found.findings
    assert finding.code == "source.ambiguous"
    assert finding.place == Place("a.yaml", 1, 4, len(written))
    assert dict(finding.facts) == {"written": written, "instead": instead, "quoted": f'"{written}"'}


@pytest.mark.parametrize(
    ("text", "column", "written", "instead"),
    [
        ("a:\n  b：1\n", 4, "：", "': '"),
        ("a: x\n  b：1\n", 4, "：", "': '"),
        ("- a：1\n", 4, "：", "': '"),
        ("a：1\n", 2, "：", "': '"),
        ("{a：1}\n", 3, "：", "': '"),
        ("[60，0]\n", 4, "，", "', '"),
        ("a: 5 ＃ note\n", 6, "＃", "'#'"),
        ("－ a\n", 1, "－", "'- '"),
        ("a: “x y”\n", 4, "“", '"'),
        ("“a”: 1\n", 1, "“", '"'),
        ("a: ［1, 2］\n", 4, "［", "["),
        ("a:\u30001\n", 3, "U+3000", "' '"),
        ("a: 1\u3000\n", 5, "U+3000", "' '"),
    ],
)
def test_full_width_marks(text: str, column: int, written: str, instead: str) -> None:
    found = Found()
    assert read_text(text, "a.yaml", found) is None
    (finding,) = found.findings
    assert finding.code == "source.full-width-mark"
    assert finding.place is not None
    assert finding.place.column == column
    assert dict(finding.facts) == {"written": written, "instead": instead}


@pytest.mark.parametrize("nested", ["[", "{", "- ", "{a: ", "[{? ", "a: ["])
def test_deep_text_is_refused_at_once(nested: str) -> None:
    start = time.perf_counter()
    assert codes(nested * 30_000)[-1] in ("source.too-deep", "source.colon-in-text")
    assert time.perf_counter() - start < 1


def test_deep_block_maps_and_keys() -> None:
    assert codes("".join(f"{' ' * depth}a:\n" for depth in range(2000))) == ["source.too-deep"]
    assert set(codes("? " * 30_000)) == {"source.key-not-text", "source.too-deep"}
    assert codes("".join(f"{' ' * depth}? \n" for depth in range(2000)))[-1] == "source.too-deep"


def test_a_hundred_levels_are_fine() -> None:
    assert read("[" * 100 + "]" * 100) is not None
    assert codes("[" * 101 + "]" * 101) == ["source.too-deep"]


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_NODES", 10)
    assert read("[1, 2, 3, 4, 5, 6, 7, 8, 9]") is not None
    assert codes("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]") == ["source.too-many-values"]


def test_unknown_complaints_are_told_in_the_parser_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise yaml.reader.ReaderError("a.yaml", 3, 0x07, "utf-8", "odd")

    monkeypatch.setattr(yaml, "parse", refuse)
    assert codes("a: 1") == ["source.broken"]


@pytest.mark.parametrize("text", ["a: 1\n", "a: [1, {b: 'c', d: \"e\"}]\n- x", "a: |\n  x\n   y\nb: >\n  z\n"])
def test_the_same_without_the_c_library(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast, slow = Found(), Found()
    node = read_text(text, "a.yaml", fast)
    monkeypatch.setattr(yaml_text, "_LOADER", yaml.SafeLoader)
    assert read_text(text, "a.yaml", slow) == node
    assert [finding.code for finding in slow.findings] == [finding.code for finding in fast.findings]


def test_files_share_one_text_for_their_name() -> None:
    node = read("a: {b: 1}\n")
    assert node.place.file is at(node, ["a", "b"]).place.file
