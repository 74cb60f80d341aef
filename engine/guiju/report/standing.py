"""Grade and claims of an assessment → what the scorecard says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guiju.report.model import ClaimRow, ConditionRow, GateRow, GradeView, Mark, Shade
from guiju.report.numbers import beside, ruling, shown
from guiju.report.quality import plus_minus
from guiju.report.tree import unit
from guiju.report.wording import Wording, cause

Data = Mapping[str, Any]
_MOST_ROWS = 12  # keys of rows that are named
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def grade_view(data: Data, say: Wording) -> GradeView | None:
    """The grade with every condition, or None where the ruleset has none."""
    grade = data["grade"]
    if grade is None:
        return None
    conditions = tuple(_condition(entry, say) for entry in grade["preconditions"])
    next_title, needs = _next(data, say)
    return GradeView(
        title=say.title(grade["title"]),
        label=_label(grade, say),
        level="" if not grade["computed"] or grade["refused"] else grade["result"],
        mark="unknown" if not grade["computed"] else "no" if grade["refused"] else "yes",
        shade=_shade(grade),
        headline=_headline(data, say),
        because=_because(grade, say),
        combine=say(f"combine_{grade['combine']}") if _competing(grade) else "",
        gates=tuple(replace(_gate(entry, data, say), unevidenced=_lacking(entry, say)) for entry in grade["gates"]),
        preconditions=conditions,
        unmet=tuple(row for row in conditions if row.mark != "yes"),
        preconditions_line=_all_met(conditions, say),
        next_title=next_title,
        next_needs=needs,
        missing=tuple(cause(entry, say.lang) for entry in grade.get("missing", ())),
    )


def _label(grade: Data, say: Wording) -> str:
    if not grade["label"]:
        return say("not_computed")
    return say.title(grade["label"]) if grade["refused"] else named(grade["result"], say.title(grade["label"]), say)


def _headline(data: Data, say: Wording) -> str:
    """The score of the root."""
    root = next((entry for entry in data["indicators"] if entry["depth"] == 0), None)
    if root is None or root["score"] is None:
        return ""
    bounds = [bound for gate in data["grade"]["gates"] if gate.get("value") == root["score"] for bound in _bounds(gate)]
    rounded = next(
        (gate for gate in data["grade"]["gates"] if gate.get("value") == root["score"] and "compared" in gate), None
    )
    if rounded is not None:
        return f"{say.title(root['title'])} {shown(rounded['compared'], say.lang, rounded['rounding'])}"
    rounding = ruling(data["nodes"].get(f"{root['id']}.score", {}).get("rounding"))
    return f"{say.title(root['title'])} {shown(root['score'], say.lang, rounding) if rounding else beside(root['score'], bounds, say.lang)}"


def named(level: str, label: str, say: Wording) -> str:
    """A level by its label, with its id where that is a mark (AAA) which the label does not hold."""
    held = level != level.upper() or re.search(rf"\b{re.escape(level)}\b", label)
    return label if held else say("label_and_id", label=label, id=level)


def _competing(grade: Data) -> bool:
    return len([entry for entry in grade["gates"] if entry["enabled"]]) > 1


def _shade(grade: Data) -> Shade:
    """Only the best level is green: how good the others are is not for a colour to say."""
    if grade["refused"] or not grade["computed"]:
        return "poor"
    return "good" if grade["result"] == grade["levels"][0]["id"] else "accent"


def _because(grade: Data, say: Wording) -> str:
    """What decided: a precondition that is not met, or the gates that gave the level."""
    titles = {entry["id"]: say.title(entry["title"]) for entry in (*grade["gates"], *grade["preconditions"])}
    names = say("list_separator").join(titles[name] for name in grade["deciding"])
    if not names:
        return ""
    return say("refused_by" if grade["refused"] else "decided_by", names=names)


def label_of(level: str | None, grade: Data, say: Wording) -> str:
    return next(
        (named(entry["id"], say.title(entry["label"]), say) for entry in grade["levels"] if entry["id"] == level),
        level or "",
    )


def _condition(entry: Data, say: Wording) -> ConditionRow:
    mark = _mark(entry["met"])
    basis = say.known(f"basis_{entry['basis']}", "") if entry.get("basis") else ""
    remark = say("basis_of", basis=basis) if basis else ""
    return ConditionRow(say.title(entry["title"]), mark, say(f"met_{mark}"), remark, _lacking(entry, say), basis)


def _lacking(entry: Data, say: Wording) -> str:
    """That it rests on values which lack evidence, and on how many."""
    return say.count("unevidenced", int(entry["unevidenced"])) if "unevidenced" in entry else ""


def _mark(met: bool | None) -> Mark:
    return "unknown" if met is None else "yes" if met else "no"


def _all_met(conditions: tuple[ConditionRow, ...], say: Wording) -> str:
    if not conditions:
        return ""
    met = sum(row.mark == "yes" for row in conditions)
    return (
        say("preconditions_met", met=met, all=len(conditions))
        if met < len(conditions)
        else say("preconditions_all_met", all=met)
    )


def _gate(entry: Data, data: Data, say: Wording) -> GateRow:
    title, basis, grade = say.title(entry["title"]), _basis(entry, say), data["grade"]
    if not entry["enabled"]:
        return GateRow(title, say("gate_off"), "", "", "", "", basis, "off", False, "")
    level, deciding = label_of(entry["level"], grade, say), entry["id"] in grade["deciding"] and not grade["refused"]
    if "bands" not in entry:
        mark = _mark(entry["met"])
        remark = say("gate_cap", level=label_of(entry["cap"], grade, say)) if mark == "no" else ""
        return GateRow(title, say(f"met_{mark}"), "", "", "", level, basis, mark, deciding, remark, hint=remark)
    if entry["value"] is None:
        return GateRow(title, say("not_computed"), "", "", "", "", basis, "unknown", False, "")
    compared = shown(entry["compared"], say.lang, entry["rounding"]) if "compared" in entry else ""
    uncertain, differing = _uncertain(entry, data, say), _differing(entry, grade, say)
    band = next((band["interval"] for band in entry["bands"] if band["level"] == entry["level"]), "")
    return GateRow(
        title=title,
        figure=beside(entry["value"], _bounds(entry), say.lang),
        compared=compared,
        unit=unit(entry["unit"], say),
        band=band.replace("inf", "∞"),
        level=level,
        basis=basis,
        mark="yes",
        deciding=deciding,
        remark=say("semicolon").join(text for text in (uncertain, differing) if text),
        uncertainty=uncertain,
        hint=differing,
    )


def _basis(entry: Data, say: Wording) -> str:
    """The basis of the band that was reached, else of the gate."""
    band = next((band for band in entry.get("bands", ()) if band["level"] == entry.get("level")), entry)
    return say.known(f"basis_{band['basis']}", "")


def _bounds(entry: Data) -> list[str]:
    return [number for band in entry["bands"] for number in _NUMBER.findall(band["interval"])]


def _uncertain(entry: Data, data: Data, say: Wording) -> str:
    """How uncertain the figure is, where that is known."""
    return plus_minus(data["nodes"].get(f"grade.{entry['id']}_value", {}), say)


def _differing(entry: Data, grade: Data, say: Wording) -> str:
    """Where comparing the full value would decide otherwise than comparing the rounded one (GB/T 8170)."""
    if not entry.get("methods_differ"):
        return ""
    other = label_of(entry["level_by_full_value"], grade, say)
    own = "full" if entry["compare"] == "full" else "rounded"
    return say(f"methods_differ_{own}", level=other)


def _next(data: Data, say: Wording) -> tuple[str, tuple[str, ...]]:
    """The next better level, and what each gate still needs."""
    grade = data["grade"]
    entry = grade["next"]
    if entry is None:
        return "", ()
    titles = {gate["id"]: say.title(gate["title"]) for gate in grade["gates"]}
    return label_of(entry["level"], grade, say), tuple(
        _with_lever(_need(need, titles[need["gate"]], say), need, data["nodes"], say) for need in entry["needs"]
    )


def _need(need: Data, title: str, say: Wording) -> str:
    if "gap" not in need:
        return say("need_condition", title=title)
    figure = beside(need["figure"], [need["bound"]], say.lang)
    gap = shown(need["gap"].lstrip("-"), say.lang)
    key = "need_less" if need["gap"].startswith("-") else "need_more" if need["gap"] != "0" else "need_just"
    mark = f" {symbol}" if (symbol := unit(need["unit"], say)) else ""
    return say(key, title=title, figure=figure, gap=gap, unit=mark, band=need["interval"].replace("inf", "∞"))


def _with_lever(text: str, need: Data, nodes: Data, say: Wording) -> str:
    """How much more or less of what moves the figure is needed."""
    if "lever" not in need:
        return text
    node, change = nodes[need["lever"]["node"]], need["lever"]["change"]
    key = "need_lever_less" if change.startswith("-") else "need_lever_more"
    mark = f" {symbol}" if (symbol := unit(node["unit"], say)) else ""
    amount = shown(change.lstrip("-"), say.lang)
    return say(key, text=text, title=say.title(node["title"]), change=amount, unit=mark)


def claim_rows(data: Data, say: Wording) -> tuple[ClaimRow, ...]:
    """Claims, each with the requirements that hold and those that do not."""
    rows = []
    for entry in data["claims"]:
        mark = _mark(entry["holds"])
        requires = tuple(
            ConditionRow(say.title(r["title"]), _mark(r["met"]), say(f"met_{_mark(r['met'])}"), "", _lacking(r, say))
            for r in entry["requires"]
        )
        rows.append(
            ClaimRow(
                say.title(entry["title"]),
                mark,
                say(f"holds_{mark}"),
                say.known(f"basis_{entry['basis']}", ""),
                requires,
            )
        )
    return tuple(rows)


def remarks(data: Data, say: Wording, *, settled: bool = True) -> tuple[ConditionRow, ...]:
    """Plausibility checks that do not hold, or could not be made; of a check per row also the rows. On demand without those
    that a person has settled altogether."""
    rows = []
    for entry in data["checks"]:
        if not settled and entry["holds"] is False and is_settled(entry):
            continue
        mark = _mark(entry["holds"])
        verdict, keys = say(f"check_{mark}"), [str(key) for key in entry.get("rows", ())]
        if keys:
            shown_keys = say("list_separator").join(keys[:_MOST_ROWS])
            more = len(keys) - _MOST_ROWS
            shown_keys = say("and_more", names=shown_keys, count=more) if more > 0 else shown_keys
            verdict = say("check_of_rows", verdict=verdict, rows=shown_keys)
        for said in entry.get("settled", ()) if mark == "no" else ():
            who = say("check_settled", by=say.either(said["by"]), on=said["on"], reason=say.either(said["reason"]))
            about = say("check_of_rows", verdict=who, rows=said["row"]) if "row" in said else who
            verdict = say("check_and", verdict=verdict, settled=about)
        rows.append(ConditionRow(say.title(entry["title"]), mark, verdict, entry["severity"]))
    return tuple(row for row in rows if row.mark != "yes")


def checks_hint(data: Data, say: Wording) -> str:
    """Where the figures of the first check that does not hold are told."""
    failed = [entry["node"] for entry in data["checks"] if entry["holds"] is False and not is_settled(entry)]
    return say("check_hint", node=failed[0]) if failed else ""


def is_settled(entry: Data) -> bool:
    """Whether a person has settled all of a check that does not hold."""
    said = entry.get("settled", ())
    rows = {each["row"] for each in said if "row" in each}
    return any("row" not in each for each in said) or (bool(rows) and {str(key) for key in entry["rows"]} <= rows)


def checks_line(data: Data, say: Wording) -> str:
    every = len(data["checks"])
    passed = sum(entry["holds"] is True for entry in data["checks"])
    if not every:
        return ""
    line = say("checks_all_hold", all=every) if passed == every else say("checks_hold", held=passed, all=every)
    settled = sum(entry["holds"] is False and is_settled(entry) for entry in data["checks"])
    return say("checks_settled", line=line, count=settled) if settled else line
