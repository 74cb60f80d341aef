"""The command `series`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Guiju

PERIOD = ("--period", "2024-01-01..2024-01-07")


def meter(*values: object) -> Path:
    rows = "".join(f"2024-01-{day:02d},{value}\n" for day, value in enumerate(values, 1) if value is not None)
    Path("meter.csv").write_text(f"time,kWh\n{rows}", encoding="utf-8")
    return Path("meter.csv")


def test_sum_and_file(guiju: Guiju) -> None:
    done = guiju("series", meter(1000.5, 2, None, 4, 5, 6, 7), "--unit", "kWh", *PERIOD, "-o", "sum.yaml")
    assert done.status == 0
    assert "1024.5 kWh" in done.out
    assert "6 of 7 readings are there; 1 flags" in done.out
    assert "warning[series.gap]" in done.err
    assert Path("sum.yaml").read_text(encoding="utf-8").startswith('value: 1024.5\nunit: "kWh"\n')
    before = Path("sum.yaml").read_bytes()
    assert guiju("series", "meter.csv", "--unit", "kWh", *PERIOD, "-o", "sum.yaml").status == 0
    assert Path("sum.yaml").read_bytes() == before


def test_data(guiju: Guiju) -> None:
    done = guiju("series", meter(1, 2, 3, 4, 5, 6, 7), "--unit", "kWh", *PERIOD, "--format", "json")
    told = json.loads(done.out)
    assert (told["sum"], told["unit"], told["slots"], told["flags"]) == ("28", "kWh", "7", [])


def test_chinese(guiju: Guiju) -> None:
    done = guiju("series", meter(1, 2, None, 4, 5, 6, 7), "--unit", "kWh", *PERIOD, "--lang", "zh")
    assert "应有 7 个读数，有 6 个" in done.out
    assert "缺 1 个读数" in done.err


def test_many_of_a_kind_are_counted(guiju: Guiju) -> None:
    rows = "".join(f"2024-01-{day:02d},{day}\n" for day in range(1, 31, 2))
    Path("meter.csv").write_text(f"time,kWh\n{rows}", encoding="utf-8")
    done = guiju("series", "meter.csv", "--unit", "kWh", "--period", "2024-01-01..2024-01-31", "--step", "1d")
    assert done.err.count("warning[series.gap]") == 5
    assert "series.gap: 10 more" in done.err


def test_errors_and_wrong_usage(guiju: Guiju) -> None:
    assert guiju("series", "none.csv", "--unit", "kWh", *PERIOD).status == 1
    Path("text.csv").write_text("a,b\nc,d\n", encoding="utf-8")
    done = guiju("series", "text.csv", "--unit", "kWh", *PERIOD, "-o", "sum.yaml")
    assert done.status == 1
    assert not Path("sum.yaml").exists()
    assert guiju("series", "text.csv", "--unit", "kWh", "--period", "2024").status == 2
    assert guiju("series", "text.csv", "--unit", "kWh", "--period", "2024-02-01..2024-01-01").status == 2
    assert guiju("series", "text.csv", "--unit", "kWh", *PERIOD, "--step", "1 hour").status == 2
    assert guiju("series", meter(1), "--unit", "kWh", *PERIOD, "-o", "no/sum.yaml", "--step", "1d").status == 2


@pytest.mark.parametrize("unit", ["nonsense", "kwh", "千瓦时", "kWh/", "", "kWh kWh", "$(x)", "k" * 5000])
def test_a_unit_that_is_not_known_is_refused(guiju: Guiju, unit: str) -> None:
    done = guiju("series", meter(1, 2, 3, 4, 5, 6, 7), "--unit", unit, *PERIOD, "-o", "sum.yaml")
    assert (done.status, done.out) == (1, "")
    assert "error[series.unknown-unit]" in done.err
    assert len(done.err) < 400
    assert ("did you mean 'kWh'?" in done.err) == (unit in ("kwh", "千瓦时", "kWh/", "kWh kWh"))
    assert not Path("sum.yaml").exists()


def test_units_of_a_ruleset(guiju: Guiju) -> None:
    said = ("series", meter(1, 2, 3, 4, 5, 6, 7), "--unit", "tCH4/t", *PERIOD)
    assert guiju(*said).status == 1
    done = guiju(*said, "--ruleset", "carbon-neutral-mine@2025.1")
    assert (done.status, "28 tCH4/t" in done.out) == (0, True)
    assert guiju(*said, "--ruleset", "none@1").status == 1
    assert guiju(*said[:3], "kWh/t", *PERIOD).status == 0, "built of the engine's own"
