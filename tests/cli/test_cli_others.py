"""rulesets, test, graph, new, demo."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command_line import Guiju

from guiju import places
from guiju.cli.commands import demo


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# ---- rulesets


def test_rulesets_lists_versions_and_where_they_lie(guiju: Guiju, own: Path) -> None:
    for lang, status, title in (("en", "published", "Human Development Index"), ("zh", "已发布", "人类发展指数")):
        done = guiju("rulesets", "--lang", lang)
        assert done.status == 0
        assert re.search(rf"(?m)^  hdi +2021 +{status} +2022-09-08 +2022-09-08 +{title}", done.out)
        assert re.search(r"(?m)^  own +0\.1 ", done.out)
        assert re.search(r"(?m)^  grid-cn +2023 ", done.out)
        assert done.out.index("own") < done.out.index("hdi")  # ./rulesets comes before the shipped ones


def test_rulesets_without_any(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guiju.cli.setting.ruleset_roots", lambda *_: ())
    done = guiju("rulesets")
    assert done.status == 1
    assert "no rulesets found" in done.err


def test_rulesets_shows_broken_ones_too(guiju: Guiju, own: Path) -> None:
    (own / "ruleset.yaml").write_text("{", encoding="utf-8")
    done = guiju("rulesets")
    assert done.status == 0
    assert re.search(r"(?m)^  own +0\.1 +\?", done.out)


# ---- test


def test_tests_pass(guiju: Guiju, own: Path) -> None:
    done = guiju("test", "own@0.1")
    assert done.status == 0
    assert "ok  example  The example" in done.out
    assert "3 passed, 0 failed (9 values compared)" in done.out
    assert "derived 3/3" in done.out
    assert done.err == ""
    assert "通过  example  示例单位" in guiju("test", "own@0.1", "--lang", "zh").out


def test_a_failing_test_says_wanted_and_got(guiju: Guiju, own: Path) -> None:
    edit(own / "data.yaml", "expr: amount * factor", "expr: amount * factor * 2")
    for lang, words in (("en", "emission_total: wanted 350, got 700"), ("zh", "emission_total：应为 350，实为 700")):
        done = guiju("test", "own@0.1", "--lang", lang)
        assert done.status == 1
        assert words in done.out
        assert re.search(r"tests/example\.yaml:\d+\)", done.out)
    assert "FAILED  example" in guiju("test", "own@0.1", "-q").out
    assert "ok  no-output" not in guiju("test", "own@0.1", "-q").out


def test_a_test_that_is_wrong_itself(guiju: Guiju, own: Path) -> None:
    edit(own / "tests" / "example.yaml", "emission_total: {value: 350", "emision_total: {value: 350")
    done = guiju("test", "own@0.1")
    assert done.status == 1
    assert "trial.unknown-node" in done.err


def test_no_tests(guiju: Guiju, own: Path) -> None:
    shutil.rmtree(own / "tests")
    done = guiju("test", "own@0.1")
    assert done.status == 1
    assert "has no tests" in done.err


def test_test_of_nothing(guiju: Guiju) -> None:
    assert guiju("test", "nope@1").status == 1


def test_published_results_are_counted_apart(guiju: Guiju) -> None:
    done = guiju("test", "hdi@2021", "-q")
    assert done.status == 0
    assert "191 passed, 0 failed (382 values compared)" in done.out
    assert "published 191/191" in done.out


# ---- graph


def test_graph_as_a_tree(guiju: Guiju, own: Path) -> None:
    done = guiju("graph", "own@0.1", "intensity", "--variant", "light")
    assert done.status == 0
    assert done.out.splitlines()[0] == "Emission intensity (kgCO2e/t)  intensity"
    assert "`- Output (t)  output" in done.out
    assert "energies.amount" in done.out
    assert "energies.amount" not in guiju("graph", "own@0.1", "intensity", "--variant", "light", "--depth", "1").out


def test_graph_the_other_way(guiju: Guiju, own: Path) -> None:
    out = guiju("graph", "own@0.1", "output", "--variant", "light", "--down", "--depth", "2").out
    assert re.findall(r"  (\S+)$", out, re.MULTILINE) == ["output", "intensity", "low_emission.value"]


def test_graph_of_the_whole(guiju: Guiju) -> None:
    assert guiju("graph", "hdi@2021").out.startswith("Human development group  grade.result\n")
    assert "人类发展水平分组" in guiju("graph", "hdi@2021", "--lang", "zh").out


def test_graph_as_data(guiju: Guiju, own: Path) -> None:
    done = guiju("graph", "own@0.1", "emission_total", "--variant", "light", "-o", "x.json")
    assert done.status == 0
    data = json.loads(Path("x.json").read_text(encoding="utf-8"))
    assert data["ends"] == ["emission_total"]
    assert {node["id"]: node["kind"] for node in data["nodes"]} == {
        "energies.amount": "column", "energies.factor": "column", "energies.emission": "formula", "emission_total": "formula",
    }  # fmt: skip
    assert {"from": "energies.emission", "to": "emission_total"} in data["edges"]
    assert len(data["edges"]) == 3


def test_graph_for_graphviz(guiju: Guiju, own: Path) -> None:
    edit(own / "data.yaml", "en: Output}", 'en: "Out \\"put\\" \\\\ x"}')
    assert guiju("graph", "own@0.1", "intensity", "--variant", "light", "-o", "x.dot").status == 0
    text = Path("x.dot").read_text(encoding="utf-8")
    assert text.startswith("digraph")
    assert '"output" -> "intensity";' in text
    assert r'label="Out \"put\" \\ x\noutput"' in text


@pytest.mark.parametrize(
    "args", [("hdi@2021",), ("hdi@2021", "education"), ("own@0.1", "grade", "--variant", "heavy", "--all")]
)
def test_graph_as_a_picture(args: tuple[str, ...], guiju: Guiju, own: Path) -> None:
    edit(own / "data.yaml", "en: Output}", "en: 'Output <&>'}")
    assert guiju("graph", *args, "-o", "x.svg", "--lang", "en").status == 0
    root = ET.parse("x.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    boxes = [box for box in root.iter(f"{space}rect") if box.find(f"{space}title") is not None]
    assert len(boxes) > 5
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for box in boxes:
        x, y, w, h = (float(box.get(name, -1)) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= width
        assert 0 <= y <= y + h <= height


def test_graph_says_what_it_needs(guiju: Guiju, own: Path) -> None:
    assert "variant.none-chosen" in guiju("graph", "own@0.1").err
    assert guiju("graph", "own@0.1").status == 1
    done = guiju("graph", "own@0.1", "intensty", "--variant", "light")
    assert done.status == 2
    assert "did you mean intensity?" in done.err
    for lang, words in (("en", "unknown kind of file '.png'"), ("zh", "不认识文件类型“.png”")):
        done = guiju("graph", "hdi@2021", "-o", "x.png", "--lang", lang)
        assert done.status == 2
        assert words in done.err
    assert guiju("graph", "hdi@2021", "-o", "no/such/x.svg").status == 2


# ---- new


def test_new_works_at_once(guiju: Guiju) -> None:
    for lang, name in (("en", "mine-a"), ("zh", "b_2")):
        done = guiju("new", name, "--lang", lang)
        assert done.status == 0
        for line in re.findall(r"(?m)^  guiju (.*)$", done.out):
            assert guiju(*line.split()).status == 0, line


def test_new_elsewhere(guiju: Guiju) -> None:
    done = guiju("new", "x", "-o", "far/away")
    for line in re.findall(r"(?m)^  guiju (.*)$", done.out):
        assert "--rulesets far/away" in line
        assert guiju(*line.split()).status == 0, line


def test_new_leads_the_editor_to_the_schemas(own: Path) -> None:
    for path in own.rglob("*.yaml"):
        head = path.read_text(encoding="utf-8").split("\n", 1)[0]
        target = path.parent / head.removeprefix("# yaml-language-server: $schema=")
        assert target.resolve().is_file()
        assert target.resolve().parent == places.schema_file("case-1").parent


def test_new_has_comments_in_both_languages(own: Path) -> None:
    for path in own.glob("*.yaml"):
        comments = [line for line in path.read_text(encoding="utf-8").splitlines()[1:] if line.lstrip().startswith("#")]
        assert any(re.search(r"[\u4e00-\u9fff]", line) for line in comments), path
        assert any(re.match(r" *# [ -~]+$", line) for line in comments), path


def test_new_overwrites_nothing(guiju: Guiju, own: Path) -> None:
    edit(own / "data.yaml", "value: 200", "value: 201")
    done = guiju("new", "own")
    assert done.status == 2
    assert "already there" in done.err
    assert "value: 201" in (own / "data.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["A", "1x", "a b", "a/b", "../x", "tables", "", "ä", "规则"])
def test_new_takes_only_plain_ids(name: str, guiju: Guiju) -> None:
    for lang, words in (("en", "cannot be an id"), ("zh", "不能作标识")):
        done = guiju("new", name, "--lang", lang)
        assert done.status == 2
        assert words in done.err
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("name", ["no", "null", "on", "true"])
def test_new_with_an_id_that_yaml_would_take_for_something_else(name: str, guiju: Guiju) -> None:
    assert guiju("new", name).status == 0
    assert guiju("validate", f"{name}@0.1").status == 0


# ---- demo


def test_demo(guiju: Guiju) -> None:
    """The files are there, what is to be tried next can be tried; a second run keeps what was changed."""
    done = guiju("demo", "--lang", "en")
    assert done.status == 0, done.err
    assert done.out.startswith("illustrative: ")
    assert "Try next:" in done.out
    assert "--lang" not in done.out, "the locale says so already"
    for line in re.findall(r"(?m)^  guiju (.*?)(?:  .*)?$", done.out):
        assert guiju(*line.split()).status == 0, line
    folder = Path("guiju-demo")
    assert json.loads((folder / "underground.json").read_text(encoding="utf-8"))["grade"]["computed"]
    head = (folder / "underground.yaml").read_text(encoding="utf-8").split("\n", 1)[0]
    assert (folder / head.partition("=")[2]).resolve() == places.schema_file("case-1"), "editors find the schema"
    for name in ("report.en.html", "report.en.docx", "report.en.pdf", "book.en.html", "workbook.xlsx"):
        assert f"underground.{name}" in done.out
        assert (folder / f"underground.{name}").stat().st_size > 10_000
    assert guiju("verify", "guiju-demo/underground.zip").status == 0

    edit(folder / "underground.yaml", "示例一号井工煤矿", "改过的煤矿")
    done = guiju("demo", "--lang", "zh")
    assert done.out.startswith("示例：")
    assert "接下来可以试试：" in done.out
    tries = re.findall(r"(?m)^  (guiju .*?)(?:  .*)?$", done.out)
    assert tries
    assert all(line.endswith(" --lang zh") for line in tries)
    assert "改过的煤矿" in done.out
    assert "未覆盖" in done.out
    assert "改过的煤矿" in (folder / "underground.report.zh.html").read_text(encoding="utf-8")


def test_demo_where_nothing_can_be_written(guiju: Guiju) -> None:
    Path("guiju-demo").write_text("in the way")
    done = guiju("demo")
    assert done.status == 2
    assert "cannot write guiju-demo" in done.err


def test_demo_of_an_incomplete_installation(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "EXAMPLE", ("nope", "1"))
    done = guiju("demo")
    assert done.status == 3
    assert "incomplete" in done.err


# ---- comments


COMMENTS = """comments:
  c1:
    from: {zh: 甲单位, en: Company A}
    on: "5.2"
    text: {zh: 限值过宽, en: The limit is too wide}
    received: "2025-03-01"
    settled: accepted
    how: {zh: 改为百分之八, en: Set to eight percent}
    changed: [grade]
    version: "0.1"
  c2:
    from: {zh: 乙单位, en: Company B}
    on: {zh: 全文, en: All of it}
    text: {zh: 文字宜精简, en: Use fewer words}
    settled: open
