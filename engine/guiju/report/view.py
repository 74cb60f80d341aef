"""Assessment data + language → ScorecardView. Reads what the file of an assessment holds, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from guiju.diagnostics.language import Language
from guiju.report.gaps import gap_rows
from guiju.report.model import ScorecardView
from guiju.report.numbers import short, shown
from guiju.report.quality import figure_rows
from guiju.report.results import child_lines, result_rows
from guiju.report.standing import checks_hint, checks_line, claim_rows, grade_view, remarks
from guiju.report.tree import indicator_rows, unit
from guiju.report.wording import Wording, report_words

Data = Mapping[str, Any]
_MOST_GAPS = 10  # groups of results
_ORIGINS = ("illustrative", "public", "measured", "calculated", "default", "child", "unsaid")
_BASES = ("stated", "sibling", "proposed")


def scorecard(data: Data, lang: Language) -> ScorecardView:
    """The scorecard of an assessment."""
    say = report_words(lang)
    subject_line, case_line = _heading(data["case"], say)
    case, subject, gaps = data["case"], data["case"]["subject"], gap_rows(data, say)
    return ScorecardView(
        lang=lang,
        banner=_banner(data, say),
        subject=subject_line,
        case_title=case_line,
        facts=_facts(data, say),
        built_on=_title(subject.get("built_on"), say),
        ruleset_title=say.title(data["ruleset"]["title"]),
        ruleset_line=_ruleset(data["ruleset"], say),
        period_line=_period(case, say),
        grade=grade_view(data, say),
        figures=figure_rows(data, say),
        indicators=indicator_rows(data, say),
        results=result_rows(data, say),
        claims=claim_rows(data, say),
        checks_line=checks_line(data, say),
        checks_hint=checks_hint(data, say),
        remarks=remarks(data, say),
        gaps=tuple(gaps[:_MOST_GAPS]),
        more_gaps=say("more", count=len(gaps) - _MOST_GAPS) if len(gaps) > _MOST_GAPS else "",
        inputs_line=_inputs(data["summary"], say),
        evidence_line=_evidence(data["summary"], say),
        defaults_line=_defaults(data, say),
        rules_line=_rules(data["summary"], say),
        children=child_lines(data, say),
        tables=tuple(_table(name, entry) for name, entry in data["ruleset"]["tables"].items()),
        engine_line=say("made_by", name=data["engine"]["name"], version=data["engine"]["version"]),
    )


def _facts(data: Data, say: Wording) -> tuple[tuple[str, str], ...]:
    """What the case says of its subject, by the titles of the ruleset where it has them."""
    titles = data.get("report", {}).get("facts", {})
    facts = data["case"]["subject"].get("facts", {})
    return tuple((say.title(titles[name]) if name in titles else str(name), str(text)) for name, text in facts.items())


def _defaults(data: Data, say: Wording) -> str:
    """What was not handed in and stands at its default, with the value: it may be to the good."""
    taken = [data["nodes"][name] for name in data["summary"]["defaults"] if name in data["nodes"]]
    named = [f"{say.title(node['title'])} {_default(node, say)}" for node in taken]
    return str(say("list_separator")).join(named)


def _default(node: Data, say: Wording) -> str:
    value = node["value"]
    if value in node.get("choices", {}):
        return say.title(node["choices"][value])
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if value is None or not re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        return str(value)
    return " ".join(filter(None, [shown(str(value), say.lang), unit(node["unit"], say)]))


def _title(words: Any, say: Wording) -> str:
    return say.title(words) if isinstance(words, Mapping) else str(words or "")


def _heading(case: Data, say: Wording) -> tuple[str, str]:
    """Whose case it is, and its title where that says more; said once where the title begins with the name."""
    name, title = _title(case["subject"].get("name"), say), _title(case["title"], say)
    if title.startswith(name):
        return title or case["id"], ""
    return name, title


def _banner(data: Data, say: Wording) -> str:
    """Said first wherever something was invented, here or in what was taken from."""
    summary = data["summary"]
    if not summary["illustrative"]:
        return ""
    below = sum(bool(child["illustrative"]) for child in data.get("children", ()))
    invented = summary["inputs_by_origin"].get("illustrative", "0")
    facts = {"inputs": summary["inputs"], "proposed": summary["rules_by_basis"].get("proposed", "0")}
    if below:
        return say("banner_children", children=below, invented=invented, **facts)
    return say("banner", invented=invented, **facts)


def _ruleset(ruleset: Data, say: Wording) -> str:
    parts = [f"{ruleset['id']}@{ruleset['version']}", say.known(f"status_{ruleset['status']}", ruleset["status"])]
    if ruleset["variant"]:
        parts.append(say("variant", variant=ruleset["variant"]))
    return " · ".join([*parts, say("fingerprint", mark=short(ruleset["fingerprint"]))])


def _period(case: Data, say: Wording) -> str:
    return " · ".join(
        [
            say("period", start=case["period"]["from"], end=case["period"]["to"]),
            say.known(f"role_{case['role']}", case["role"]),
        ]
    )


def _inputs(summary: Data, say: Wording) -> str:
    parts = [
        say(f"origin_{name}", count=summary["inputs_by_origin"][name])
        for name in _ORIGINS
        if name in summary["inputs_by_origin"]
    ]
    return say("inputs", count=summary["inputs"], parts=say("list_separator").join(parts)) if parts else ""


def _evidence(summary: Data, say: Wording) -> str:
    """How much of what needs evidence has it; an older assessment does not say."""
    return say("evidence_share", **summary["evidence"]) if "evidence" in summary else ""


def _rules(summary: Data, say: Wording) -> str:
    bases = summary["rules_by_basis"]
    parts = [f"{say(f'basis_{name}')} {bases[name]}" for name in _BASES if name in bases]
    return " · ".join(parts)


def _table(name: str, entry: Data) -> str:
    return f"{name} = {entry['ref']} ({short(entry['fingerprint'])})"
