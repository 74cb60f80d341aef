"""Runs a bad ruleset or case: the base ruleset with the folder's files laid over it, taken through the whole pipeline.

Files of a folder: `case.yaml` is data for the base ruleset, `tests.yaml` a test of it, `lock.yaml` lies beside the rulesets,
`tables/` holds external tables, `versions/<id>/<version>/` further rulesets, `mines/` what rows of
the case take from; every other YAML file is a file of the ruleset,
instead of the base file of the same name.
`expect.json` may name files to leave out (`without`), another reference (`ref`), a day (`on`),
a variant to plan before the case is read (`plan`), a folder with the files of the evidence (`folder`).
`«text×count»` in a file stands for that many repetitions.
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from guiju import api, pipeline
from guiju.diagnostics.finding import Finding, Found, Place
from guiju.evaluation.describe import describe
from guiju.evaluation.nodes import causes
from guiju.evaluation.run import Assessment
from guiju.evaluation.trials import run_trials
from guiju.intake.evidence import register

BASE = Path(__file__).parent / "base"
RULESET = Path("rulesets/base/1.0")
ROOTS = [Path("rulesets")]
VERSIONS = "versions"
NOT_RULESET = {
    "case.yaml": Path("case.yaml"),
    "lock.yaml": Path("rulesets/lock.yaml"),
    "tests.yaml": RULESET / "tests/tests.yaml",
}
_REPEAT = re.compile(r"«(.*?)×(\d+)»")


def run(folder: Path, found: Found) -> None:
    """All findings of the folder, with the files named as they lie in it; what could not be computed counts as one too."""
    expect = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    own = Found()
    with laid_out(folder, expect.get("without", ())):
        assessment = _pipeline(folder, expect, own)
        if assessment is not None:
            own.extend(_gaps(assessment))
    found.extend(_renamed(finding) for finding in own.findings)


@contextlib.contextmanager
def laid_out(folder: Path, without: Any = ()) -> Iterator[None]:
    """The working directory is one in which rulesets/base/1.0 and case.yaml lie as the folder wants them."""
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        for source in (BASE, folder):
            for path in sorted(source.rglob("*.yaml")):
                name = path.relative_to(source).as_posix()
                if name not in without:
                    target = _target(name)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)
        for path in sorted(Path().rglob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            if "«" in text:
                path.write_text(repeated(text), encoding="utf-8")
        before = os.environ.get("GUIJU_CACHE")
        os.environ["GUIJU_CACHE"] = "cache"
        try:
            yield
        finally:
            os.environ.pop("GUIJU_CACHE")
            if before is not None:
                os.environ["GUIJU_CACHE"] = before


def repeated(text: str) -> str:
    return _REPEAT.sub(lambda match: match[1] * int(match[2]), text)


def _target(name: str) -> Path:
    if name in NOT_RULESET:
        return NOT_RULESET[name]
    if name.startswith(f"{VERSIONS}/"):
        return Path("rulesets") / name.removeprefix(f"{VERSIONS}/")
    if name.startswith("mines/"):
        return Path(name)
    return Path("rulesets") / name if name.startswith("tables/") else RULESET / name


def _pipeline(folder: Path, expect: dict[str, Any], found: Found) -> Assessment | None:
    """What `validate`, `test` and `evaluate` do, or, where a plan is named, the Python interface."""
    if "plan" in expect:
        found.extend(_interface(expect["plan"]))
        return None
    ruleset = pipeline.read_ruleset(expect.get("ref", "base@1.0"), ROOTS, found, expect.get("on"))
    if ruleset is None:
        return None
    if (folder / "case.yaml").exists():
        assessment = pipeline.assess(Path("case.yaml"), ROOTS, pipeline.Wish(), found)
        if assessment is not None:
            json.dumps(describe(assessment))
        if assessment is not None and "folder" in expect:
            register(assessment.case, assessment.plan, folder / expect["folder"], found)
        return assessment
    pipeline.all_plans(ruleset, found)
    if (folder / "tests.yaml").exists():
        list(run_trials(RULESET, ruleset, found))
    return None


def _interface(variant: str) -> tuple[Finding, ...]:
    """The case of the folder under a plan of this variant."""
    made = api.prepare(api.load("base@1.0", rulesets="rulesets"), variant)
    try:
        return api.evaluate(made, "case.yaml").findings
    except api.Refused as refused:
        return refused.findings


def _gaps(assessment: Assessment) -> Iterator[Finding]:
    """Why nodes could not be computed, each as a finding at the node where it began."""
    for record in assessment.records:
        for cause in causes(assessment, record):
            node = assessment.plan.nodes.get(cause["origin"])
            place = node.place if node else assessment.plan.collections[cause["origin"]].place
            yield Finding(cause["code"], place, tuple(cause["facts"].items()))


def _renamed(finding: Finding) -> Finding:
    place = finding.place and _shorter(finding.place)
    return replace(finding, place=place, related=tuple((what, _shorter(where)) for what, where in finding.related))


def _shorter(place: Place) -> Place:
    """As the file is called in the folder of the example."""
    file = place.file
    back = {str(target): name for name, target in NOT_RULESET.items()}
    own = file.removeprefix(f"{RULESET.as_posix()}/")
    if own.startswith("rulesets/") and not own.startswith("rulesets/tables/"):
        own = own.replace("rulesets", VERSIONS, 1)
    return replace(place, file=back.get(file) or own.removeprefix("rulesets/"))


def line_of(folder: Path, file: str, line: int) -> str | None:
    """A line of a file of the example, or of the base ruleset."""
    for source in (folder, BASE):
        path = source / file
        if path.is_file():
            lines = repeated(path.read_text(encoding="utf-8", errors="replace")).splitlines()
            return lines[line - 1] if line <= len(lines) else None
    return None
