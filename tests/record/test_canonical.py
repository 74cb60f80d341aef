"""Canonical JSON against another hand (rfc8785), and what it refuses."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from guiju.record.canonical import NotCanonical, canonical, read

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_as_the_reference_writes_it(value: Any) -> None:
    content = canonical(value)
    assert content == rfc8785.dumps(value)
    assert read(content) == value


def test_keys_are_sorted_by_code_units() -> None:
    """U+1F600 is written as D83D DE00, which comes before U+FB33: the order of characters would be the other."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "": 3}) == '{"":3,"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("value", [1.5, Decimal(1), 2**53, -(2**53), float("nan"), {1, 2}, b"x", {"a": [0.1]}])
def test_numbers_that_are_no_json_numbers_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a": 1}', '{"b":1,"a":2}', "1.0", "1e3", '{"a":1,"a":1}', "NaN", '"\\u0041"', "[1]\n", "\ufeff{}"],
)
def test_other_ways_to_write_it_are_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        read(text.encode())


def test_deep_nesting_is_no_crash() -> None:
    with pytest.raises(NotCanonical):
        read(b"[" * 200_000)
    assert json.loads(canonical([[[]]])) == [[[]]]
