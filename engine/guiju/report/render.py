"""The owner of Jinja2: views and templates of reports/ → text. Unknown names are errors, SVG is escaped, text is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from guiju.diagnostics.show import columns
from guiju.places import template_folder
from guiju.report.layout import left, right, wrap
from guiju.report.model import FigureRow, ScorecardView
from guiju.report.table import DRAWN, PLAIN, Glyphs, Line, gate_table, indicator_table, result_table
from guiju.report.wording import Wording, report_words

if TYPE_CHECKING:
    from jinja2 import Environment

Paint = Callable[[str, str], str]  # text, style → text
MOST_WIDTH, _LEAST = 100, 20
_ATOMS, _DIGITS = re.compile("([₀-₉]+)"), str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LABELS = ("inputs_title", "rules_title", "tables", "data")


def unpainted(text: str, _style: str) -> str:
    """For pipes and files."""
    return text


def scorecard_text(
    view: ScorecardView, width: int = MOST_WIDTH, paint: Paint = unpainted, *, drawn: bool = False
) -> str:
    """The scorecard for a terminal (drawn) or a pipe (plain signs)."""
    width, glyphs, say = min(width, MOST_WIDTH), DRAWN if drawn else PLAIN, report_words(view.lang)
    head, lines = indicator_table(view, width, glyphs, say)
    environment = _environment("scorecard/terminal.txt.j2")
    environment.filters.update(_text_filters(width, glyphs, paint, say))
    environment.filters["figure"] = _figure_filter(view, width)
    text = environment.get_template("scorecard/terminal.txt.j2").render(
        view=view,
        say=say,
        glyph=glyphs,
        rule=glyphs.rule * min(width, _widest(lines)),
        head=head,
        table=lines,
        results=result_table(view.results, width),
        gates=_gates(view, width, glyphs, say),
    )
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _widest(lines: list[Line]) -> int:
    return max((columns(f"{line.text}  {line.bar}{line.track}") for line in lines), default=0)


def _gates(view: ScorecardView, width: int, glyphs: Glyphs, say: Wording) -> list[Line]:
    return gate_table(view.grade.gates, width, glyphs, say) if view.grade else []


def _figure_filter(view: ScorecardView, width: int) -> Callable[[FigureRow], str]:
    """A figure as a line: titles to the left, values to the right of their columns, ± and tiers behind."""
    titles = min(max((columns(row.title) for row in view.figures), default=0), width // 2)
    values = max((columns(row.value) for row in view.figures), default=0)

    def line(row: FigureRow) -> str:
        return _hung(f"  {left(row.title, titles)}  {right(row.value, values)}  ", row.quality, width)

    return line


def _hung(lead: str, text: str, width: int) -> str:
    """The text behind its lead, further lines below the first."""
    size = columns(lead)
    lines = wrap(text, max(_LEAST, width - size))
    return "\n".join((lead if index == 0 else " " * size) + line for index, line in enumerate(lines))


def _text_filters(width: int, glyphs: Glyphs, paint: Paint, say: Wording) -> dict[str, Callable[..., str]]:
    label_width = max(columns(say(name)) for name in _LABELS)

    def hung(lead: str, text: str) -> str:
        return _hung(lead, text, width)

    def section(label: str, text: str = "") -> str:
        head = f"{glyphs.section} {label}"
        return paint(head, "head") + hung(f"{head}  ", text)[len(head) :]

    return {
        "paint": lambda text, style: paint(text, style) if style else text,
        "mark": lambda name: str(getattr(glyphs, name)),
        "section": section,
        "para": lambda text, indent=0: hung(" " * indent, text),
        "entry": lambda text, sign, level=1: hung(f"{'  ' * level}{sign} ", text),
        "field": lambda label, text: hung(left(label, label_width) + "  ", text),
    }


def scorecard_svg(view: ScorecardView) -> str:
    """The scorecard as an SVG picture."""
    from guiju.report.picture import picture

    return render("scorecard/picture.svg.j2", {"picture": picture(view)})


def render(name: str, facts: Mapping[str, Any]) -> str:
    """Any other template of reports/."""
    return _environment(name).get_template(name).render(**facts)


def _environment(name: str) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    escaped = name.endswith((".svg.j2", ".html.j2"))
    environment = Environment(
        loader=FileSystemLoader(template_folder(), encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=escaped,  # noqa: S701  text for a terminal is not markup
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({"left": left, "right": right, "wrap": wrap, "atoms": _atoms})
    return environment


def _atoms(text: str) -> list[tuple[str, str]]:
    """A text in pieces, counts of atoms as plain digits to be set small and down, what follows them up again: many fonts lack
    the signs, and the whole text would change its face."""
    first, *rest = _ATOMS.split(text)  # text, digits, text …
    made = [("", first)]
    for digits, after in zip(rest[::2], rest[1::2], strict=True):
        made += [("down", digits.translate(_DIGITS)), ("up", after)]
    return [(way, piece) for way, piece in made if piece]
