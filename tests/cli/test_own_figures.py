"""`monitor metrics` and `monitor targets` as a user calls them."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from support import Call, Config


@pytest.fixture
def figures(config: Config) -> str:
    config.write({"shop": "http://127.0.0.1:9/"})
    with config.runtime() as runtime:
        today = runtime.clock().date()
    days = [today - timedelta(days=n) for n in range(28)]
    rows = [f"{day},{100 + n},{n % 3},{30 + n},note" for n, day in enumerate(days)]
    path = config.folder / "figures.csv"
    path.write_text("\n".join(["day,orders,complaints,reply_minutes,remark", *rows]), "utf-8")
    return str(path)


def test_figures_are_imported_shown_and_read_again_without_change(call: Call, figures: str) -> None:
    said = call("metrics", "import", figures)
    assert said.code == 0, said.errors
    assert "day: 'day', orders: 'orders'" in said.out
    assert "not read: remark" in said.out
    (again,) = call("metrics", "import", figures, "--json").json
    assert (again["new"], again["unchanged"], again["rejects"]) == (0, 84, 0)
    rows = list(csv.DictReader(call("metrics", "report", "--csv").out.splitlines()))
    assert sum(float(row["orders"]) for row in rows) == sum(range(100, 128))
    table = call("metrics", "report").out
    assert "complaints per 1000" in " ".join(table.split())
    assert "churned" not in table  # nobody gave any


def test_a_target_starts_at_what_is_now_and_shows_how_much_is_attained(
    call: Call, figures: str
) -> None:
    call("metrics", "import", figures)
    said = call("targets", "set", "reply_minutes", "10", "--by", "2099-01-01")
    assert said.code == 0, said.errors
    assert "reply_minutes 10 by 2099-01-01 (now " in said.out
    call("targets", "set", "nps", "40", "--by", "2099-01-01")
    replies, nps = sorted(call("targets", "--json").json, key=lambda row: row["goal"])
    assert (replies["measure"], replies["attained"]) == ("reply_minutes", 0)
    assert replies["state"] in ("on track", "behind")
    assert (nps["now"], nps["state"]) == (None, "unknown")
    assert "reply_minutes" in call("targets").out
    assert call("targets", "remove", "nps").code == 0
    assert len(call("targets", "--json").json) == 1
    assert call("targets", "remove", "nps").code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["targets", "set", "nps", "40", "--by", "2020-01-01"], "is not in the future"),
        (["targets", "set", "happiness", "40", "--by", "2099-01-01"], "is not one of"),
        (["targets", "set", "nps", "40", "--by", "2099-01-01", "--brand", "No"], "No"),
        (["metrics", "import"], "Missing argument"),
    ],
)
def test_wrong_use_is_named(call: Call, figures: str, arguments: list[str], words: str) -> None:
    said = call(*arguments)
    assert said.code == 2
    assert words in said.errors
