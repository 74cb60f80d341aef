"""Plan → Layout: a sheet of inputs for every first-level indicator, one for what several need, one per collection, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from guiju.formula.numbers import plain
from guiju.plan.graph import rests_on
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.model import Collection, Indicator, Input, Words
from guiju.workbook.choices import OF_DETAIL, ROLES, TRUTHS, checks_of, head_of, kinds_of, options_of, tables_of
from guiju.workbook.model import DETAILS, OF_NUMBERS, WHOLE_ROW, Column, Layout, Line, Option, Page
from guiju.workbook.remarks import asked, limits, proof
from guiju.workbook.remarks import remark as told
from guiju.workbook.words import both, words

_LONGEST_NAME = 31  # of a sheet
_NOT_IN_NAMES = str.maketrans("[]:*?/\\'", "()______")
GENERAL = "general"


def layout(plan: Plan) -> Layout:
    """All sheets. Names of sheets are made unlike each other."""
    pages = [
        Page("cover", "cover", "", words("cover"), ()),
        _about(plan),
        Page("facts", "facts", "", words("facts"), (Column("name", words("name"), 28), Column("text", words("text"), 70)), hint=words("hint-facts")),
        *_inputs(plan),
        *(_rows(collection, plan) for collection in plan.collections.values()),
        _evidence(plan),
        *([_settled(plan)] if plan.checks else []),
        _details(plan),
        _rubric(plan),
    ]  # fmt: skip
    identity = plan.ruleset
    return Layout(identity.ref, identity.fingerprint, plan.variant or "", tuple(_named(pages)))


def _named(pages: Iterable[Page]) -> Iterator[Page]:
    taken: set[str] = set()
    for page in pages:
        whole = both(page.title).translate(_NOT_IN_NAMES).strip()
        name, count = _cut(whole), 1
        while name.casefold() in taken or name.casefold() == "history":  # Excel keeps that one for itself
            count += 1
            tail = f" {count}"
            name = whole[: _LONGEST_NAME - len(tail)].strip() + tail
        taken.add(name.casefold())
        yield replace(page, name=name)


def _cut(name: str) -> str:
    """As many whole words as a sheet's name may hold; what is cut is marked."""
    if len(name) <= _LONGEST_NAME:
        return name
    head = name[:_LONGEST_NAME]
    return (head.rpartition(" ")[0].rstrip() or head[:-1]) + "…"


def _about(plan: Plan) -> Page:
    columns = (
        Column("name", words("name"), 20, locked=True),
        Column("title", words("title"), 34, locked=True),
        Column("value", words("value"), 60),
        Column("asked", words("asked"), 24, locked=True),
    )
    lines = [
        _field("ruleset", words("ruleset"), True, value=plan.ruleset.ref),
        *([_field("variant", words("variant"), True, value=plan.variant)] if plan.variant else []),
        _field("id", words("case-id"), True),
        *_twice("title", words("case-title"), True),
        _field("role", words("role"), True, ROLES),
        *_twice("subject.name", words("subject-name"), True),
        _field("subject.illustrative", words("illustrative"), False, TRUTHS),
        *_twice("subject.built_on", words("built-on"), False),
        _field("period.from", words("period-from"), True),
        _field("period.to", words("period-to"), True),
        *_twice("report.client", words("client"), False),
        *_twice("report.assessor", words("assessor"), False),
        _field("report.date", words("report-date"), False),
        _field("report.number", words("report-number"), False),
        *_twice("report.aim", words("aim"), False),
    ]
    for name, table in plan.pinned.items():
        title = words("pinned")
        version = table.ref.partition("@")[2]
        lines.append(
            _field(f"tables.{name}", Words(f"{title.zh}：{name}", f"{title.en}: {name}"), False, default=version)
        )
    return Page("case", "about", "", words("about"), columns, tuple(lines))


