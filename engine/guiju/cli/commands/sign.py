"""A package → the same package with one more signature over its manifest."""

from __future__ import annotations

from pathlib import Path

import click

from guiju.cli.keyfiles import signer_of
from guiju.cli.output import (
    FINDINGS,
    FINE,
    USAGE,
    Stop,
    check_target,
    one_line,
    tell,
    tell_findings,
    words,
    write_bytes,
)
from guiju.cli.setting import Setting, shared

PATH = click.Path(path_type=Path)


@click.command(help="在评价包上签名 · Sign a package")
@click.argument("package", type=PATH)
@click.option("--key", metavar="KEY", type=PATH, required=True, help="私钥 · Private key")
@click.option("--signer", metavar="NAME", required=True, help="签名人 · Who signs")
@click.option("--at", metavar="DATE", help="签名日期 · Date of the signature")
@click.option("-o", "--output", metavar="FILE.zip", type=PATH, help="写入另一个文件 · Write to another file")
@click.option("--force", is_flag=True, help="覆盖已签名的评价包 · Write over a package that bears signatures")
@shared
@click.pass_obj
def command(
    setting: Setting, package: Path, key: Path, signer: str, at: str | None, output: Path | None, force: bool
) -> int:
    """Only a package that is what it says is signed."""
    from guiju.diagnostics.finding import Found
    from guiju.record.archive import build, read_package
    from guiju.record.pack import Signing, signed
    from guiju.record.verify import Asked, verify
    from guiju.ruleset.locate import is_day

    text, found = words(setting.lang), Found()
    if at is not None and not is_day(at):
        raise Stop(text("bad_day", text=at), USAGE)
    one_line(signer, "--signer", setting.lang)
    check_target(output or package, setting.lang, key)
    by = Signing(signer_of(key, setting.lang), signer, at)
    entries = read_package(package, found)
    checked = None if entries is None else verify(entries, Asked(), found)
    tell_findings(found.findings, setting.lang, inside=True)
    if entries is None or checked is None:
        tell(text("verify_failed", file=package))
        return FINDINGS
    own = output is None or (output.exists() and output.samefile(package))  # its signatures stay in it
    write_bytes(output or package, build(signed(entries, by)), setting.lang, force=force or own)
    tell(text("written", file=output or package))
    return FINE
