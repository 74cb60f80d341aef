"""Missing is a value: what could not be computed, where and why. It travels through every operation."""

from __future__ import annotations

from typing import NoReturn


class NotComputed:
    """A value that is not there. `code` says why, `origin` is the node where it began, `facts` are for the sentence.

    Arithmetic and order comparisons with it give it back (so `0 * missing` is missing); asking it for truth, equality
    or a hash raises, because a missing mine type must never silently fall through a choice into some grade.
    """

    __slots__ = ("code", "facts", "origin")

    def __init__(self, code: str, origin: str, **facts: str) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "facts", tuple(sorted(facts.items())))

    code: str
    origin: str
    facts: tuple[tuple[str, str], ...]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("NotComputed is frozen")

    def _travel(self, *_: object) -> NotComputed:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _travel
    __truediv__ = __rtruediv__ = __neg__ = __pos__ = __abs__ = _travel
    __lt__ = __le__ = __gt__ = __ge__ = _travel

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError(f"a missing value ({self.code} of {self.origin}) was asked for truth, equality or hash")

    __bool__ = _refuse
    __eq__ = _refuse
    __ne__ = _refuse
    __hash__ = _refuse

    def __repr__(self) -> str:
        return f"NotComputed({self.code!r}, {self.origin!r})"
