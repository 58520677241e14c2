"""Nobody's e-mail address or phone number is kept; prices, dates and order numbers are."""

from __future__ import annotations

import pytest

from monitor.normalise.personal_data import mask, pseudonym


@pytest.mark.parametrize(
    "number",
    [
        # Czech
        "777 123 456", "777123456", "777-123-456", "+420 777 123 456", "+420777123456",
        "00420 608 123 456", "(+420) 777 123 456", "420777123456", "605.123.456",
        # Russian
        "8 (916) 123-45-67", "+7 916 123-45-67", "+7(916)1234567", "89161234567",
        "8-916-123-45-67", "(495) 123-45-67", "8 800 555-35-35", "9161234567",
        # Iranian
        "۰۹۱۲۳۴۵۶۷۸۹", "0912 345 6789", "+98 912 345 6789", "۰۹۱۲-۳۴۵-۶۷۸۹", "021-88776655",
        "٠٩١٢٣٤٥٦٧٨٩", "+۹۸۹۱۲۳۴۵۶۷۸۹",
        # British, American, others
        "020 7946 0958", "07911 123456", "+44 20 7946 0958", "(555) 123-4567", "+1 415 555 2671",
        "+49 30 123456",
    ],
)  # fmt: skip
def test_phone_numbers_are_masked(number: str) -> None:
    assert mask(f"Ozvěte se: {number}, prosím") == ("Ozvěte se: [phone], prosím", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tel. 222 333 444", "tel. [phone]"),
        ("звоните 495 123-45-67", "звоните [phone]"),
        ("Позвоните мне: 123-45-67", "Позвоните мне: [phone]"),
        ("call 415-555-2671 now", "call [phone] now"),
        ("تلفن: ۸۸۷۷۶۶۵۵", "تلفن: [phone]"),
        ("objednávka 605123456, tel 605123457", "objednávka 605123456, tel [phone]"),
        ("tel 605 123 456 nebo 605 123 457", "tel [phone] nebo [phone]"),
    ],
)
def test_a_word_before_says_that_a_number_is_a_phone(text: str, expected: str) -> None:
    assert mask(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "objednávka č. 777123456", "objednávka číslo 777 123 456", "Faktura: 605123456",
        "variabilní symbol 605123456", "účet 123456789/0800", "zásilka 777123456",
        "заказ №89161234567", "номер заказа: 89161234567", "трек 80012345678901", "ИНН 7707083893",
        "شماره سفارش ۰۹۱۲۳۴۵۶۷۸۹", "کد رهگیری ۰۹۱۲۳۴۵۶۷۸۹", "order 4155552671",
        "tracking number 777 123 456", "IMEI 356938035643809", "EAN 8594001234567",
        "Cena 250 000 000 Kč", "12 000 Kč", "12.990,-", "999 999 999 руб.", "$ 777 123 456",
        "قیمت ۱۲۰۰۰۰۰۰ تومان", "قیمت ۷۷۷ ۱۲۳ ۴۵۶ تومان", "купил телефон за 1 299 000",
        "12.03.2026 15:30", "2026-03-12 10:00", "2026-03-12T10:00:00", "v letech 2019-2026",
        "10:30-11:45", "1403/06/06", "12/03/2026 - 14/03/2026", "9. 12. 2025 20:15:30",
        "4111 1111 1111 1111", "192.168.100.200", "10 20 30 40 50", "hodnocení 10/10 10/10",
        "http://shop.example/777123456", "2 000 000 000 lidí", "1234567", "5,5 5,5 5,5", "4.5/5",
        "rok 2026", "v2.10.1234567", "1 000 000",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == (text, 0)


@pytest.mark.parametrize(
    "address",
    ["jana.novakova@seznam.cz", "a+b@mail.example.co.uk", "имя@почта.рф", "name (at) example.com",
     "name [at] example [dot] com", "name(собака)mail.ru", "jmeno (zavináč) seznam.cz",
     "name @ example.cz", "NAME@EXAMPLE.COM", "info＠shop.ir"],
)  # fmt: skip
def test_mail_addresses_are_masked(address: str) -> None:
    assert mask(f"Napište na {address}!") == ("Napište na [e-mail]!", 1)


@pytest.mark.parametrize(
    "text", ["@shop_cz hello", "5 ks @ 100 Kč", "a@b", "me (at) home", "@", "a @ b"]
)
def test_what_is_no_address_stays(text: str) -> None:
    assert mask(text) == (text, 0)


def test_several_are_counted() -> None:
    text = "jana@x.example nebo 777 123 456, v práci +420 605 123 456"
    assert mask(text) == ("[e-mail] nebo [phone], v práci [phone]", 3)


def test_masking_again_changes_nothing() -> None:
    once, _ = mask("jana@x.example 777 123 456 8 (916) 123-45-67")
    assert mask(once) == (once, 0)


def test_one_author_has_one_pseudonym() -> None:
    name = pseudonym("Jana Nováková", b"key")
    assert name is not None
    assert len(name) == 16
    assert int(name, 16) >= 0
    for same in (
        " jana  nováková ",
        "JANA NOVÁKOVÁ",
        "Jana Nova\u0301kova\u0301",
        "@Jana Nováková",
    ):
        assert pseudonym(same, b"key") == name
    assert pseudonym("علي كريمي", b"key") == pseudonym("علی کریمی", b"key")


def test_pseudonyms_depend_on_name_and_key() -> None:
    names = {pseudonym(name, key) for name in ("Jana", "Petr") for key in (b"", b"a", b"b" * 500)}
    assert len(names) == 6


@pytest.mark.parametrize("name", [None, "", "  ", "@", "\u200c"])
def test_nobody_stays_nobody(name: str | None) -> None:
    assert pseudonym(name, b"key") is None
