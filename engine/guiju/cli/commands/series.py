"""A file of meter readings → the sum of a period, with what looks wrong in it. Flags never change a value."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from guiju.cli.output import FINDINGS, FINE, check_target, painter, say, tell, tell_findings, words, write_file
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guiju.diagnostics.finding import Finding
    from guiju.diagnostics.language import Language
    from guiju.intake.series import Summed

MOST = 5  # findings of one code that are printed
UNITS = {"min": 1, "h": 60, "d": 1440}

if TYPE_CHECKING:
    _Param = click.ParamType[Any]
else:
    _Param = click.ParamType


class Period(_Param):
    """FROM..TO, both days included."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[date, date]:
        try:
            first, last = (date.fromisoformat(part) for part in str(value).split(".."))
        except ValueError:
            self.fail(f"须写 2024-01-01..2024-12-31 · write 2024-01-01..2024-12-31, not {value}", param, ctx)
        if not 1900 <= first.year <= last.year < 2200 and last >= first:
            self.fail(f"年份不对 · no years of a meter: {value}", param, ctx)
        if last < first:
            self.fail(f"截止日早于起始日 · the period ends before it begins: {value}", param, ctx)
        return first, last


class Step(_Param):
    """15min, 1h, 1d."""

    name = "step"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        match = re.fullmatch(r"([1-9]\d{0,3})(min|h|d)", str(value))
        if match is None:
            self.fail(f"须写 15min、1h 或 1d · write 15min, 1h or 1d, not {value}", param, ctx)
        return timedelta(minutes=int(match[1]) * UNITS[match[2]])


@click.command(help="把计量序列加总到评价期，并标出可疑处 · Sum a meter series, flag what looks wrong")
@click.argument("file", metavar="FILE.csv|FILE.parquet", type=click.Path(path_type=Path))
@click.option("--unit", required=True, metavar="UNIT", help="读数的单位，如 kWh · Unit of the readings")
@click.option("--ruleset", "ref", metavar="REF", help="单位取自此规则集 · Ruleset that declares the unit")
@click.option(
    "--period", required=True, type=Period(), metavar="FROM..TO", help="首末日，均含在内 · First and last day"
)
@click.option("--step", type=Step(), metavar="15min|1h|1d", help="间隔，默认按文件 · Step; default: the file's own")
@click.option("--time", "when", metavar="COLUMN", help="时间列：列名或序号 · Column of the times")
@click.option("--value", metavar="COLUMN", help="读数列：列名或序号 · Column of the readings")
@click.option(
    "--stamp", type=click.Choice(["start", "end"]), default="start",
    help="时标在间隔之始或之末 · Where in its interval a time stands",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    metavar="FILE.yaml",
    type=click.Path(path_type=Path),
    help="写成评估数据中的一个值 · Write it as a value for a case",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 · Format")
@shared
@click.pass_obj
def command(
    setting: Setting, file: Path, unit: str, ref: str | None, period: tuple[date, date], step: timedelta | None, when: str | None,
    value: str | None, stamp: Literal["start", "end"], output: Path | None, form: str,
) -> int:  # fmt: skip
    """The sum to standard output, findings to standard error."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found
    from guiju.intake.series import as_data, as_value, summed
    from guiju.plan.check import units_of
    from guiju.series.model import Asked

    if output is not None:
        check_target(output, setting.lang, file)
    found = Found()
    ruleset = None if ref is None else pipeline.read_ruleset(ref, setting.roots, found)
    if ref is not None and ruleset is None:
        tell_findings(found.findings, setting.lang)
        return FINDINGS
    asked = Asked(period[0], period[1], step, when, value, stamp)
    result = summed(file, asked, unit, found, units_of(ruleset))
    if result is None:
        tell_findings(found.findings, setting.lang)
        return FINDINGS
    if form == "json":
        import json

        say(json.dumps(as_data(result), ensure_ascii=False, indent=1))
    else:
        _tell_first(found.findings, setting.lang)
        _print(result, setting.lang)
    if output is not None:
        write_file(output, as_value(result), setting.lang)
        tell(words(setting.lang)("written", file=output))
    return FINE


def _tell_first(findings: Sequence[Finding], lang: Language) -> None:
    """The first of every kind, and how many there are besides."""
    from collections import Counter

    counts, told = Counter[str](), []
    for finding in findings:
        counts[finding.code] += 1
        if counts[finding.code] <= MOST:
            told.append(finding)
    tell_findings(told, lang)
    for code, count in sorted(counts.items()):
        if count > MOST:
            tell(words(lang)("series_more", code=code, count=count - MOST))


def _print(result: Summed, lang: Language) -> None:
    from guiju.formula.numbers import plain
    from guiju.report.numbers import grouped

    text, series = words(lang), result.series
    total = grouped(plain(result.total), lang)
    period = f"{result.asked.start.isoformat()}..{result.asked.end.isoformat()}"
    say(painter()(text("series_sum", file=result.file, period=period, total=total, unit=result.unit), "strong"))
    say(text("series_there", there=result.there, slots=series.slots, flags=len(result.flags)))
