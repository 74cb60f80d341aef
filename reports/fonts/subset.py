"""Noto Sans SC in full → the subset that reports carry: GB 2312, Latin, Greek, signs. Needs fontTools; run where the fonts are.

python subset.py FOLDER        FOLDER holds NotoSansSC_400Regular.ttf and NotoSansSC_700Bold.ttf
                               (npm package @expo-google-fonts/noto-sans-sc 0.4.3, licence in OFL.txt)
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x400, 0x45F), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F),
    (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x266F), (0x3000, 0x303F),
    (0x3200, 0x32FF), (0x3300, 0x33FF), (0xFF00, 0xFFEF),
)  # fmt: skip
MORE = "镕堃喆珺玥昇晟翀瑄煊琤旸珅嘅㎡"  # often in names of people and places, not in GB 2312


def wanted() -> set[int]:
    """The code points of the subset."""
    points = {code for first, last in RANGES for code in range(first, last + 1)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            points |= {ord(sign) for sign in bytes((high, low)).decode("gb2312", "ignore")}
    return points | {ord(sign) for sign in MORE}


def make(source: Path, target: Path) -> set[int]:
    """One weight; gives what it holds."""
    options = subset.Options(
        layout_features=["kern", "liga", "locl", "mark", "mkmk", "ccmp"], hinting=False, notdef_outline=True, recalc_timestamp=False
    )  # fmt: skip
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted())
    cutter.subset(font)
    font.save(target)
    return set(font.getBestCmap())


def main(folder: Path) -> None:
    held = [
        make(folder / f"NotoSansSC_{weight}.ttf", HERE / f"NotoSansSC-{weight[3:]}.ttf")
        for weight in ("400Regular", "700Bold")
    ]
    points, lines, start = sorted(held[0] & held[1]), [], None
    for index, point in enumerate(points):
        start = point if start is None else start
        if index + 1 == len(points) or points[index + 1] != point + 1:
            lines.append(f"{start:04X}-{point:04X}")
            start = None
    (HERE / "characters.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    sys.stdout.write(f"{len(points)} characters\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