def _field(
    name: str, title: Words, required: bool, options: tuple[Option, ...] = (), value: str = "", default: str = ""
) -> Line:
    need = both(words("required" if required else "optional"))
    if name.endswith((".zh", ".en")):
        need = f"{need}\n{both(words('one-language'))}"
    if default:
        need += " · " + both(words("default")).replace("{}", default)
    cells = {"name": name, "title": both(title, "\n"), "asked": need}
    values = {"value": value} if value else {}
    return Line(cells, None, {"value": options} if options else {}, values, required=required)


def _twice(name: str, title: Words, required: bool) -> list[Line]:
    return [
        _field(f"{name}.{lang}", Words(title.zh + words(f"in-{lang}").zh, title.en + words(f"in-{lang}").en), required)
        for lang in ("zh", "en")
    ]


def _inputs(plan: Plan) -> Iterator[Page]:
    """The inputs that one first-level indicator alone rests on, sheet by sheet; first those that several rest on, or none."""
    blocks = _blocks(plan)
    needs = {node.id: node.needs for node in plan.nodes.values()}
    reach = {name: rests_on(needs, f"{name}.score") for name in blocks if f"{name}.score" in plan.nodes}
    home: dict[str, list[Input]] = {GENERAL: [], **{name: [] for name in blocks}}
    for item in plan.inputs.values():
        asking = [name for name, below in reach.items() if item.id in below]
        home[asking[0] if len(asking) == 1 else GENERAL].append(item)
    for name, items in home.items():
        if items:
            title = words("general") if name == GENERAL else _numbered(blocks[name])
            yield Page(f"inputs.{name}", "inputs", "", title, _input_columns(), tuple(_input(i, plan) for i in items))


def _blocks(plan: Plan) -> dict[str, Indicator]:
    roots = plan.children.get("", ())
    return {name: plan.indicators[name] for root in roots for name in plan.children.get(root, ())}


def _numbered(indicator: Indicator) -> Words:
    number = f"{indicator.no} " if indicator.no else ""
    return Words(number + indicator.title.zh, indicator.title.en)


def _input_columns() -> tuple[Column, ...]:
    return (
        Column("name", words("name"), 22, locked=True),
        Column("title", words("title"), 38, locked=True),
        Column("value", words("value"), 22),
        Column("unit", words("unit-used"), 12),
        Column("own_unit", words("unit"), 12, locked=True),
        Column("asked", words("asked"), 20, locked=True),
        Column("range", words("range"), 12, locked=True),
        Column("proof", words("proof"), 28, locked=True),
        *(_detail(name) for name in DETAILS),
    )


def _detail(name: str, prefix: str = "", title: Words | None = None) -> Column:
    width = {"origin": 16, "source": 24, "evidence": 22, "note": 28, "reason": 24, "uncertainty": 16}.get(name, 12)
    remark = both(words("ids-of-evidence"), "\n") if name == "evidence" else ""
    return Column(f"{prefix}{name}", title or detail_title(name), width, options=OF_DETAIL.get(name, ()), remark=remark)


def detail_title(name: str) -> Words:
    return words("evidence-ids" if name == "evidence" else name)


def _input(item: Input, plan: Plan) -> Line:
    options = {"value": options_of(item, plan)}
    closed: frozenset[str] = frozenset()
    if item.unit is None:
        closed = frozenset(("unit", *OF_NUMBERS))
    else:
        options["unit"] = units_of(item, plan)
    cells = {
        "name": item.id,
        "title": both(item.title, "\n"),
        "own_unit": item.unit if item.unit not in (None, "1") else "",
        "asked": asked(item),
        "range": limits(item),
        "proof": proof(item, plan),
    }
    return Line(cells, item, options, {}, closed, told(item, plan), item.required)


def units_of(item: Input, plan: Plan) -> tuple[Option, ...]:
    """The unit of an input and those that are of its dimension."""
    return tuple(Option(unit) for unit in plan.measures.alike(item.unit or "1"))


