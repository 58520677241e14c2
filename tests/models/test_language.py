"""The language of a text, and what happens when it cannot be told."""

import subprocess
import sys

import pytest

from models.language import Language, identify

LONG = {
    "ru": "Заказывал доставку на выходные, привезли вовремя и ничего не перепутали",
    "cs": "Zboží dorazilo druhý den a přesně odpovídá popisu na stránkách obchodu",
    "en": "The parcel arrived two days late and nobody answered the phone all week",
    "fa": "سفارش من دیر رسید و پشتیبانی هم هیچ جوابی نداد لطفا رسیدگی کنید",
    "uk": "Замовлення привезли вчасно, дуже задоволений якістю та обслуговуванням",
    "bg": "Поръчката пристигна навреме и съм много доволен от обслужването в магазина",
    "sk": "Tovar prišiel na druhý deň a presne zodpovedá popisu na stránke obchodu",
    "ar": "وصل الطلب متأخرا جدا ولم يرد أحد على الهاتف طوال الأسبوع الماضي",
    "ur": "آرڈر بہت دیر سے پہنچا اور کسی نے بھی فون کا جواب نہیں دیا",
}


@pytest.mark.parametrize(("code", "text"), LONG.items())
def test_a_sentence_is_recognised_without_a_hint(code: str, text: str) -> None:
    assert identify([text])[0].code == code


@pytest.mark.parametrize(("code", "text"), LONG.items())
def test_a_wrong_hint_does_not_override_a_clear_sentence(code: str, text: str) -> None:
    hint = "cs" if code != "cs" else "en"
    assert identify([text], [hint])[0].code == code


def test_czech_without_accents_is_czech() -> None:
    text = "zbozi dorazilo v poradku a rychle, jsem moc spokojena, mohu jen doporucit"
    assert identify([text])[0].code == "cs"


def test_persian_typed_with_arabic_letters_is_persian() -> None:
    assert identify(["كيفيت خيلي خوب بود و راضي هستم از خريدم"])[0].code == "fa"


@pytest.mark.parametrize("hint", ["cs", "en", "sk"])
def test_a_short_text_inherits_its_source(hint: str) -> None:
    assert identify(["super"], [hint]) == [Language(hint, 0.5)]


def test_a_short_text_in_another_script_does_not_inherit() -> None:
    assert identify(["супер"], ["en"])[0].code == "ru"


@pytest.mark.parametrize("text", ["", "   ", "👍👍", "10/10", "https://a.example/x @b"])
def test_a_text_without_letters_is_the_hint_or_other(text: str) -> None:
    assert identify([text]) == [Language("other", 0.0)]
    assert identify([text], ["fa"]) == [Language("fa", 0.5)]


@pytest.mark.parametrize(
    "text",
    [
        "Das Paket kam zwei Tage zu spät und niemand ging ans Telefon",
        "これはとても良い製品です。また買いたいと思います。",
        "המשלוח הגיע באיחור של יומיים ואף אחד לא ענה לטלפון",
    ],
)
def test_a_language_we_do_not_score_is_other(text: str) -> None:
    assert identify([text], ["en"])[0].code == "other"


def test_hints_must_match_texts() -> None:
    with pytest.raises(ValueError):
        identify(["a", "b"], ["en"])


def test_importing_the_module_loads_no_model() -> None:
    code = (
        "import sys, models.language, models.sentiment, models.ngram\n"
        "print([m for m in ('py3langid', 'numpy', 'torch', 'sklearn', 'scipy', 'transformers')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "source_language"),
    [
        ("zarovky 3 ks z 5 nesviti, to neni smula to je zmetek, uz nikdy", "cs"),
        ("ماهيتابه عاليه، كوكو خودش سر ميخوره تو بشقاب", "fa"),
    ],
)
def test_a_sentence_without_deciding_letters_is_in_the_language_of_its_source(
    text: str, source_language: str
) -> None:
    assert identify([text], [source_language])[0].code == source_language


def test_a_long_neighbour_is_itself_even_where_the_source_says_otherwise() -> None:
    text = "Приложението работи бавно, а поддръжката не отговаря от три дни и никой не се обажда"
    assert identify([text], ["ru"])[0].code == "bg"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("kheili ali bood, mamnoon", "fa"),
        ("keyfiat sefr, aslan pishnahad nemikonam", "fa"),
        ("Otlichnyi servis, spasibo, bystro privezli", "ru"),
        ("ochen plokho, dostavka uzhas", "ru"),
    ],
)
def test_russian_and_persian_in_latin_letters_are_themselves(text: str, hint: str) -> None:
    assert identify([text], [hint])[0].code == hint
    assert identify([text])[0].code == hint


@pytest.mark.parametrize("text", ["to je vse, dal ne", "na kole do prace, ne autem", "a bad dare"])
def test_czech_and_english_are_not_taken_for_another_script_typed_in_latin(text: str) -> None:
    for hint in ("ru", "fa", None):
        assert identify([text], [hint])[0].code not in ("ru", "fa")


@pytest.mark.parametrize(
    ("text", "code", "source_language"),
    [
        ("لا أنصح به أحدا، خسرت نقودي", "ar", "fa"),
        ("الخدمة جيدة لكن الأسعار مرتفعة", "ar", "fa"),
        ("قیمت بالاست، کیفیت بالاتر", "fa", "fa"),
        ("البته الان ارسال شد", "fa", "fa"),
        ("Квитки купили, дякую", "uk", "ru"),
        ("Не мога да вляза в профила, а търговецът мълчи", "bg", "ru"),
        ("подъезд и съезд, объём и въезд", "ru", "ru"),
    ],
)
def test_a_neighbour_in_a_source_of_another_language_keeps_its_name(
    text: str, code: str, source_language: str
) -> None:
    assert identify([text], [source_language])[0].code == code
