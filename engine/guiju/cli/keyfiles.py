"""Key files named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from guiju.cli.output import USAGE, Stop, reason, words

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language
    from guiju.record.keys import Signer

MOST_BYTES = 10_000


def _read(path: Path, lang: Language) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES)
    except OSError as error:
        raise Stop(words(lang)("cannot_read", file=path, reason=reason(error, lang)), USAGE) from error


def signer_of(path: Path, lang: Language) -> Signer:
    """The private key in a file, to sign with."""
    from guiju.record.keys import NoKey, NotInstalled, read_private

    content = _read(path, lang)
    try:
        return read_private(content)
    except NotInstalled as error:
        raise not_installed(lang) from error
    except NoKey as error:
        raise Stop(words(lang)("no_private_key", file=path), USAGE) from error


def public_of(path: Path, lang: Language) -> bytes:
    """The public key in a file, to check against."""
    from guiju.record.signing import read_public

    public = read_public(_read(path, lang).decode("ascii", errors="replace"))
    if public is None:
        raise Stop(words(lang)("no_public_key", file=path), USAGE)
    return public


def not_installed(lang: Language) -> Stop:
    return Stop(words(lang)("needs_extra", extra="sign"), USAGE)
