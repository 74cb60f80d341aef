"""What commands print, and how: colour and drawn signs on a terminal, plain text to a pipe; files whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from guiju.diagnostics.language import Language

if TYPE_CHECKING:
    from guiju.diagnostics.finding import Finding
    from guiju.report.wording import Wording

FINE, FINDINGS, USAGE, FAULT = 0, 1, 2, 3
WIDTH = 100
MOST_OF_A_LINE = 1000
_STYLES: dict[str, dict[str, Any]] = {
    "strong": {"bold": True},
    "dim": {"dim": True},
    "head": {"fg": "cyan", "bold": True},
    "warn": {"fg": "yellow", "bold": True},
    "good": {"fg": "green", "bold": True},
    "fair": {"fg": "yellow"},
    "poor": {"fg": "red"},
    "accent": {"fg": "cyan", "bold": True},
}


class Stop(Exception):  # noqa: N818  an ending that is meant, with what to say and the exit status
    """The command cannot go on. What is said is about the input or the usage, not about us."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.text, self.status = text, status


def is_terminal(stream: TextIO | None = None) -> bool:
    return (stream or sys.stdout).isatty()


def width() -> int:
    """Columns to write in: at most 100, and 100 for a pipe."""
    return min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if is_terminal() else WIDTH


def painter(stream: TextIO | None = None) -> Callable[[str, str], str]:
    """Text and style → text in colour, on a terminal where NO_COLOR does not forbid it."""
    if not is_terminal(stream) or os.environ.get("NO_COLOR"):
        return lambda text, _style: text
    return lambda text, style: click.style(text, **_STYLES[style]) if style in _STYLES else text


def say(text: str) -> None:
    """To standard output."""
    click.echo(text.rstrip("\n"))


def tell(text: str) -> None:
    """To standard error: what is not the result itself."""
    click.echo(text.rstrip("\n"), err=True)


@cache
def words(lang: Language) -> Wording:
    """The words of the command line."""
    from guiju.report.wording import Wording

    return Wording(Path(__file__).with_name("words.yaml"), lang)


def findings_text(findings: Iterable[Finding], lang: Language) -> str:
    """Findings under the lines they are about."""
    from guiju.diagnostics.show import as_text
    from guiju.source.files import read_line

    return as_text(findings, lang, read_line)


def tell_findings(findings: Iterable[Finding], lang: Language, *, inside: bool = False) -> None:
    """To standard error, if there are any. `inside`: their places are in a package, a file here of that name is another one."""
    listed = list(findings)
    if not listed:
        return
    if inside:
        from guiju.diagnostics.show import as_text

        tell(as_text(listed, lang, lambda _file, _line: None) + "\n")
    else:
        tell(findings_text(listed, lang) + "\n")


def reason(error: OSError, lang: Language) -> str:
    """Why the system refused, in words where we have them."""
    return words(lang).known(f"reason_{errno.errorcode.get(error.errno or 0, '')}", error.strerror or str(error))


def check_target(path: Path, lang: Language, *sources: Path | None) -> None:
    """Stop before any work is done where the file cannot be written: no folder for it, a folder itself, or what is read."""
    for source in sources:
        if source is not None and path.exists() and source.exists() and path.samefile(source):
            raise Stop(words(lang)("same_file", file=path), USAGE)
    code = errno.EISDIR if path.is_dir() else 0
    if not path.parent.is_dir():
        code = errno.ENOTDIR if path.parent.exists() else errno.ENOENT
    if code:
        raise Stop(words(lang)("cannot_write", file=path, reason=reason(OSError(code, os.strerror(code)), lang)), USAGE)


def write_file(path: Path, content: str | bytes, lang: Language) -> None:
    """The whole file or nothing; text in UTF-8."""
    write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content, lang)


def write_bytes(
    path: Path, content: bytes, lang: Language, mode: int | None = None, *, force: bool | None = None
) -> None:
    """The whole file or nothing: written under another name beside it, then renamed. A link stays a link, and a device or
    pipe, such as /dev/stdout, is written into: renamed over, it would be gone. A signed package that would be another one
    stays, unless `force`; None: the command has no such option."""
    import tempfile

    if not force:
        _keep_signed(path, content, lang, forcible=force is not None)
    try:
        if path.is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                stream.write(content)
            return
        path = path.resolve() if path.is_symlink() else path
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).chmod(0o666 & ~_umask() if mode is None else mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Stop(words(lang)("cannot_write", file=path, reason=reason(error, lang)), USAGE) from error


def _keep_signed(path: Path, content: bytes, lang: Language, *, forcible: bool) -> None:
    """Stop before signatures are lost that only their signers can give again."""
    import zipfile

    from guiju.record.matter import SIGNATURES

    try:
        if not path.is_file() or path.read_bytes() == content or not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as there:
            count = sum(name.startswith(SIGNATURES) for name in there.namelist())
    except (OSError, zipfile.BadZipFile):
        return  # what cannot be read is no package
    if count:
        text = words(lang)("overwrite_signed", file=path, count=count)
        raise Stop(text + (words(lang)("overwrite_force") if forcible else ""), USAGE)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def one_line(text: str | None, option: str, lang: Language) -> None:
    """Stop where a name or a remark that others will read could look like more than it is. None is none."""
    if text is not None and not (text.strip() and text.isprintable() and len(text) <= MOST_OF_A_LINE):
        raise Stop(words(lang)("bad_line", option=option, most=MOST_OF_A_LINE), USAGE)


def shown_line(text: str) -> str:
    """A text of others on one line, without what a terminal obeys."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def make_folder(path: Path, lang: Language) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(words(lang)("cannot_write", file=path, reason=reason(error, lang)), USAGE) from error
