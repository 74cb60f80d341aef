"""A package → whether it is what it says: evaluated again from the package alone, every number, hash and signature compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.keyfiles import public_of
from guiju.cli.output import FINDINGS, FINE, painter, say, shown_line, tell, tell_findings, words
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language
    from guiju.record.verify import Verified

PATH = click.Path(path_type=Path)


@click.command(help="核对评价包：只凭包中内容重新评价，逐项比较 · Verify a package from itself alone")
@click.argument("package", type=PATH)
@click.option("--key", metavar="PUB", type=PATH, help="须有此公钥的签名 · It must be signed by this public key")
@click.option("--head", metavar="HASH", help="别处留存的日志链头 · A head of its log that was kept elsewhere")
@click.option("--documents", is_flag=True, help="较慢的文件也重新生成 · Make the slower documents again as well")
@shared
@click.pass_obj
def command(setting: Setting, package: Path, key: Path | None, head: str | None, documents: bool) -> int:
    """What differs to standard error; what was compared to standard output."""
    from guiju.diagnostics.finding import Found
    from guiju.record.verify import Asked, verify_file

    found = Found()
    asked = Asked(None if key is None else public_of(key, setting.lang), head, documents)
    verified = verify_file(package, asked, found)
    tell_findings(found.findings, setting.lang, inside=True)
    if verified is None:
        tell(words(setting.lang)("verify_failed", file=package))
        return FINDINGS
    _say(verified, package, setting.lang)
    if head is not None and verified.log is not None:
        facts = {"number": verified.log.number(head), "count": len(verified.log.entries)}
        say(f"  {words(setting.lang)('log_at', **facts)}")
    return FINE


def _say(verified: Verified, package: Path, lang: Language) -> None:
    text, paint = words(lang), painter()
    say(paint(text("verify_fine", file=package), "good"))
    say(f"  {text('verify_case', case=verified.case, ruleset=verified.ruleset, result=verified.result or '—')}")
    say(f"  {text('verify_counts', entries=verified.entries, values=verified.values)}")
    if verified.by_hash:
        say(f"  {text('verify_by_hash', count=len(verified.by_hash), names=', '.join(verified.by_hash))}")
    say(f"  {text('pack_manifest', hash=verified.manifest)}")
    if verified.log is not None:
        say(f"  {text('log_head', count=len(verified.log.entries), head=verified.log.head)}")
    for each in verified.signatures:
        facts = {"signer": shown_line(each.signer), "id": each.key, "at": f" ({each.at})" if each.at else ""}
        say(f"  {text('verify_signed_known' if each.known else 'verify_signed', **facts)}")
    if not verified.signatures:
        say(f"  {text('verify_unsigned')}")
