"""Columns with Chinese in them, lines that break where they may, boxes that do not lie on each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guiju.diagnostics.show import columns
from guiju.report.layers import GAP, arrange
from guiju.report.layout import aligned, cut, left, right, wrap

TEXT = st.text(st.sampled_from("ab 中文，。（）“”(),.x_1*"), max_size=60)


def test_chinese_takes_two_columns() -> None:
    assert left("碳排放", 8) == "碳排放  "
    assert right("碳", 4) == "  碳"
    assert cut("碳排放总量", 7) == "碳排放…"
    assert cut("碳排放总量", 6) == "碳排…"
    assert cut("碳排放总量", 10) == "碳排放总量"


def test_numbers_stand_with_their_points_below_each_other() -> None:
    assert aligned(["1.25", "10", "n/a", "1,000.5"]) == ["1.25", "10   ", "n/a", "1,000.5 "]


def test_lines_break_at_blanks_and_between_chinese_characters() -> None:
    assert wrap("碳排放核算（试行）方法", 10) == ["碳排放核算", "（试行）方", "法"]
    assert wrap("sum(fuels.co2) + heat_co2", 15) == ["sum(fuels.co2)", "+ heat_co2"]
    assert wrap("", 5) == [""]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert not any(line.startswith(("，", "。", "）")) for line in wrap("达标，完成。（是）" * 5, 8))


@given(TEXT, st.integers(4, 40))
def test_nothing_is_lost_and_nothing_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)


@given(TEXT, st.integers(2, 30))
def test_cells_have_their_width(text: str, width: int) -> None:
    assert columns(left(text, width)) == width
    assert columns(cut(text, width)) <= width


@st.composite
def layered(draw: st.DrawFn) -> tuple[list[list[str]], list[tuple[str, str]], dict[str, int]]:
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=5))
    layers = [[f"n{index}_{item}" for item in range(size)] for index, size in enumerate(sizes)]
    edges = [
        (start, end)
        for index, layer in enumerate(layers)
        for start in layer
        for below in layers[:index]
        for end in below
        if draw(st.booleans())
    ]
    return layers, edges, {name: draw(st.integers(20, 80)) for layer in layers for name in layer}


@given(layered())
def test_boxes_of_a_layer_keep_apart(drawn: tuple[list[list[str]], list[tuple[str, str]], dict[str, int]]) -> None:
    layers, edges, heights = drawn
    places = arrange(layers, edges, heights)
    for layer in layers:
        spans = sorted((places.top[name], places.top[name] + heights[name]) for name in layer)
        for upper, lower in zip(spans, spans[1:], strict=False):
            assert lower[0] - upper[1] >= GAP - 2  # both are rounded to pixels
        assert all(0 <= top and bottom <= places.height + 1 for top, bottom in spans)
    assert set(places.ways) == set(edges)
    assert arrange(layers, edges, heights) == places


def test_a_tree_has_no_crossings() -> None:
    layers = [["r"], ["a", "b"], ["b1", "a1", "b2", "a2"]]
    edges = [("a", "r"), ("b", "r"), ("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b")]
    top = arrange(layers, edges, dict.fromkeys("r a b a1 a2 b1 b2".split(), 30)).top
    assert max(top["a1"], top["a2"]) < min(top["b1"], top["b2"]) or max(top["b1"], top["b2"]) < min(
        top["a1"], top["a2"]
    )
