"""A digest is stored once a recipient and week, together with its one delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from planted_store import NOW, OWN, WEEK, Planted

from monitor.errors import UsageError
from monitor.store import alerts, digests
from monitor.store.digests import NewDigest

NEW = NewDigest(
    brand=OWN,
    week=WEEK,
    recipient="Ann <ann@shop.example>",
    language="en",
    message_id="<digest-1@shop.example>",
    subject="Zelvano: nothing changed",
    html="<p>Nothing changed</p>",
    text="Nothing changed",
)


def deliveries(planted: Planted) -> list[tuple[object, ...]]:
    rows = planted.store.rows("SELECT digest_id, channel, state, attempts FROM deliveries")
    return [tuple(row) for row in rows]


def test_a_digest_waits_for_its_recipient(planted: Planted) -> None:
    digest_id = digests.save(planted.store, NEW, NOW)
    assert deliveries(planted) == [(digest_id, "mailto:ann@shop.example", "pending", 0)]
    assert digest_id is not None
    assert [one.digest_id for one in alerts.due(planted.store, NOW)] == [digest_id]
    stored = digests.by_id(planted.store, digest_id)
    assert stored is not None
    assert (stored.html, stored.week) == (NEW.html, WEEK)
    assert alerts.due(planted.store, NOW - timedelta(seconds=1)) == []


def test_a_second_digest_for_the_same_week_changes_nothing(planted: Planted) -> None:
    digests.save(planted.store, NEW, NOW)
    again = replace(
        NEW,
        recipient="A. Smith <ann@shop.example>",
        html="<p>Other</p>",
        message_id="<digest-2@shop.example>",
    )
    assert digests.save(planted.store, again, NOW) is None
    assert len(deliveries(planted)) == 1
    kept = digests.find(planted.store, OWN, WEEK, "ann@shop.example")
    assert kept is not None
    assert kept.html == NEW.html


def test_another_recipient_gets_a_digest_of_their_own(planted: Planted) -> None:
    digests.save(planted.store, NEW, NOW)
    other = replace(NEW, recipient="jan@shop.example", message_id="<digest-2@shop.example>")
    assert digests.save(planted.store, other, NOW) is not None
    assert len(deliveries(planted)) == 2


def test_a_sent_digest_is_not_due_again(planted: Planted) -> None:
    digests.save(planted.store, NEW, NOW)
    planted.store.conn.execute("UPDATE deliveries SET state = 'sent'")
    assert alerts.due(planted.store, NOW + timedelta(days=1)) == []


def test_without_its_delivery_no_digest_is_kept(planted: Planted) -> None:
    planted.store.conn.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON deliveries BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="no"):
        digests.save(planted.store, NEW, NOW)
    assert digests.find(planted.store, OWN, WEEK, NEW.recipient) is None


def test_what_is_not_there_is_none(planted: Planted) -> None:
    assert digests.find(planted.store, OWN, WEEK, "nobody@shop.example") is None
    assert digests.by_id(planted.store, 17) is None


def test_a_digest_of_an_unknown_brand_is_refused(planted: Planted) -> None:
    with pytest.raises(UsageError, match="Nobody"):
        digests.save(planted.store, replace(NEW, brand="Nobody"), NOW)
