"""The indicator tree: weights, what happens where an indicator does not apply, means, depth, contributions. Numbers by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from guiju.formula.missing import NotComputed
from small import Run, Small, small


def leaf(parent: str, weight: Any, value: str, **more: Any) -> dict[str, Any]:
    """An indicator whose score is its value."""
    return {
        "parent": parent,
        "weight": weight,
        "value": value,
        "unit": "1",
        "score": {"kind": "linear", "anchors": [[0, 0], [100, 100]]},
        **more,
    }


def tree(
    root: Path, indicators: dict[str, Any], truths: tuple[str, ...] = (), numbers: tuple[str, ...] = ("x", "y", "z")
) -> Small:
    inputs = {
        **{name: {"unit": "1", "required": False} for name in numbers},
        **{name: {"type": "boolean"} for name in truths},
    }
    return small(root, {"inputs": inputs, "indicators": indicators})


def part(run: Run, indicator: str) -> dict[str, Any]:
    return next(entry for entry in run.data["indicators"] if entry["id"] == indicator)


def contributions(run: Run, names: str) -> list[str | None]:
    return [part(run, name)["contribution"] for name in names.split()]


def test_weighted_mean(tmp_path: Path) -> None:
    made = tree(
        tmp_path,
        {
            "total": {"weights_total": 100},
            "a": leaf("total", 50, "x"),
            "b": leaf("total", 30, "y"),
            "c": leaf("total", 20, "z"),
        },
    )
    run = made.run({"x": 80, "y": 60, "z": 40})
    assert run["total.score"] == 66  # 40 + 18 + 8
    assert contributions(run, "a b c") == ["40", "18", "8"]


def test_weights_of_the_rest_are_rescaled(tmp_path: Path) -> None:
    indicators = {
        "total": {"weights_total": 100},
        "a": leaf("total", 50, "x", applies="p"),
        "b": leaf("total", 30, "y"),
        "c": leaf("total", 20, "z"),
    }
    run = tree(tmp_path, indicators, ("p",)).run({"y": 60, "z": 40, "p": False})
    assert run["total.score"] == 52  # (30 × 60 + 20 × 40) / 50
    assert contributions(run, "a b c") == ["0", "36", "16"]
    assert part(run, "a")["applies"] is False
    assert part(run, "a")["score"] is None


@pytest.mark.parametrize(("otherwise", "total"), [("rescale", "52"), ("zero", "26"), ("full", "76")])
def test_what_stands_in(tmp_path: Path, otherwise: str, total: str) -> None:
    first = leaf("total", 50, "x", applies="p", otherwise=otherwise)
    run = tree(
        tmp_path,
        {"total": {"weights_total": 100}, "a": first, "b": leaf("total", 30, "y"), "c": leaf("total", 20, "z")},
        ("p",),
    ).run({"x": 1, "y": 60, "z": 40, "p": False})
    assert run.data["nodes"]["total.score"]["value"] == total
    assert part(run, "a")["score"] == {"rescale": None, "zero": "0", "full": "100"}[otherwise]


@pytest.mark.parametrize(("otherwise", "total"), [("rescale", "50"), ("zero", "20"), ("full", "80")])
def test_what_stands_in_for_a_block(tmp_path: Path, otherwise: str, total: str) -> None:
    block = {"parent": "total", "weight": 60, "weights_total": 60, "applies": "p", "otherwise": otherwise}
    run = tree(
        tmp_path,
        {"total": {"weights_total": 100}, "k": block, "a": leaf("k", 60, "x"), "b": leaf("total", 40, "y")},
        ("p",),
    ).run({"x": 90, "y": 50, "p": False})
    assert run.data["nodes"]["total.score"]["value"] == total
    shares = [Decimal(value or 0) for value in contributions(run, "k b")]
    assert sum(shares) == Decimal(total)
    assert contributions(run, "a") == ["0"], "what is below a block that does not apply contributes nothing"


def test_rescaling_stays_inside_its_block(tmp_path: Path) -> None:
    """Block k keeps its 60 of 100: its score is that of the one child that applies."""
    indicators = {"total": {"weights_total": 100}, "k": {"parent": "total", "weight": 60, "weights_total": 60}, "a": leaf("k", 45, "x", applies="p"),
                  "b": leaf("k", 15, "y"), "c": leaf("total", 40, "z")}  # fmt: skip
    made = tree(tmp_path, indicators, ("p",))
    run = made.run({"x": 100, "y": 20, "z": 50, "p": False})
    assert (run["k.score"], run["total.score"]) == (20, 32)  # 0.6 × 20 + 0.4 × 50
    assert contributions(run, "k a b c") == ["12", "0", "12", "20"]
    run = made.run({"x": 100, "y": 20, "z": 50, "p": True})
    assert (run["k.score"], run["total.score"]) == (80, 68)
    assert contributions(run, "k a b c") == ["48", "45", "3", "20"]


def test_block_weights_need_not_be_those_of_the_children(tmp_path: Path) -> None:
    """The children weigh 1 and 3 of 4, the block 30 of 100."""
    indicators = {
        "total": {"weights_total": 100},
        "k": {"parent": "total", "weight": 30, "weights_total": 4},
        "a": leaf("k", 1, "x"),
        "b": leaf("k", 3, "y"),
        "c": leaf("total", 70, "z"),
    }
    run = tree(tmp_path, indicators).run({"x": 100, "y": 60, "z": 10})
    assert (run["k.score"], run["total.score"]) == (70, 28)
    assert contributions(run, "k a b c") == ["21", "7.5", "13.5", "7"]


def test_a_block_in_which_nothing_applies_is_not_computed(tmp_path: Path) -> None:
    indicators = {
        "total": {"weights_total": 100},
        "k": {"parent": "total", "weight": 60, "weights_total": 60},
        "a": leaf("k", 60, "x", applies="p"),
        "c": leaf("total", 40, "z"),
    }
    run = tree(tmp_path, indicators, ("p",)).run({"x": 1, "z": 50, "p": False})
    assert isinstance(run["total.score"], NotComputed)
    causes = {
        cause["code"] for gap in run.data["not_computed"] if gap["node"] == "total.score" for cause in gap["causes"]
    }
    assert causes == {"value.empty-block"}


def test_a_block_that_says_itself_when_it_applies_may_be_empty(tmp_path: Path) -> None:
    indicators = {
        "total": {"weights_total": 100},
        "k": {"parent": "total", "weight": 60, "weights_total": 60, "applies": "p"},
        "a": leaf("k", 60, "x", applies="p"),
        "c": leaf("total", 40, "z"),
    }
    run = tree(tmp_path, indicators, ("p",)).run({"x": 1, "z": 50, "p": False})
    assert run["total.score"] == 50
    assert contributions(run, "k a c") == ["0", "0", "50"]


def test_a_missing_score_makes_the_total_missing_and_names_the_input(tmp_path: Path) -> None:
    run = tree(
        tmp_path, {"total": {"weights_total": 100}, "a": leaf("total", 50, "x"), "b": leaf("total", 50, "y")}
    ).run({"y": 60})
    total = run["total.score"]
    assert isinstance(total, NotComputed)
    assert (total.code, total.origin) == ("missing-input", "x")
    assert run["b.score"] == 60


def test_geometric_mean(tmp_path: Path) -> None:
    indicators = {
        "total": {"aggregate": "geometric"},
        "a": leaf("total", 1, "x"),
        "b": leaf("total", 1, "y"),
        "c": leaf("total", 1, "z"),
    }
    made = tree(tmp_path, indicators)
    assert made.run({"x": 8, "y": 27, "z": 64})["total.score"] == 24  # third root of 13824
    assert made.run({"x": 0, "y": 27, "z": 64})["total.score"] == 0


def test_minimum(tmp_path: Path) -> None:
    indicators = {
        "total": {"weights_total": 100},
        "k": {"parent": "total", "weight": 60, "aggregate": "minimum"},
        "a": leaf("k", 1, "x"),
        "b": leaf("k", 1, "y"),
        "c": leaf("total", 40, "z"),
    }
    run = tree(tmp_path, indicators).run({"x": 70, "y": 50, "z": 100})
    assert (run["k.score"], run["total.score"]) == (50, 70)


def test_four_levels(tmp_path: Path) -> None:
    """total = 0.4 × k + 0.6 × w; k = 0.25 × l + 0.75 × v; l = 0.5 × m + 0.5 × u; m = (10 a + 30 b) / 40."""
    indicators = {
        "total": {"weights_total": 100},
        "k": {"parent": "total", "weight": 40, "weights_total": 40}, "w": leaf("total", 60, "w1"),
        "l": {"parent": "k", "weight": 10, "weights_total": 1}, "v": leaf("k", 30, "v1"),
        "m": {"parent": "l", "weight": Decimal("0.5"), "weights_total": 40}, "u": leaf("l", Decimal("0.5"), "u1"),
        "a": leaf("m", 10, "a1"), "b": leaf("m", 30, "b1"),
    }  # fmt: skip
    run = tree(tmp_path, indicators, numbers=("a1", "b1", "u1", "v1", "w1")).run(
        {"a1": 100, "b1": 20, "u1": 60, "v1": 90, "w1": 10}
    )
    assert [run[f"{name}.score"] for name in "mlk"] == [40, 50, 80]
    assert run["total.score"] == 38
    assert sum(Decimal(value or 0) for value in contributions(run, "a b u v w")) == 38
    assert [entry["depth"] for entry in run.data["indicators"] if entry["id"] in "mlkab"] == [1, 2, 3, 4, 4]


def test_rounded_blocks_enter_the_total_rounded(tmp_path: Path) -> None:
    block = {"parent": "total", "weight": 60, "weights_total": 60, "round": {"digits": 0}}
    run = tree(
        tmp_path,
        {
            "total": {"weights_total": 100, "round": {"digits": 1}},
            "k": block,
            "a": leaf("k", 60, "x"),
            "b": leaf("total", 40, "y"),
        },
    ).run({"x": Decimal("50.5"), "y": 0})
    assert run["k.score"] == 50
    assert run["total.score"] == 30  # 60 % of 50, not of 50.5


@pytest.mark.parametrize(("weights", "codes"), [
    ((60, 40), []), ((60, Decimal("39.99")), ["indicator.weights-sum"]), ((60, Decimal("40.000000000000000000000000000001")), ["indicator.weights-sum"]),
    ((Decimal("99.999999999999999999999999999999"), Decimal("0.000000000000000000000000000002")), ["indicator.weights-sum"]),
    ((Decimal("33.3333333333333333333333333333"), Decimal("66.6666666666666666666666666667")), []),
])  # fmt: skip
def test_weights_sum_exactly(tmp_path: Path, weights: tuple[Any, Any], codes: list[str]) -> None:
    made = tree(
        tmp_path,
        {"total": {"weights_total": 100}, "a": leaf("total", weights[0], "x"), "b": leaf("total", weights[1], "y")},
    )
    if codes:
        assert made.refused() == codes
    else:
        made.plan()


def test_one_third_each(tmp_path: Path) -> None:
    """Weights 1, 1, 1 of 3: the sum comes before the division, so that equal scores give themselves."""
    run = tree(
        tmp_path,
        {
            "total": {"weights_total": 3},
            "a": leaf("total", 1, "x"),
            "b": leaf("total", 1, "y"),
            "c": leaf("total", 1, "z"),
        },
    ).run({"x": 70, "y": 70, "z": 70})
    assert run["total.score"] == 70
    assert Fraction(run["a.contribution"]) == pytest.approx(Fraction(70, 3))


@pytest.mark.parametrize("applies", ["x > 50", "known(x)", "x > 0 and y > 0"])
def test_when_it_applies_is_a_formula(tmp_path: Path, applies: str) -> None:
    made = tree(
        tmp_path,
        {"total": {"weights_total": 100}, "a": leaf("total", 50, "x", applies=applies), "b": leaf("total", 50, "y")},
    )
    assert made.run({"x": 100, "y": 50})["total.score"] == 75


def test_hundreds_of_children_and_long_scores(tmp_path: Path) -> None:
    indicators = {
        "total": {"weights_total": 300},
        **{f"a_rather_long_name_{n}": leaf("total", 1, "x") for n in range(300)},
    }
    assert tree(tmp_path, indicators).run({"x": 40})["total.score"] == 40
