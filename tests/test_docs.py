"""The generated pages say what the program does today."""

from __future__ import annotations

import pytest

from docs.generate import FOLDER, pages


@pytest.mark.parametrize("name", ["cli.md", "schema.md"])
def test_generated_page_is_current(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == pages()[name], f"docs/{name} is out of date: run `make docs`"
