"""A new key pair: NAME.key to sign with, NAME.pub to give away."""

from __future__ import annotations

from pathlib import Path

import click

from guiju.cli.keyfiles import not_installed
from guiju.cli.output import FINE, USAGE, Stop, say, words, write_bytes
from guiju.cli.setting import Setting, shared


@click.command(help="生成一对签名密钥（Ed25519） · Make a key pair for signing (Ed25519)")
@click.option(
    "-o", "--output", metavar="NAME", type=click.Path(path_type=Path), required=True,
    help="写入 NAME.key（私钥）和 NAME.pub · Writes NAME.key, NAME.pub",
)  # fmt: skip
@shared
@click.pass_obj
def command(setting: Setting, output: Path) -> int:
    """A file that is there is never written over: it may be the only copy of a key."""
    from guiju.record.keys import NotInstalled, generate
    from guiju.record.signing import key_id, read_public

    text = words(setting.lang)
    private, public = (output.with_name(f"{output.name}{end}") for end in (".key", ".pub"))
    for path in (private, public):
        if path.exists():
            raise Stop(text("cannot_write", file=path, reason=text("reason_EEXIST")), USAGE)
    try:
        pair = generate()
    except NotInstalled as error:
        raise not_installed(setting.lang) from error
    write_bytes(private, pair.private, setting.lang, 0o600)
    write_bytes(public, pair.public, setting.lang)
    say(text("keygen_done", private=private, public=public, id=key_id(read_public(pair.public.decode()) or b"")))
    return FINE
