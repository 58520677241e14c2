"""The digest as mail: its parts, headers and ids as a mail reader parses them, and its sending."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from planted_store import NOW, OWN, WEEK, Planted

from monitor.digest.build import build
from monitor.digest.mail import MailError, message, message_id, send
from monitor.digest.render import Rendered, render

SENDER = "Monitor <monitor@shop.example>"
RECIPIENT = "Žofie Nová <zofie@shop.example>"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    planted = Planted(tmp_path_factory.mktemp("mail") / "monitor.db")
    planted.all_ran()
    planted.many(4, 4, 12, language="fa", text="بسته دیر رسید و کسی پاسخ نداد")
    digest = render(build(planted.store, OWN, WEEK, "fa", NOW))
    planted.store.close()
    return digest


def parsed(rendered: Rendered, **how: str | None) -> EmailMessage:
    identity = message_id(OWN, WEEK, RECIPIENT, SENDER)
    mail = message(rendered, SENDER, RECIPIENT, identity, NOW, **how)
    again = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert isinstance(again, EmailMessage)
    return again


def test_a_reader_finds_text_html_and_pictures(rendered: Rendered) -> None:
    mail = parsed(rendered)
    assert mail.get_content_type() == "multipart/alternative"
    plain, related = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().replace("\r\n", "\n") == rendered.text
    assert related.get_content_type() == "multipart/related"
    html, *pictures = related.iter_parts()
    assert html.get_content_type() == "text/html"
    assert html.get_content().split() == rendered.html.split()
    found = {part["Content-ID"]: part.get_content() for part in pictures}
    assert found == {f"<{name}>": png for name, png in rendered.images.items()}
    assert all(f"cid:{cid[1:-1]}" in html.get_content() for cid in found)
    assert {part.get_content_disposition() for part in pictures} == {"inline"}


def test_headers_survive_the_way(rendered: Rendered) -> None:
    mail = parsed(rendered, unsubscribe="mailto:monitor@shop.example?subject=stop")
    assert mail["Subject"] == rendered.subject
    assert mail["To"].addresses[0].display_name == "Žofie Nová"
    assert mail["To"].addresses[0].addr_spec == "zofie@shop.example"
    assert mail["Date"].datetime == NOW
    assert mail["List-Unsubscribe"] == "<mailto:monitor@shop.example?subject=stop>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.defects == []
    assert parsed(rendered)["List-Unsubscribe"] is None


def test_no_line_is_longer_than_servers_take(rendered: Rendered) -> None:
    mail = message(rendered, SENDER, RECIPIENT, "<a@b>", NOW)
    assert max(len(line) for line in mail.as_bytes().splitlines()) <= 998


def test_the_same_digest_has_the_same_id_and_no_other_has_it() -> None:
    first = message_id(OWN, WEEK, RECIPIENT, SENDER)
    assert first == message_id(OWN, WEEK, "zofie@SHOP.example", SENDER)
    assert first.endswith("@shop.example>")
    assert first != message_id("Kedrovo", WEEK, RECIPIENT, SENDER)
    assert first != message_id(OWN, WEEK, "jan@shop.example", SENDER)


def test_a_line_break_cannot_add_a_header(rendered: Rendered) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        message(rendered, SENDER, "a@b.example\r\nBcc: c@d.example", "<a@b>", NOW)


class Mailbox:
    """Takes every mail but those to `full@`, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("full@"):
            return "452 mailbox full"
        if address.startswith("gone@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def server() -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox, port
    controller.stop()


def test_a_server_takes_the_mail_whole(server: tuple[Mailbox, int], rendered: Rendered) -> None:
    mailbox, port = server
    send(message(rendered, SENDER, RECIPIENT, "<a@b>", NOW), host="127.0.0.1", port=port)
    assert mailbox.taken[0].rcpt_tos == ["zofie@shop.example"]
    content = mailbox.taken[0].content
    assert isinstance(content, bytes)
    again = message_from_bytes(content, policy=policy.default)
    assert again["Message-ID"] == "<a@b>"
    assert again["Subject"] == rendered.subject


def test_a_full_mailbox_is_tried_again_and_a_missing_one_is_not(
    server: tuple[Mailbox, int], rendered: Rendered
) -> None:
    for address, is_final in (("full@shop.example", False), ("gone@shop.example", True)):
        mail = message(rendered, SENDER, address, "<a@b>", NOW)
        with pytest.raises(MailError) as error:
            send(mail, host="127.0.0.1", port=server[1])
        assert error.value.is_final is is_final
    assert server[0].taken == []


def test_a_server_without_encryption_gets_no_password(
    server: tuple[Mailbox, int], rendered: Rendered
) -> None:
    mail = message(rendered, SENDER, RECIPIENT, "<a@b>", datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(MailError, match="STARTTLS") as error:
        send(
            mail,
            host="127.0.0.1",
            port=server[1],
            security="starttls",
            username="u",
            password="secret",
        )
    assert error.value.is_final
    assert "secret" not in str(error.value)
    assert server[0].taken == []


def test_a_server_that_is_down_is_tried_again(rendered: Rendered) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MailError, match=f"127.0.0.1:{port}") as error:
        send(message(rendered, SENDER, RECIPIENT, "<a@b>", NOW), host="127.0.0.1", port=port)
    assert not error.value.is_final
