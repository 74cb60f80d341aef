"""Meter series: exact sums, reading of files, and detectors that find planted errors and leave a clean year alone."""

from __future__ import annotations

import builtins
import hashlib
import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from guiju.diagnostics.finding import Finding, Found
from guiju.intake.series import Summed, as_data, as_value, summed
from guiju.series.model import Asked
from guiju.source.node import data
from guiju.source.yaml_text import read_text
from planted import PLAIN, Planted, clean, with_errors

YEAR = Asked(date(2024, 1, 1), date(2024, 12, 31))
WEEK = Asked(date(2024, 1, 1), date(2024, 1, 7))


def read(path: Path, asked: Asked = WEEK) -> tuple[Summed | None, tuple[Finding, ...]]:
    found = Found()
    return summed(path, asked, "kWh", found), found.findings


def of(tmp_path: Path, text: str | bytes, asked: Asked = WEEK) -> tuple[Summed | None, tuple[Finding, ...]]:
    path = tmp_path / "meter.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, asked)


def days(*values: object) -> str:
    return "time,kWh\n" + "".join(f"2024-01-{day:02d},{value}\n" for day, value in enumerate(values, 1))


SEVEN = days("0.1", "0.2", "0.30", "1e2", "+5", ".5", "7.")


# -- the sum ----------------------------------------------------------------------------------------------------------------
def test_the_sum_is_exact(tmp_path: Path) -> None:
    """0.1 + 0.2 + 0.30 + 100 + 5 + 0.5 + 7 = 113.1, which binary fractions do not give."""
    done, findings = of(tmp_path, SEVEN)
    assert done is not None
    assert done.total == Decimal("113.10")
    assert findings == ()


def test_the_sum_is_that_of_fractions(tmp_path: Path) -> None:
    """Numbers of very different size: nothing is rounded away."""
    draw = random.Random(7)
    texts = [f"{draw.randrange(10**20)}.{draw.randrange(10**25):025d}" for _ in range(6)] + [
        "0.0000000000000000000000001"
    ]
    done, _ = of(tmp_path, days(*texts))
    assert done is not None
    assert Fraction(done.total) == sum((Fraction(text) for text in texts), Fraction(0))


def test_flags_change_nothing(tmp_path: Path) -> None:
    """Repeated, stuck and negative readings are all in the sum: 5 · 100 + 100 − 3 + 9 = 606."""
    text = days(100, 100, 100, 100, 100, -3, 9) + "2024-01-02,100\n"
    done, findings = of(tmp_path, text)
    assert done is not None
    assert done.total == 606
    assert {finding.code for finding in findings} >= {"series.duplicate", "series.stuck", "series.negative"}
    assert next(dict(finding.facts)["added"] for finding in findings if finding.code == "series.duplicate") == "100"


def test_only_the_period_is_summed(tmp_path: Path) -> None:
    asked = Asked(date(2024, 1, 2), date(2024, 1, 3))
    done, findings = of(tmp_path, days(1, 10, 100, 1000), asked)
    assert done is not None
    assert (done.total, done.there, done.series.slots) == (110, 2, 2)
    assert [(finding.code, dict(finding.facts)["count"]) for finding in findings] == [("series.outside", "2")]


def test_stamps_at_the_end_of_their_interval(tmp_path: Path) -> None:
    """Hours of one day stamped 01:00 to 24:00: the last one belongs to the day."""
    rows = [f"2024-01-01 {hour:02d}:00,{hour}" for hour in range(1, 25)]
    day = Asked(date(2024, 1, 1), date(2024, 1, 1))
    text = "time,kWh\n" + "\n".join(rows)
    done, findings = of(tmp_path, text, day)
    assert done is not None
    assert done.total == sum(range(1, 24)), "24:00 is the next day"
    assert "series.stamps-at-end" in {finding.code for finding in findings}
    done, findings = of(tmp_path, text, Asked(day.start, day.end, stamp="end"))
    assert done is not None
    assert (done.total, done.there, findings) == (300, 24, ())


