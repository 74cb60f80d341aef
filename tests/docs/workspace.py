"""A folder in which a document's blocks run one after the other, as a reader would: files are written, edits applied,
commands and Python executed. What a block shows must be what comes out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from markdown_blocks import Block

ROOT = Path(__file__).resolve().parents[2]
GUIJU = [sys.executable, "-c", "from guiju.cli.main import run; run()"]
OTHERS = {"cp", "mkdir"}  # what a reader may do in a file manager
REMARK = re.compile(r"#\s*→\s*(.*?)\s*$")


class Workspace:
    """The rulesets and schemas of the project, copied, and whatever the document adds to them."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        for name in ("rulesets", "schemas"):
            shutil.copytree(ROOT / name, folder / name)
        self.environ = {
            **os.environ,
            "LC_ALL": "zh_CN.UTF-8" if language == "zh" else "en_US.UTF-8",
            "GUIJU_CACHE": "off",
            "COLUMNS": "120",
            "PYTHONPATH": str(ROOT / "engine"),
            "PYTHONUTF8": "1",
        }
        self.environ.pop("GUIJU_RULESETS", None)
        self.written: list[Path] = []

    def run(self, block: Block) -> None:
        """Whatever a block of this language means; others are only to be read."""
        kinds = {"yaml": self.write, "diff": self.edit, "console": self.console, "sh": self.shell}
        kinds["python"] = self.python
        if block.language in kinds:
            kinds[block.language](block)

    def write(self, block: Block) -> None:
        marker = re.fullmatch(r"# ruleset: (\S+)", block.head)
        if marker:
            path = self.folder / "rulesets" / marker[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.rest, encoding="utf-8")
            self.written.append(path)

    def edit(self, block: Block) -> None:
        """A block of old and new lines under `--- path`; the old ones must stand in the file exactly once."""
        path = self.folder / block.head.removeprefix("--- ")
        lines = block.rest.rstrip("\n").split("\n")
        old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
        text = path.read_text(encoding="utf-8")
        assert text.count(f"\n{old}\n") == 1, f"{path.name} holds these lines {text.count(old)} times:\n{old}"
        path.write_text(text.replace(f"\n{old}\n", f"\n{new}\n"), encoding="utf-8")

    def console(self, block: Block) -> None:
        """Commands behind `$ `, and below each what it prints; `exit=1` behind the language where the last one finds faults."""
        commands: list[tuple[str, list[str]]] = []
        for line in block.text.rstrip("\n").split("\n"):
            if line.startswith("$ "):
                commands.append((line[2:], []))
            else:
                commands[-1][1].append(line)
        wanted = int(block.info.partition("exit=")[2] or 0)
        for index, (command, shown) in enumerate(commands):
            last = index == len(commands) - 1
            compare(command, shown, self.command(command, wanted if last else 0))

    def shell(self, block: Block) -> None:
        """The lines that call guiju; what else a reader types is for him."""
        for line in block.text.split("\n"):
            if line.startswith("guiju "):
                self.command(line.partition("  #")[0], 0)

    def command(self, line: str, wanted: int) -> str:
        words = shlex.split(line)
        if words[0] in (".venv/bin/guiju", "guiju"):
            words = [*GUIJU, *words[1:]]
        else:
            assert words[0] in OTHERS, f"a document may not run {words[0]!r}"
        done = self.process(words)
        output = done.stdout + done.stderr
        assert done.returncode == wanted, f"$ {line}\nended with {done.returncode}, not {wanted}:\n{output}"
        assert "Traceback" not in output
        return output

    def python(self, block: Block) -> None:
        """A script; `# → …` says what a line of it prints."""
        done = self.process([sys.executable, "-c", block.text])
        assert done.returncode == 0, done.stderr
        wanted = [match[1] for line in block.text.split("\n") if (match := REMARK.search(line))]
        compare("python", wanted, done.stdout)

    def process(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.folder, env=self.environ, capture_output=True, text=True, encoding="utf-8", check=False
        )


def compare(command: str, shown: list[str], output: str) -> None:
    """Each shown line comes in the output, in this order; `…` stands for anything, runs of blanks for one blank."""
    rest = [" ".join(line.split()) for line in output.split("\n")]
    for line in shown:
        words = " ".join(line.split())
        if words in ("", "…"):
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in words.split("…")))
        hit = next((index for index, got in enumerate(rest) if pattern.fullmatch(got)), None)
        assert hit is not None, f"$ {command}\nnot shown: {line}\n{output}"
        rest = rest[hit + 1 :]
