"""The word that was probably meant, and the language that was probably wanted."""

import pytest

from guiju.diagnostics.language import choose
from guiju.diagnostics.nearest import nearest

NAMES = ["coal_output", "coal_stock", "methane_output", "fuel_co2", "fuel_co2_total", "gwp", "mass"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("coal_otput", "coal_output"),
        ("coalOutput", "coal_output"),
        ("Coal-Output", "coal_output"),
        ("output_coal", "coal_output"),
        ("GWP", "gwp"),
        ("fuel_co2total", "fuel_co2_total"),
        ("mas", "mass"),
        ("zzz", ""),
        ("", ""),
        ("gwp", ""),
    ],
)
def test_nearest(word: str, meant: str) -> None:
    assert nearest(word, NAMES) == meant
    assert nearest(word, reversed(NAMES)) == meant


def test_chinese_and_nothing() -> None:
    assert nearest("原煤产", ["原煤产量", "瓦斯抽采量"]) == "原煤产量"
    assert nearest("x", []) == ""


@pytest.mark.parametrize(
    ("lang", "environ", "chosen"),
    [
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("zh-Hans", {}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LC_ALL": "en_GB", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        (None, {}, "zh"),
        ("", {"LANG": "en_US"}, "en"),
    ],
)
def test_choose(lang: str | None, environ: dict[str, str], chosen: str) -> None:
    assert choose(lang, environ) == chosen