# -- files ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        SEVEN.encode(),
        b"\xef\xbb\xbf" + SEVEN.encode(),
        SEVEN.replace("time,kWh", "日期,电量").encode("gb18030"),
        SEVEN.replace("time", "时间").encode("utf-16"),
        SEVEN.replace(",", ";").encode(),
        SEVEN.replace(",", "\t").replace("\n", "\r\n").encode(),
        SEVEN.replace("2024-01-0", "2024/1/").encode(),
        SEVEN.partition("\n")[2].encode(),
        "\n".join(f'"{line.partition(",")[0]}", "{line.partition(",")[2]}"' if "," in line else "" for line in SEVEN.splitlines()).replace('", "', '","').encode(),
    ],
)  # fmt: skip
def test_files_as_they_come(text: bytes, tmp_path: Path) -> None:
    done, findings = of(tmp_path, text)
    assert done is not None, findings
    assert done.total == Decimal("113.1")


def test_columns_by_name_and_number(tmp_path: Path) -> None:
    text = "no,day,in,out\n" + "".join(f"{n},2024-01-0{n},{n},{n * 10}\n" for n in range(1, 8))
    for value, total in (("in", 28), ("out", 280), ("4", 280)):
        done, _ = of(tmp_path, text, Asked(WEEK.start, WEEK.end, value=value, time="day"))
        assert done is not None
        assert done.total == total


def test_a_bad_cell_refuses_the_file_and_all_of_them_are_told(tmp_path: Path) -> None:
    asked = Asked(WEEK.start, WEEK.end, value="kWh")
    done, findings = of(tmp_path, days(1, "1,5".replace(",", "，"), 3, "4 kWh", 5), asked)
    assert done is None
    assert [(finding.code, finding.place and finding.place.line) for finding in findings] == [
        ("series.number", 3),
        ("series.number", 5),
    ]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff\x81", b"PAR1garbagePAR1", b"time,kWh\n2024-01-01,\x00", b"time\n" * 3, b"\xff\xfe\x00"],
)
def test_damaged_files_are_refused(raw: bytes, tmp_path: Path) -> None:
    done, findings = of(tmp_path, raw)
    assert done is None
    assert findings


def test_no_file(tmp_path: Path) -> None:
    assert [finding.code for finding in read(tmp_path / "none.csv")[1]] == ["source.missing-file"]
    assert [finding.code for finding in read(tmp_path)[1]] == ["source.not-a-file"]


