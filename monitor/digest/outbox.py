"""Digests that are due are written as rows, kept as files, and mailed by the outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from monitor.alerts.deliver import DeliveryError
from monitor.config import Digest as DigestSettings
from monitor.config import Recipient, Settings
from monitor.digest import mail
from monitor.digest.build import build
from monitor.digest.due import last_digest_time
from monitor.digest.render import render, reopened
from monitor.records import Week
from monitor.store import Store, digests
from monitor.store.times import local_day, to_text, week_of


def write_due(store: Store, settings: Settings, now: datetime) -> list[str]:
    """Writes the digests whose time has come and that are not written yet; returns their subjects.

    Due is the digest of the last week that was over at the last digest time of the brand's zone, so
    one that was missed while the machine was off is written when it is on again. A brand of which
    nothing was ever collected gets none: its first digest follows its first collection.
    """
    written = []
    for recipient in settings.digest.recipients:
        zone = settings.brand(recipient.brand).timezone
        moment = last_digest_time(settings.digest.weekly, zone, now)
        if not _has_begun(store, recipient.brand, moment):
            continue
        subject = write(
            store, settings, recipient, week_before(store, recipient.brand, moment), now
        )
        if subject is not None:
            written.append(subject)
    return written


def write(
    store: Store, settings: Settings, recipient: Recipient, week: Week, now: datetime
) -> str | None:
    """Writes one digest: a row with its pending delivery, and files in the archive.

    None when this recipient has the digest of that week already.
    """
    if digests.find(store, recipient.brand, week, recipient.to) is not None:
        return None
    base_url = settings.digest.base_url
    digest = build(store, recipient.brand, week, recipient.language, now)
    rendered = render(digest, charts="data", base_url=str(base_url) if base_url else None)
    new = digests.NewDigest(
        brand=recipient.brand,
        week=week,
        recipient=recipient.to,
        language=recipient.language,
        message_id=mail.message_id(
            recipient.brand, week, recipient.to, settings.digest.smtp.sender
        ),
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
    )
    if digests.save(store, new, now) is None:
        return None
    _archive(settings.resolve(settings.digest.archive), new)
    return rendered.subject


def digest_sender(store: Store, settings: DigestSettings) -> Callable[[int, str], None]:
    """What mails a stored digest; it raises `DeliveryError` when the server did not take it."""

    def send(digest_id: int, mailbox: str) -> None:
        stored = digests.by_id(store, digest_id)
        if stored is None:
            raise DeliveryError(f"digest {digest_id} is not in the store any more")
        smtp = settings.smtp
        message = mail.message(
            reopened(stored.subject, stored.html, stored.text),
            sender=smtp.sender,
            recipient=mailbox,
            message_id=stored.message_id,
            date=stored.created_at,
            unsubscribe=f"mailto:{digests.mailbox(smtp.sender)}?subject=unsubscribe",
        )
        try:
            mail.send(
                message,
                host=smtp.host,
                port=smtp.port,
                security=smtp.security,
                username=smtp.username,
                password=smtp.password.reveal() if smtp.password else None,
            )
        except (mail.MailError, ValueError) as error:
            raise DeliveryError(str(error)) from None

    return send


def week_before(store: Store, brand: str, moment: datetime) -> Week:
    """The brand's last week that was over at `moment`."""
    row = store.rows("SELECT timezone, week_start FROM brands WHERE name = ?", (brand,))[0]
    today = local_day(moment, row["timezone"])
    return week_of(week_of(today, row["week_start"]).start - timedelta(days=1), row["week_start"])


def _has_begun(store: Store, brand: str, moment: datetime) -> bool:
    """True when a source of the brand was collected, or a file imported, by then or since."""
    return bool(
        store.value(
            "SELECT 1 FROM sources s JOIN brands b ON b.id = s.brand_id WHERE b.name = ?1 AND ("
            " EXISTS (SELECT 1 FROM crawl_runs r WHERE r.source_id = s.id AND r.finished_at <= ?2)"
            " OR EXISTS (SELECT 1 FROM mentions m WHERE m.source_id = s.id)) LIMIT 1",
            (brand, to_text(moment)),
        )
    )


def _archive(folder: Path, digest: digests.NewDigest) -> Sequence[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    slug = "".join(char if char.isalnum() else "-" for char in digest.brand.lower())
    name = f"{slug}-{digest.week.start.isoformat()}-{digest.language}"
    paths = (folder / f"{name}.html", folder / f"{name}.txt")
    for path, content in zip(paths, (digest.html, digest.text), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths
