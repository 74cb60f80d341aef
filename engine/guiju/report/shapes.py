"""What pictures are made of: boxes, texts and lines, each with a style that the template knows. All places are in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    style: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    x: int
    y: int
    text: str
    style: str
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Curve:
    path: str
    style: str


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]
    curves: tuple[Curve, ...] = ()
