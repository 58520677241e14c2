"""Figures of a company's own systems: files as people export them, weeks, targets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.metrics.load import load_metrics
from monitor.metrics.reading import columns_of, read_figures
from monitor.records import Reject
from monitor.store import Store
from monitor.store.metrics import MEASURES
from monitor.tables import read_table
from monitor.trends.targets import LOWER_IS_BETTER, attainment

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def file(folder: Path, text: str, name: str = "figures.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path) -> list[tuple[str, str, float] | str]:
    table = read_table(path)
    found = read_figures(table, columns_of(table), "Acme", "Europe/Prague", NOW)
    return [
        one.cause if isinstance(one, Reject) else (one.name, str(one.day), one.value)
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "encoding", "wanted"),
    [
        (
            'day,orders,complaints,reply_minutes\n2026-11-09,"1,204",7,45.125\n',
            "utf-8",
            [("orders", 1204), ("complaints", 7), ("reply_minutes", 45.125)],
        ),
        (
            "Datum;Objednávky;Stížnosti;Doba odpovědi\n9. 11. 2026;1 204;7;45,5 min\n",
            "cp1250",
            [("orders", 1204), ("complaints", 7), ("reply_minutes", 45.5)],
        ),
        (
            "Дата;Заказы;Повторные заказы;Отток\n09.11.2026;1204;300;\n",
            "cp1251",
            [("orders", 1204), ("repeat_orders", 300)],
        ),
        (
            "تاریخ,سفارش ها,شکایات\n۱۴۰۵/۰۸/۱۸,۱٬۲۰۴,۷\n",
            "utf-8",
            [("orders", 1204), ("complaints", 7)],
        ),
        (
            "date\tmetric\tvalue\n11/09/2026\torders\t12\n11/20/2025\tchurned\t3\n",
            "utf-16",
            [("orders", 12), ("churned", 3)],
        ),
    ],
)
def test_files_are_read_as_people_export_them(
    tmp_path: Path, text: str, encoding: str, wanted: list[tuple[str, float]]
) -> None:
    found = read(file(tmp_path, text, encoding=encoding))
    assert [(one[0], one[2]) for one in found if not isinstance(one, str)] == wanted
    assert len(found) == len(wanted)
    assert isinstance(found[0], tuple)
    assert found[0][1] == "2026-11-09"


def test_a_bad_cell_is_a_reject_and_the_rest_of_its_row_goes_on(
    store: Store, tmp_path: Path
) -> None:
    path = file(
        tmp_path,
        "day,orders,complaints\n2026-11-09,many,7\nsomeday,1,1\n2026-11-10,-4,2\n2026-11-10,5,2\n",
    )
    done = load_metrics(store, path, "Acme", "Europe/Prague", NOW)
    assert (done.saved.new, done.saved.rejects) == (3, 4)
    causes = {row["place"]: row["cause"] for row in store.rows("SELECT * FROM rejects")}
    assert causes == {
        "figures.csv:2": "orders: not a number: 'many'",
        "figures.csv:3": "no believable day: 'someday'",
        "figures.csv:4": "orders: -4 is below nought",
        "figures.csv, 2026-11-10": "complaints stands there twice for one day",
    }
    again = load_metrics(store, path, "Acme", "Europe/Prague", NOW)
    assert (again.saved.new, again.saved.changed, again.saved.unchanged) == (0, 0, 3)
    corrected = file(tmp_path, "day,complaints\n2026-11-09,8\n", "later.csv")
    assert load_metrics(store, corrected, "Acme", "Europe/Prague", NOW).saved.changed == 1


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("orders,complaints", "no column with the day"),
        ("day,colour", "no column is a metric"),
    ],
)
def test_a_file_without_what_is_needed_is_refused(tmp_path: Path, heading: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        columns_of(read_table(file(tmp_path, f"{heading}\n1,2\n")))


def test_an_unknown_metric_is_named_with_what_it_may_be(tmp_path: Path) -> None:
    found = read(file(tmp_path, "day,metric,value\n2026-11-09,order,3\n2026-11-09,nps,3\n"))
    assert found[0] == "unknown metric 'order'; did you mean 'orders'?"
    assert str(found[1]).startswith("unknown metric 'nps'; known: reply_minutes, complaints")


def test_weeks_sum_counts_average_replies_and_do_not_count_a_total_twice(
    store: Store, tmp_path: Path
) -> None:
    text = (
        "day,location,orders,repeat_orders,complaints,reply_minutes,churned,active\n"
        "2026-11-09,,100,20,1,30,2,1000\n"
        "2026-11-09,Brno,60,10,1,20,1,600\n"
        "2026-11-10,Brno,40,10,0,40,0,590\n"
        "2026-11-10,Praha,60,5,3,60,1,400\n"
        "2026-11-16,,10,,,,,\n"
    )
    load_metrics(store, file(tmp_path, text), "Acme", "Europe/Prague", NOW)
    week, later = store.rows("SELECT * FROM metrics_weekly ORDER BY week")
    assert (week["week"], week["days"]) == ("2026-11-09", 2)
    assert (week["orders"], week["repeat_orders"], week["complaints"]) == (200, 35, 4)
    assert week["reply_minutes"] == 40  # 30 on the first day, 50 on the second
    assert week["active"] == 990
    assert week["complaints_per_1000_orders"] == 20
    assert week["repeat_order_share"] == 17.5
    assert week["churned_share"] == pytest.approx(0.3, abs=0.01)
    assert (later["orders"], later["complaints"], later["churned_share"]) == (10, None, None)


SET, DUE = date(2026, 9, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("measure", "start", "goal", "now", "today", "share", "state"),
    [
        ("nps", 20, 40, 35, date(2026, 10, 16), 0.75, "on track"),
        ("nps", 20, 40, 25, date(2026, 10, 16), 0.25, "behind"),
        ("nps", 20, 40, 41, date(2026, 10, 16), 1.05, "attained"),
        ("nps", 20, 40, 39, date(2026, 12, 2), 0.95, "missed"),
        ("nps", None, 40, 30, date(2026, 10, 16), None, "behind"),
        ("nps", 20, 40, None, date(2026, 10, 16), None, "unknown"),
        ("reply_minutes", 60, 30, 40, date(2026, 10, 16), 2 / 3, "on track"),
        ("reply_minutes", 60, 30, 70, date(2026, 10, 16), -1 / 3, "behind"),
        ("reply_minutes", 60, 30, 29, date(2026, 10, 16), 31 / 30, "attained"),
        ("reply_minutes", 20, 30, 25, date(2026, 10, 16), None, "attained"),
    ],
)
def test_how_far_a_target_is(
    measure: str,
    start: float | None,
    goal: float,
    now: float | None,
    today: date,
    share: float | None,
    state: str,
) -> None:
    found = attainment(measure, goal, now, today, DUE, start, SET)
    assert found.state == state
    assert found.share == (None if share is None else pytest.approx(share))


def test_every_measure_that_is_better_when_low_is_one() -> None:
    assert set(MEASURES) > LOWER_IS_BETTER
