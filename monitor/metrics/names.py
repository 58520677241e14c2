"""The metrics that are known: what each is, how days are put together, how columns call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a day. `over` says how days become a week: counts are summed, levels averaged."""

    name: str
    what: str
    over: Literal["sum", "mean", "last"]
    higher_is_better: bool
    words: tuple[str, ...]
    """Headings as people write them, folded (`monitor.tables.headings.fold`)."""


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "reply_minutes",
            "minutes until a customer is answered, mean of the day",
            "mean",
            False,
            (
                *("reply minutes", "response minutes", "response time", "reply time"),
                *("first response time", "first reply time", "время ответа", "минут до ответа"),
                *(
                    "doba odpovedi",
                    "cas odpovedi",
                    "minut do odpovedi",
                    "زمان پاسخ",
                    "دقیقه تا پاسخ",
                ),
            ),
        ),
        Metric(
            "complaints",
            "complaints that came in",
            "sum",
            False,
            (
                "complaints",
                "жалобы",
                "жалоб",
                "претензии",
                "stiznosti",
                "reklamace",
                "شکایت",
                "شکایات",
            ),
        ),
        Metric(
            "repeat_contacts",
            "people who had to ask again about the same thing",
            "sum",
            False,
            (
                *("repeat contacts", "repeat calls", "reopened", "reopened tickets"),
                *("повторные обращения", "повторных обращений", "opakovane kontakty"),
                *("opakovane dotazy", "تماس مجدد", "تماس های مجدد"),
            ),
        ),
        Metric(
            "orders",
            "orders",
            "sum",
            True,
            ("orders", "заказы", "заказов", "objednavky", "سفارش", "سفارش ها", "سفارشات"),
        ),
        Metric(
            "repeat_orders",
            "orders of customers who had ordered before",
            "sum",
            True,
            (
                *("repeat orders", "returning orders", "repeat purchases", "повторные заказы"),
                *("повторных заказов", "повторные покупки", "opakovane objednavky"),
                *("opakovane nakupy", "خرید مجدد", "سفارش مجدد"),
            ),
        ),
        Metric(
            "churned",
            "customers who left",
            "sum",
            False,
            (
                *("churned", "churn", "cancelled customers", "lost customers", "ушедшие клиенты"),
                *("отток", "ушло", "odchozi zakaznici", "odesli", "ریزش", "مشتریان از دست رفته"),
            ),
        ),
        Metric(
            "active",
            "customers at the end of the day",
            "last",
            True,
            (
                *(
                    "active",
                    "active customers",
                    "customers",
                    "активные клиенты",
                    "активных клиентов",
                ),
                *("aktivni zakaznici", "aktivni", "مشتریان فعال", "فعال"),
            ),
        ),
    )
}

DAY = (*("day", "date", "дата", "день", "datum", "den", "تاریخ", "روز"),)
BRAND = ("brand", "бренд", "znacka", "برند")
NAME = ("metric", "measure", "name", "показатель", "метрика", "ukazatel", "metrika", "شاخص")
VALUE = ("value", "amount", "значение", "hodnota", "مقدار")


def metric_called(text: str) -> Metric | None:
    """The metric of a folded heading; None where it is none of them."""
    for metric in METRICS.values():
        if text == metric.name.replace("_", " ") or text in metric.words:
            return metric
    return None