def _rows(collection: Collection, plan: Plan) -> Page:
    columns: list[Column] = []
    if collection.rulesets:
        columns += [Column("case", words("of-case"), 24), Column("assessment", words("of-assessment"), 24)]
    for item in collection.columns.values():
        width = 26 if item.type in ("text", "choice") else 16
        columns.append(
            Column(item.id, head_of(item), width, item=item, options=options_of(item, plan), remark=told(item, plan))
        )
        if item.unit is not None:
            columns.append(Column(f"{item.id}.unit", words("unit-used"), 10, options=units_of(item, plan)))
    whole = words("of-row")
    for name in DETAILS:
        title = detail_title(name)
        columns.append(_detail(name, f"{WHOLE_ROW}.", Words(f"{whole.zh}：{title.zh}", f"{title.en} {whole.en}")))
    return Page(collection.id, "rows", "", collection.title, tuple(columns), hint=words("hint-rows"))


def _evidence(plan: Plan) -> Page:
    kinds = kinds_of(plan)
    columns = (
        Column("name", words("name"), 20, remark=both(words("evidence-id"), "\n")),
        Column("kind", words("kind"), 34, options=kinds),
        Column("title.zh", words("title-zh"), 34, remark=both(words("one-title"), "\n")),
        Column("title.en", words("title-en"), 34, remark=both(words("one-title"), "\n")),
        Column("file", words("file"), 28),
        Column("sha256", words("sha256"), 24),
        Column("date", words("date"), 12),
        Column("origin", words("obtained"), 26),
        Column("page", words("page"), 16),
        Column("note", words("note"), 30),
    )
    return Page("evidence", "evidence", "", words("evidence"), columns, hint=words("hint-evidence"))


def _settled(plan: Plan) -> Page:
    columns = (
        Column("check", words("check"), 52, options=checks_of(plan)),
        Column("row", words("check-row"), 26),
        Column("by", words("settled-by"), 24),
        Column("on", words("date"), 12),
        Column("reason", words("settled-reason"), 60),
    )
    return Page("settled", "settled", "", words("settled"), columns, hint=words("hint-settled"))


def _details(plan: Plan) -> Page:
    columns = (
        Column("table", words("table"), 26, options=tables_of(plan)),
        Column("row", words("row"), 26, remark=both(words("which-row"), "\n")),
        Column("column", words("column"), 20, remark=both(words("which-column"), "\n")),
        *(_detail(name) for name in DETAILS),
    )
    return Page("details", "details", "", words("details"), columns, hint=words("hint-details"))


def _rubric(plan: Plan) -> Page:
    names = (("no", 8), ("indicator", 36), ("item", 30), ("input", 26), ("level", 34), ("points", 10), ("needs", 44))
    columns = tuple(Column(name, words(name), width, locked=True) for name, width in names)
    lines = [Line(cells) for indicator in plan.indicators.values() for cells in _levels(indicator, plan)]
    return Page("rubric", "rubric", "", words("rubric"), columns, tuple(lines), words("hint-rubric"))


def _levels(indicator: Indicator, plan: Plan) -> Iterator[dict[str, str]]:
    fields = Fields(indicator.node)
    score = Fields(fields.map["score"]) if "score" in fields else None
    if score is None or score.text("kind") not in ("rubric", "checklist"):
        return
    items = list(score.entries("items")) if "items" in score else [None]
    for entry in items:
        name = f"{indicator.id}_{'level' if entry is None else entry[0]}"
        item = None if entry is None else entry[1].words("title")
        for level, texts, _ in score.entries("levels"):
            title = texts.words("title")
            kinds = [both(plan.evidence[kind]) for kind in texts.texts("evidence") if kind in plan.evidence]
            points = scalar(texts.get("score") or texts.get("points"))
            yield {
                "no": indicator.no,
                "indicator": both(indicator.title, "\n"),
                "item": both(item, "\n") if item else "",
                "input": name,
                "level": Option(level, title).label,
                "points": plain(points),
                "needs": "\n".join(kinds),
            }