"""


def test_comments_as_a_table(guiju: Guiju, own: Path) -> None:
    (own / "comments.yaml").write_text(COMMENTS, encoding="utf-8")
    done = guiju("comments", "own@0.1")
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0] == "own@0.1: 2 comments (accepted 1, accepted in part 0, not accepted 0, open 1)"
    assert lines[1].split() == ["id", "clause", "comment", "from", "settled", "and", "why"]
    assert re.search(r"(?m)^  c1 +5\.2 +The limit is too wide +Company A +accepted: Set to eight percent$", done.out)
    assert re.search(r"(?m)^ +2025-03-01 +changed: grade$", done.out)
    assert re.search(r"(?m)^  c2 +All of it +Use fewer words +Company B +open$", done.out)
    assert max(map(len, lines)) <= 100
    zh = guiju("comments", "own@0.1", "--lang", "zh").out
    assert zh.startswith("own@0.1：共 2 条意见（采纳 1、部分采纳 0、未采纳 0、待处理 1）\n")
    assert re.search(r"(?m)^  c1 +5\.2 +限值过宽 +甲单位 +采纳：改为百分之八$", zh)


def test_comments_as_data(guiju: Guiju, own: Path) -> None:
    (own / "comments.yaml").write_text(COMMENTS, encoding="utf-8")
    data = json.loads(guiju("comments", "own@0.1", "--format", "json").out)
    assert data["ruleset"] == "own@0.1"
    assert data["count"] == {"accepted": 1, "partly": 0, "rejected": 0, "open": 1}
    first, second = data["comments"]
    assert (first["id"], first["changed"], first["on"]) == ("c1", ["grade"], {"zh": "5.2", "en": "5.2"})
    assert (second["how"], second["received"], second["from"]["zh"]) == (None, None, "乙单位")


def test_no_comments_and_no_ruleset(guiju: Guiju, own: Path) -> None:
    done = guiju("comments", "own@0.1")
    assert (done.status, done.out) == (0, "own@0.1 has no comments\n")
    assert guiju("comments", "nope@1").status == 1
    (own / "comments.yaml").write_text(COMMENTS.replace("[grade]", "[gradee]"), encoding="utf-8")
    done = guiju("comments", "own@0.1")
    assert done.status == 1
    assert "schema.pattern" in done.err


# ---- extends


def test_lists_show_which_version_is_extended(guiju: Guiju, own: Path) -> None:
    later = own.parent / "0.2"
    later.mkdir()
    text = 'format: 1\nid: own\nversion: "0.2"\ntitle: {zh: 二, en: Second}\nstatus: draft\nextends: own@0.1\n'
    (later / "ruleset.yaml").write_text(text, encoding="utf-8")
    out = guiju("rulesets").out
    assert re.search(r"(?m)^  id +version +status +issued +effective +extends +title$", out)
    assert re.search(r"(?m)^  own +0\.2 +draft +own@0\.1 +Second$", out)
    mark = json.loads(guiju("validate", "own@0.1", "--format", "json").out)["locks"][0]["fingerprint"]
    assert f"  extends own@0.1 ({mark.partition(':')[2][:12]})\n" in guiju("validate", "own@0.2").out
    data = json.loads(guiju("validate", "own@0.2", "--format", "json").out)
    assert data["extends"] == [{"ref": "own@0.1", "fingerprint": mark}]
    case = own / "cases" / "example.yaml"
    assert guiju("evaluate", case, "--ruleset", "own@0.2", "-o", "two.json").status == 0
    shown = guiju("explain", "two.json", "emission_total").out
    assert "own@0.1/data.yaml:" in shown


def test_what_is_noted_of_children_says_nothing_of_a_test() -> None:
    """The mines of the example group have checks that do not hold; the tests of the group's ruleset are not about them."""
    from guiju.cli.commands.test import run

    result = run("mine-group@2025.1", [Path(__file__).parents[2] / "rulesets"], lambda _count: None)
    assert result.passed
    assert result.findings == ()
