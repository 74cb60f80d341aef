"""The owner of Jinja2: views and templates of reports/ → text. Unknown names are errors, SVG is escaped, text is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from guiju.diagnostics.show import columns
from guiju.places import template_folder
from guiju.report.layout import left, right, wrap
from guiju.report.model import ScorecardView
from guiju.report.table import DRAWN, PLAIN, Glyphs, Line, gate_table, indicator_table
from guiju.report.wording import Wording, report_words

if TYPE_CHECKING:
    from jinja2 import Environment

Paint = Callable[[str, str], str]  # text, style → text
MOST_WIDTH = 100
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
    text = environment.get_template("scorecard/terminal.txt.j2").render(
        view=view,
        say=say,
        glyph=glyphs,
        rule=glyphs.rule * width,
        head=head,
        table=lines,
        gates=_gates(view, width, glyphs, say),
    )
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _gates(view: ScorecardView, width: int, glyphs: Glyphs, say: Wording) -> list[Line]:
    return gate_table(view.grade.gates, width, glyphs, say) if view.grade else []


def _text_filters(width: int, glyphs: Glyphs, paint: Paint, say: Wording) -> dict[str, Callable[..., str]]:
    label_width = max(columns(say(name)) for name in _LABELS)

    def entry(text: str, sign: str, level: int = 1) -> str:
        lead = "  " * level + sign + " "
        lines = wrap(text, width - len(lead))
        return "\n".join((lead if index == 0 else " " * len(lead)) + line for index, line in enumerate(lines))

    def field(label: str, text: str) -> str:
        lines = wrap(text, width - label_width - 2)
        return "\n".join(
            left(label if index == 0 else "", label_width) + "  " + line for index, line in enumerate(lines)
        )

    return {
        "paint": lambda text, style: paint(text, style) if style else text,
        "mark": lambda name: str(getattr(glyphs, name)),
        "section": lambda text: paint(f"{glyphs.section} {text}", "head") + "  ",
        "entry": entry,
        "field": field,
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
    environment.filters.update({"left": left, "right": right, "wrap": wrap})
    return environment
