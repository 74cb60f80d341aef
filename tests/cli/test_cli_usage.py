"""Options, help, wrong usage: said in the chosen language, with status 2."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest
from command_line import ROOT, Guiju, command, environment

import guiju as package
from guiju.cli.main import main

COMMANDS = sorted(p.stem.rstrip("_") for p in (ROOT / "engine/guiju/cli/commands").glob("*.py") if p.stem != "__init__")
HEAVY = ("yaml", "jinja2", "networkx", "jsonschema", "pint", "simpleeval", "decimal", "tempfile", "unicodedata", "json")


def test_the_commands_are_the_files(guiju: Guiju) -> None:
    done = guiju("--help")
    assert done.status == 0
    assert COMMANDS == [
        "book",
        "comments",
        "demo",
        "evaluate",
        "evidence",
        "explain",
        "graph",
        "import",
        "keygen",
        "log",
        "new",
        "pack",
        "report",
        "rulesets",
        "series",
        "sign",
        "template",
        "test",
        "validate",
        "verify",
        "workbook",
    ]
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S", done.out, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_both_languages_and_fits(name: str, guiju: Guiju) -> None:
    done = guiju(name, "--help")
    assert done.status == 0
    context = click.Context(main)
    entry = main.get_command(context, name)
    assert entry is not None
    texts = [entry.help or "", *(p.help or "" for p in entry.params if isinstance(p, click.Option))]
    for text in texts:
        assert re.fullmatch(r".*[\u4e00-\u9fff].* · [A-Z].*", text), text
        assert len(text) < 70


def test_version(guiju: Guiju) -> None:
    assert package.__version__ in guiju("--version").out


def test_without_a_command_the_help_is_wrong_usage(guiju: Guiju) -> None:
    done = guiju()
    assert done.status == 2
    assert "evaluate" in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("args", "zh", "en"),
    [
        (["evalute"], "没有命令“evalute”，是不是 evaluate？", "there is no command 'evalute'; did you mean evaluate?"),
        (["zzz"], "没有命令“zzz”\n", "there is no command 'zzz'\n"),
        (["evaluate"], "缺少参数 CASE", "CASE is missing"),
        (
            ["explain", "x", "--dpeth", "3"],
            "没有选项 --dpeth，是不是 --depth？",
            "there is no option --dpeth; did you mean --depth?",
        ),
        (
            ["explain", "x", "--depth", "x"],
            "--depth 须为 0 到 100 的整数",
            "--depth must be a whole number from 0 to 100",
        ),
        (
            ["explain", "x", "--depth", "-1"],
            "--depth 须为 0 到 100 的整数",
            "--depth must be a whole number from 0 to 100",
        ),
        (
            ["validate", "x", "--format", "xml"],
            "--format 只能是 text, line, json",
            "--format must be one of text, line, json",
        ),
        (["explain", "x", "--depth"], "选项 --depth 用法不对", "--depth: "),
        (["rulesets", "more"], "多出参数：more", "too many arguments: more"),
    ],
)
def test_wrong_usage(args: list[str], zh: str, en: str, guiju: Guiju) -> None:
    for lang, words in (("zh", zh), ("en", en)):
        done = guiju("--lang", lang, *args)
        assert done.status == 2
        assert done.out == ""
        assert words in done.err
        assert "--help" in done.err


def test_an_unknown_language_is_said_in_the_language_of_the_locale(guiju: Guiju) -> None:
    done = guiju("--lang", "fr", "rulesets")
    assert done.status == 2
    assert "--lang must be one of zh, en" in done.err


def test_options_stand_before_or_after_the_command(guiju: Guiju, own: Path) -> None:
    folder = own.parents[1]
    folder.rename("elsewhere")
    for args in (
        ("--rulesets", "elsewhere", "--lang", "zh", "validate", "own@0.1"),
        ("validate", "own@0.1", "--lang=zh", "--rulesets", "elsewhere"),
    ):
        done = guiju(*args)
        assert done.status == 0, done.err
        assert "没有发现问题" in done.out


def test_the_language_follows_the_locale(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "没有命令" in guiju("zzz").err
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "there is no command" in guiju("zzz").err


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [*command("--help")[:1], "-X", "importtime", *command("--help")[1:]],
        env=environment(), capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert imported & set(HEAVY) == set()
    assert {name for name in imported if name.startswith("guiju.") and not name.startswith("guiju.cli")} <= {
        "guiju.diagnostics", "guiju.diagnostics.language", "guiju.places",
    }  # fmt: skip


def test_what_click_says_is_in_the_chosen_language(guiju: Guiju) -> None:
    assert "多出参数：more" in guiju("rulesets", "more", "--lang", "zh").err
    assert "too many arguments: more" in guiju("rulesets", "more").err
    assert "Show this message" not in guiju("evaluate", "--help").out
