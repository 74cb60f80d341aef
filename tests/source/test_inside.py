"""Every character of a scalar's text is found again in the file, in every style."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.diagnostics.finding import Found, Place
from guiju.source.inside import inside, locator
from guiju.source.node import Node
from guiju.source.yaml_text import read_text

ESCAPES = {
    "\\t": "\t",
    "\\n": "\n",
    '\\"': '"',
    "\\\\": "\\",
    "''": "'",
    "\\u7164": "煤",
    "\\x41": "A",
    "\\U0001F3ED": "🏭",
}

TEXTS = [
    "a: mass * 0.5\n",
    "a: 煤 + 1 # note\n",
    "a: 'it''s a  b'\n",
    'a: "x\\ty \\u7164 z\\\\ \\x41 \\U0001F3ED\\n end"\n',
    "a: |\n  sum(x\n\n    + b)\n  c\n",
    "a: |-\n\n\n  x\n  y\n",
    "a: >-\n  one two\n  three\n\n\n  four\n    more\n\n    even\n  end\n",
    "a: >\n  one\n\n  two\n\n",
    "a: >2\n     x\n    y\n  z\n",
    "a: one\n  two\n\n  three\n",
    'a: "one\n  two \\\n  three\n\n  four \\\n\n  five"\n',
    "a: 'x\n   y''z\n\n\n  k'\n",
    "a: ' \n  x '\n",
    "a: 🏭 x\n",
    "a: {b: [1, 'q''r']}\n",
    "xy\nz w\n",  # the line break takes as much room as the blank that it becomes
    "a: 'x\u00a0\n  y'\n",
]


def scalar(text: str) -> tuple[Node, list[str]]:
    found = Found()
    node = read_text(text, "a.yaml", found)
    assert node is not None, found.findings
    while not isinstance(node.value, str):
        below = node.value
        assert isinstance(below, (dict, tuple))
        node = next(iter(below.values())) if isinstance(below, dict) else below[-1]
    return node, text.splitlines()


def check_all(node: Node, lines: list[str]) -> None:
    for offset, sign in enumerate(node.text):
        place = inside(node, offset, 1)
        written = lines[place.line - 1][place.column - 1 :][: place.length]
        if sign in " \n" and written != sign:
            assert written in ("", "\\n", "\\"), (offset, place)  # the end of a line
        else:
            assert ESCAPES.get(written, written) == sign, (offset, place)


@pytest.mark.parametrize("text", TEXTS)
def test_every_character(text: str) -> None:
    check_all(*scalar(text))


@pytest.mark.parametrize(
    ("text", "offset", "length", "place"),
    [
        ("a: mass * 0.5\n", 7, 3, (1, 11, 3)),
        ("a: mass * 0.5\n", 7, 99, (1, 11, 3)),
        ("a: mass * 0.5\n", 10, 1, (1, 14, 1)),
        ("a: 'mass * 0.5'\n", 7, 3, (1, 12, 3)),
        ("a: 'it''s x'\n", 0, 6, (1, 5, 7)),
        ('a: "\\u7164 x"\n', 0, 1, (1, 5, 6)),
        ("a: |\n  one\n  two\n", 4, 3, (3, 3, 3)),
        ("a: |\n  one\n  two\n", 1, 99, (2, 4, 3)),
        ("a: >-\n  one\n  two\n", 4, 3, (3, 3, 3)),
        ("a: >-\n  one\n  two\n", 7, 1, (3, 6, 1)),
        ("a: one\n  two\n", 4, 3, (2, 3, 3)),
    ],
)
def test_lengths(text: str, offset: int, length: int, place: tuple[int, int, int]) -> None:
    node, _ = scalar(text)
    assert inside(node, offset, length) == Place("a.yaml", *place)


def test_a_locator_answers_many_times() -> None:
    node, _ = scalar("a: |\n  one\n  two\n")
    locate = locator(node)
    assert locate(0, 1) == inside(node, 0, 1)
    assert locate(4, 1) == inside(node, 4, 1)


def test_a_node_that_cannot_be_followed_gives_its_own_place() -> None:
    place = Place("a.yaml", 3, 5)
    assert inside(Node("abc", place, "abc", {}, "literal", "|\n"), 1, 1) == place


LINE = st.text("ab '\"\\煤+", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(
    st.lists(st.one_of(LINE, st.just("")), min_size=1, max_size=6),
    st.sampled_from("|>"),
    st.sampled_from(["", "-", "+"]),
)
def test_block_text(lines: list[str], sign: str, chomp: str) -> None:
    if not any(lines):
        return
    check_all(*scalar(f"k:\n  a: {sign}{chomp}\n" + "".join(f"      {line}\n" if line else "\n" for line in lines)))


@given(st.lists(st.one_of(LINE, st.just("")), min_size=1, max_size=6))
def test_quoted_text_over_several_lines(lines: list[str]) -> None:
    body = "\n   ".join(line.replace("'", "''") for line in lines)
    check_all(*scalar(f"a: '{body}x'\n"))
    body = "\n   ".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    check_all(*scalar(f'a: "{body}x"\n'))
