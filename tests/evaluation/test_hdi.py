"""The Human Development Index of all 191 countries and territories through the Python interface, as published."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import guiju
from guiju.diagnostics.finding import Found
from guiju.source.files import read_file
from guiju.source.node import data
from shipped import RULESETS
from small import write_case

COUNTRIES = RULESETS / "hdi" / "2021" / "tests" / "countries.yaml"
PUBLISHED = {"very_high": 66, "high": 49, "medium": 44, "low": 32}  # the four groups of the report 2021/2022


def test_all_countries(tmp_path: Path) -> None:
    node = read_file(COUNTRIES, COUNTRIES.name, Found())
    assert node is not None
    countries = data(node)["tests"]
    assert len(countries) == 191
    plan = guiju.prepare(guiju.load("hdi@2021", rulesets=RULESETS))
    groups: Counter[str] = Counter()
    for name, country in countries.items():
        assert country["origin"] == "published"
        case = write_case(
            tmp_path / "case.yaml",
            country["case"]["inputs"],
            period=country["case"]["period"],
            ruleset="hdi@2021",
            id=name,
        )
        result = guiju.evaluate(plan, case)
        assert result.assessment.values["hdi.score"] == Decimal(country["expect"]["hdi.score"]["value"]), name
        assert result.grade == country["expect"]["grade"]["value"], name
        groups[str(result.grade)] += 1
    assert groups == PUBLISHED


def test_published_edges_of_the_groups(tmp_path: Path) -> None:
    """The group follows the index rounded to three decimals: 0.7995 is 0.800 and very high."""
    plan = guiju.prepare(guiju.load("hdi@2021", rulesets=RULESETS))
    assert plan.grade is not None
    bands = {band.level: (band.interval.low, band.interval.low_closed) for band in plan.grade.gates[0].bands}
    assert bands == {
        "very_high": (Decimal("0.8"), True),
        "high": (Decimal("0.7"), True),
        "medium": (Decimal("0.55"), True),
        "low": (Decimal(0), True),
    }


def test_an_income_of_nothing_has_no_index(tmp_path: Path) -> None:
    """ln(0) is no number: the index is not computed, and the assessment says where it began."""
    case = write_case(
        tmp_path / "case.yaml",
        {"life_expectancy": 60, "expected_schooling": 10, "mean_schooling": 5, "gni_per_capita": 0},
        ruleset="hdi@2021",
    )
    result = guiju.evaluate(guiju.prepare(guiju.load("hdi@2021", rulesets=RULESETS)), case)
    assert result.grade is None
    assert result.data["grade"]["missing"][0]["code"] == "value.outside-domain"
