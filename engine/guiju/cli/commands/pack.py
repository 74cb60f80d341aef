"""A case → one file with all that its assessment rests on, checked before it is handed out."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.keyfiles import signer_of
from guiju.cli.output import (
    FINDINGS,
    FINE,
    USAGE,
    Stop,
    check_target,
    one_line,
    reason,
    say,
    tell,
    tell_findings,
    words,
    write_bytes,
)
from guiju.cli.setting import Setting, shared, wishing

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language
    from guiju.pipeline import Wish
    from guiju.record.pack import Signing

PATH = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class Targets:
    """What is written, and whether over signatures."""

    output: Path
    prov: Path | None
    crate: Path | None
    force: bool


@click.command(help="把一次评价连同其全部依据打成一个包 · Pack an assessment with all that it rests on")
@click.argument("case", type=PATH)
@click.option("-o", "--output", metavar="FILE.zip", type=PATH, required=True, help="评价包 · The package")
@wishing
@click.option("--evidence", metavar="DIR", type=PATH, help="证据文件所在文件夹 · Folder with the files of evidence")
@click.option(
    "--hashes-only", is_flag=True, help="只登记证据文件的哈希，不收入文件 · Keep hashes of evidence, not the files"
)
@click.option(
    "--date", metavar="DATE", help="包的日期，默认为评价期末日 · Date of the package; else the last day of the period"
)
@click.option("--log", metavar="LOG", type=PATH, help="随包附上的日志 · A log that goes with it")
@click.option("--lean", is_flag=True, help="不含报告、计算书和工作簿 · Without report, calculation book and workbook")
@click.option("--key", metavar="KEY", type=PATH, help="签名用的私钥 · Private key to sign with")
@click.option("--signer", metavar="NAME", help="签名人 · Who signs")
@click.option("--client", metavar="NAME", help="报告中的委托方 · Client, for the report")
@click.option("--assessor", metavar="NAME", help="报告中的评价方 · Assessor, for the report")
@click.option("--report-date", metavar="DATE", help="报告日期 · Date of the report")
@click.option("--number", metavar="NO", help="报告编号 · Number of the report")
@click.option("--prov", metavar="FILE", type=PATH, help="另存 PROV-JSON · Write the PROV-JSON besides")
@click.option(
    "--crate", metavar="DIR", type=PATH, help="另存为 RO-Crate 文件夹 · Write it besides as an RO-Crate folder"
)
@click.option("--force", is_flag=True, help="覆盖已签名的评价包 · Write over a package that bears signatures")
@shared
@click.pass_obj
def command(
    setting: Setting,
    case: Path,
    output: Path,
    wish: Wish,
    evidence: Path | None,
    hashes_only: bool,
    date: str | None,
    log: Path | None,
    lean: bool,
    key: Path | None,
    signer: str | None,
    client: str | None,
    assessor: str | None,
    report_date: str | None,
    number: str | None,
    prov: Path | None,
    crate: Path | None,
    force: bool,
) -> int:
    """Findings to standard error, the package to its file, its hash to standard output."""
    from guiju.cli.commands.report import said
    from guiju.diagnostics.finding import Found
    from guiju.record.pack import Order, pack, signed

    text = words(setting.lang)
    _check(evidence, date, crate, hashes_only=hashes_only, lang=setting.lang)
    for target in (output, prov):
        if target is not None:
            check_target(target, setting.lang, case, log, key)
    own = said(
        {"client": client, "assessor": assessor, "date": report_date, "number": number}, setting, "--report-date"
    )
    by = _signing(key, signer, setting.lang)
    found = Found()
    order = Order(evidence, "hashes" if hashes_only else "files", date, log, not lean, own)
    entries = pack(case, setting.roots, wish, order, found)
    tell_findings(found.findings, setting.lang)
    if entries is None:
        tell(text("pack_none"))
        return FINDINGS
    entries = entries if by is None else signed(entries, by)
    _write(entries, Targets(output, prov, crate, force), setting.lang)
    return FINE


def _check(evidence: Path | None, date: str | None, crate: Path | None, *, hashes_only: bool, lang: Language) -> None:
    """What can be wrong with the command line."""
    from guiju.ruleset.locate import is_day

    text = words(lang)
    if evidence is not None and not evidence.is_dir():
        raise Stop(text("no_folder", folder=evidence), USAGE)
    if hashes_only and evidence is None:
        raise Stop(text("hashes_of_what"), USAGE)
    if date is not None and not is_day(date):
        raise Stop(text("bad_day", text=date), USAGE)
    if crate is not None and crate.exists():
        raise Stop(text("cannot_write", file=crate, reason=text("reason_EEXIST")), USAGE)


def _signing(key: Path | None, signer: str | None, lang: Language) -> Signing | None:
    from guiju.record.pack import Signing

    if (key is None) != (signer is None):
        raise Stop(words(lang)("key_and_signer"), USAGE)
    one_line(signer, "--signer", lang)
    return None if key is None or signer is None else Signing(signer_of(key, lang), signer)


def _write(entries: Mapping[str, bytes], to: Targets, lang: Language) -> None:
    from guiju.record.archive import build
    from guiju.record.canonical import digest
    from guiju.record.matter import MANIFEST

    text = words(lang)
    write_bytes(to.output, build(entries), lang, force=to.force)
    tell(text("written", file=to.output))
    if to.prov is not None:
        write_bytes(to.prov, entries["prov.json"], lang, force=to.force)
        tell(text("written", file=to.prov))
    if to.crate is not None:
        _write_folder(entries, to.crate, lang)
        tell(text("written", file=to.crate))
    say(text("pack_manifest", hash=digest(entries[MANIFEST])))


def _write_folder(entries: Mapping[str, bytes], folder: Path, lang: Language) -> None:
    """All entries as files: in a folder of another name first, which is then renamed."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        import tempfile

        place = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, content in entries.items():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (place / name).write_bytes(content)
            place.chmod(0o755)
            place.rename(folder)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    except OSError as error:
        raise Stop(words(lang)("cannot_write", file=folder, reason=reason(error, lang)), USAGE) from error
