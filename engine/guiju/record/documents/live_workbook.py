"""The calculation as a workbook whose formulas calculate."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.record.documents import NotInstalled, NotPossible
from guiju.record.matter import Matter

QUICK = False
LIBRARIES = ("xlsxwriter", "zlib")
ENTRIES = ("calculation/workbook.xlsx",)


def make(matter: Matter) -> Mapping[str, bytes]:
    """One workbook in both languages."""
    from guiju.record.sheets import TooLarge
    from guiju.record.workbook import live_workbook

    try:
        return {ENTRIES[0]: live_workbook(matter.assessment)}
    except ModuleNotFoundError as error:
        if error.name != "xlsxwriter":
            raise
        raise NotInstalled("excel") from error
    except TooLarge as error:
        raise NotPossible(str(error)) from error
