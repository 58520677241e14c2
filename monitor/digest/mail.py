"""A rendered digest as an e-mail message, and the message handed to a mail server."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Literal

from monitor.digest.render import Rendered
from monitor.errors import MonitorError
from monitor.records import Week

Security = Literal["none", "starttls", "tls"]

TIMEOUT_SECONDS = 30.0


class MailError(MonitorError):
    """The server did not take a message: says which server and why, never the password.

    `is_final` is True where trying again cannot help: the server refused the recipient or the
    message for good (SMTP 5xx), or it lacks the encryption that was asked for.
    """

    def __init__(self, text: str, *, is_final: bool) -> None:
        super().__init__(text)
        self.is_final = is_final


def message_id(brand: str, week: Week, recipient: str, sender: str) -> str:
    """The same id for the same digest to the same mailbox: a mail sent twice shows once.

    `<digest-2026-11-16-0f3a...@domain of the sender>`; RFC 5322, 3.6.4.
    """
    mailbox = parseaddr(recipient)[1].casefold()
    key = "\x1f".join((brand, week.start.isoformat(), week.end.isoformat(), mailbox))
    digest = hashlib.sha256(key.encode()).hexdigest()[:24]
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<digest-{week.start.isoformat()}-{digest}@{domain}>"


def message(
    rendered: Rendered,
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
    unsubscribe: str | None = None,
) -> EmailMessage:
    """The mail: plain text, and beside it HTML with its pictures inside.

    `rendered` must have its charts as `cid`; `unsubscribe` is a `mailto:` or `https:` address that
    mail readers show as a button. Raises `ValueError` for a line break in an address.
    """
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = rendered.subject
    mail["From"] = sender
    mail["To"] = recipient
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = message_id
    # RFC 3834: holiday notices must not answer a machine.
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype="html")
    html = mail.get_payload(1)
    assert isinstance(html, EmailMessage)
    for name, png in rendered.images.items():
        html.add_related(png, "image", "png", cid=f"<{name}>", filename=name, disposition="inline")
    return mail


def send(
    message: EmailMessage,
    *,
    host: str,
    port: int,
    security: Security = "none",
    username: str | None = None,
    password: str | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> None:
    """Hands the message to the server and returns when it took it; raises `MailError` otherwise.

    With `starttls` and `tls` the server's certificate is checked, and nothing is sent without
    encryption.
    """
    try:
        with _connection(host, port, security, timeout_seconds) as server:
            if security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if username is not None and password is not None:
                server.login(username, password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _refused(host, port, code, reason) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(host, port, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(f"mail server {host}:{port}: {error}", is_final=True) from error
    except (smtplib.SMTPException, OSError) as error:
        cause = str(error) or type(error).__name__
        raise MailError(f"mail server {host}:{port}: {cause}", is_final=False) from error


def _connection(host: str, port: int, security: Security, timeout: float) -> smtplib.SMTP:
    if security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=timeout)


def _refused(host: str, port: int, code: int, reason: bytes | str) -> MailError:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    # An account that is refused may be let in tomorrow: a password is changed, a lock expires.
    is_final = 500 <= code < 600 and code not in (530, 534, 535)
    return MailError(f"mail server {host}:{port} answered {code} {text}", is_final=is_final)
