"""docs/errors.md says what the engine says."""

from write_errors_doc import DOC, document


def test_the_page_is_up_to_date() -> None:
    assert DOC.read_text(encoding="utf-8") == document(), "run: python tests/bad/write_errors_doc.py"