def test_parquet_is_what_the_csv_is(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    times = [datetime(2024, 1, day) for day in range(1, 8)]
    texts = ["0.1", "0.2", "0.3", "100", "5", "0.5", "7"]
    kinds: dict[str, tuple[Any, list[Any], int]] = {
        "decimal": (pyarrow.decimal128(20, 3), [Decimal(text) for text in texts], 0),
        "double": (pyarrow.float64(), [float(text) for text in texts], 1),
        "text": (pyarrow.string(), texts, 0),
    }
    for name, (kind, values, notes) in kinds.items():
        table = pyarrow.table({"time": pyarrow.array(times), "kWh": pyarrow.array(values, type=kind)})
        parquet.write_table(table, tmp_path / f"{name}.parquet")
        done, findings = read(tmp_path / f"{name}.parquet")
        assert done is not None, findings
        assert done.total == Decimal("113.1"), name
        assert [finding.code for finding in findings] == ["series.float"] * notes


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def none(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", none)
    done, findings = of(tmp_path, b"PAR1")
    assert done is None
    assert [finding.code for finding in findings] == ["series.no-pyarrow"]


# -- as a value -------------------------------------------------------------------------------------------------------------
def test_the_value_says_where_it_comes_from(tmp_path: Path) -> None:
    done, _ = of(tmp_path, SEVEN.replace("2024-01-03,0.30\n", ""))
    assert done is not None
    found = Found()
    node = read_text(as_value(done), "sum.yaml", found)
    assert node is not None, found.findings
    value: Any = data(node)
    assert (value["value"], value["unit"], value["origin"]) == (Decimal("112.8"), "kWh", "measured")
    digest = hashlib.sha256((tmp_path / "meter.csv").read_bytes()).hexdigest()
    assert digest in value["source"]["zh"]
    assert value["note"]["en"] == "1 of 7 readings missing; flags: gaps 1. Flags change no reading."
    assert as_data(done)["flags"][0]["code"] == "series.gap"


# -- detectors --------------------------------------------------------------------------------------------------------------
def finds(planted: Planted, findings: tuple[Finding, ...]) -> bool:
    for finding in findings:
        facts = dict(finding.facts)
        if finding.code == f"series.{planted.kind}":
            first, last = datetime.fromisoformat(facts["first"]), datetime.fromisoformat(facts["last"])
            if first <= planted.last and planted.first <= last:
                return True
    return False


@pytest.mark.parametrize(("seed", "minutes"), [(0, 1440), (1, 1440), (2, 1440), (3, 1440), (0, 60)])
def test_planted_errors_are_found(seed: int, minutes: int, tmp_path: Path) -> None:
    """Most of the gross ones; the figures over many seeds stand in docs/series.md."""
    year = with_errors(seed, minutes, PLAIN)
    done, findings = read(year.write(tmp_path / "year.csv"), YEAR)
    assert done is not None
    missed = [planted for planted in year.planted if not finds(planted, findings)]
    assert len(missed) <= 1, missed
    assert done.total == sum(Decimal(value) for _, value in year.rows), "and nothing was changed"


@pytest.mark.parametrize(("seed", "minutes"), [(0, 1440), (1, 1440), (2, 1440), (0, 60)])
def test_a_clean_year_is_left_alone(seed: int, minutes: int, tmp_path: Path) -> None:
    _, findings = read(clean(seed, minutes).write(tmp_path / "year.csv"), YEAR)
    assert len(findings) <= 1, [finding.facts for finding in findings]


def test_seeds_give_the_same_year() -> None:
    assert clean(3, 1440).rows == clean(3, 1440).rows != clean(4, 1440).rows
    assert len(clean(0).rows) == 366 * 96


def test_gaps_are_those_that_are_missing(tmp_path: Path) -> None:
    """Every reading that is taken out is in a gap, and no other."""
    draw = random.Random(11)
    start = datetime(2024, 1, 1)
    times = [start + timedelta(hours=hour) for hour in range(7 * 24)]
    out = set(draw.sample(times, 20))
    text = "time,kWh\n" + "".join(
        f"{time:%Y-%m-%d %H:%M},{draw.randrange(90, 110)}\n" for time in times if time not in out
    )
    _, findings = of(tmp_path, text)
    said: set[datetime] = set()
    for finding in findings:
        facts = dict(finding.facts)
        if finding.code == "series.gap":
            first, last = datetime.fromisoformat(facts["first"]), datetime.fromisoformat(facts["last"])
            said |= {first + timedelta(hours=n) for n in range(int((last - first).total_seconds()) // 3600 + 1)}
    assert said == out


def test_thirty_digits_shifted_by_ninety_nine_are_not_rounded(tmp_path: Path) -> None:
    result, _ = of(tmp_path, days("1e99", "1e-99"))
    assert result is not None
    assert result.total == Decimal("1" + "0" * 99 + "." + "0" * 98 + "1")


@pytest.mark.parametrize("stamp", ["0001-01-01", "9999-12-31 24:00", "1066-10-14"])
def test_years_in_which_no_meter_was_read(stamp: str, tmp_path: Path) -> None:
    result, findings = of(tmp_path, f"time,kWh\n2024-01-01,1\n{stamp},2\n")
    assert result is None
    assert {each.code for each in findings} <= {"series.no-time-column", "series.time"}
