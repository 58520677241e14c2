"""Every recorded robots.txt is obeyed by the real crawl process."""

from __future__ import annotations

import pytest

from tests.recordings.recorded import FOLDER, files, index
from tests.recordings.robots import RobotsRow, chosen_paths, crawl_robots

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]


@pytest.fixture(scope="module")
def rows() -> list[RobotsRow]:
    return crawl_robots()


def test_every_recorded_robots_txt_is_obeyed(rows: list[RobotsRow]) -> None:
    assert [row.name for row in rows] == files("robots")
    assert {row.name: row.fault for row in rows if row.fault} == {}


def test_every_file_with_rules_has_been_tried_on_a_forbidden_address(
    rows: list[RobotsRow],
) -> None:
    untried = {row.name for row in rows if row.forbidden is None and index()[row.name]}
    # It has rules for another robot; everybody else may read everything.
    assert untried == {"robots/hosts/krakow.pl"}


def test_nothing_but_the_allowed_address_was_asked_for(rows: list[RobotsRow]) -> None:
    for row in rows:
        assert row.asked == ((row.allowed,) if row.allowed else ())


def test_the_two_addresses_are_what_a_reader_of_the_file_would_say() -> None:
    both = b"\xef\xbb\xbfUser-agent: bad\rDisallow: /\r\rUser-agent: *\rAllow: /a/b\rDisallow: /a\r"
    assert chosen_paths(both + b"Disallow: /c # why\r") == ("/a", "/zz-page-that-no-rule-names-7c1")
    assert chosen_paths(b"User-agent: *\nDisallow: /\nAllow: /ok/") == (
        "/zz-page-that-no-rule-names-7c1",
        "/ok/",
    )
    assert chosen_paths(b"User-agent: x\nUser-agent: *\nDisallow: /")[1] is None
    assert chosen_paths(b"<html>no</html>") == (None, "/zz-page-that-no-rule-names-7c1")
