"""What is said of each aspect of a text, with the shipped weights."""

import dataclasses

import numpy as np
import pytest

from models.aspects import STAGES, Aspect, AspectReader
from models.aspects.gold import split_of
from models.sentiment import NGRAMS, Sentiment, open_sentiment


@pytest.fixture(scope="module")
def sentiment() -> Sentiment:
    return open_sentiment(NGRAMS)


@pytest.fixture(scope="module")
def reader(sentiment: Sentiment) -> AspectReader:
    return AspectReader(sentiment)


def labels(reader: AspectReader, language: str, text: str, kind: str = "review") -> dict[str, str]:
    return {found.aspect: found.label for found in reader.read([text], [language], [kind])[0]}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Доставка ужасно долгая, но качество отличное"),
        ("ru", "Привезли с опозданием на неделю, зато качество супер!"),
        ("cs", "Doručení trvalo strašně dlouho, ale kvalita je skvělá"),
        ("cs", "Doruceni trvalo strasne dlouho, ale kvalita je skvela"),
        ("fa", "ارسال خیلی دیر و افتضاح بود، ولی کیفیت عالی"),
        ("fa", "ارسال خيلي دير و افتضاح بود ولي كيفيت عالي"),
        ("en", "The delivery was terribly late but the quality is excellent"),
    ],
)
def test_one_text_scolds_the_delivery_and_praises_the_quality(
    reader: AspectReader, language: str, text: str
) -> None:
    assert labels(reader, language, text) == {"delivery": "negative", "quality": "positive"}


def test_persian_packaging_reads_alike_with_a_joiner_a_space_or_nothing(
    reader: AspectReader,
) -> None:
    for written in ("بسته‌بندی", "بسته بندی", "بستهبندی"):
        text = f"{written} افتضاح بود اما قیمت خوب و مناسب"
        assert labels(reader, "fa", text) == {"packaging": "negative", "price": "positive"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "цены очень высокие", "negative"),
        ("ru", "цены совсем невысокие, отличные цены", "positive"),
        ("cs", "cena je příliš vysoká", "negative"),
        ("en", "The prices are too high", "negative"),
        ("en", "The price was low, great", "positive"),
    ],
)
def test_high_is_bad_for_a_price(
    reader: AspectReader, language: str, text: str, expected: str
) -> None:
    assert labels(reader, language, text)["price"] == expected


def test_headings_say_whether_a_list_praises(reader: AspectReader) -> None:
    expected = {"price": "positive", "delivery": "negative", "packaging": "negative"}
    for language, text in [
        ("ru", "Плюсы: цена\nМинусы: доставка, упаковка"),
        ("cs", "Klady: cena\nZápory: doprava, obal"),
        ("en", "Pros: price\nCons: delivery, packaging"),
        ("fa", "مزایا: قیمت\nمعایب: ارسال، بسته‌بندی"),
    ]:
        assert labels(reader, language, text) == expected


def test_a_list_shares_one_praise(reader: AspectReader) -> None:
    found = labels(reader, "en", "Great food, service and prices.")
    assert found == {"food": "positive", "staff": "positive", "price": "positive"}


def test_a_clause_without_an_aspect_speaks_of_the_one_before(reader: AspectReader) -> None:
    assert labels(reader, "ru", "Доставка. Она опоздала на два дня, ужас!") == {
        "delivery": "negative"
    }
    found = reader.read(["The delivery. It was an awful nightmare!"], ["en"], ["review"])[0]
    assert [(a.aspect, a.label) for a in found] == [("delivery", "negative")]
    assert found[0].confidence < found[0].negative
    assert "nightmare" in found[0].clause


def test_a_new_sentence_is_not_taken_for_the_aspect_before(reader: AspectReader) -> None:
    text = "Delivery was quick and fine. My dog died yesterday, what a terrible awful week"
    assert labels(reader, "en", text)["delivery"] == "positive"


def test_a_question_says_nothing_good_or_bad(reader: AspectReader) -> None:
    assert labels(reader, "ru", "Подскажите, сколько стоит доставка?", "post") == {
        "delivery": "neutral"
    }


def test_speed_of_a_delivery_is_about_the_delivery(reader: AspectReader) -> None:
    assert labels(reader, "en", "The courier was very fast") == {"delivery": "positive"}
    assert "speed" in labels(reader, "en", "We waited forever in a queue")


def test_each_aspect_comes_once_with_its_evidence(reader: AspectReader) -> None:
    text = "Staff were friendly. Later the staff were terribly rude and awful!"
    found = reader.read([text], ["en"], ["review"])[0]
    assert [aspect.aspect for aspect in found] == ["staff"]
    assert found[0].clause in text
    assert found[0].stage == STAGES["staff"] == "visit"
    assert np.isclose(found[0].negative + found[0].neutral + found[0].positive, 1, atol=1e-5)


def test_own_terms_and_aspects_are_read_and_change_the_revision(
    reader: AspectReader, sentiment: Sentiment
) -> None:
    own = AspectReader(sentiment, extra={"loyalty": ["klubov* kart*"], "price": ["plovoucí sazba"]})
    found = own.read(["Klubová karta je skvělá"], ["cs"], ["review"])[0]
    assert [(a.aspect, a.stage, a.label) for a in found] == [("loyalty", None, "positive")]
    assert reader.read(["Klubová karta je skvělá"], ["cs"], ["review"]) == [[]]
    assert own.revision != reader.revision
    assert reader.revision == AspectReader(sentiment).revision
    with pytest.raises(ValueError, match="cannot be read"):
        AspectReader(sentiment, extra={"price": ["in*side"]})


def test_other_languages_have_no_aspects(reader: AspectReader) -> None:
    texts = ["Das Essen war gut, die Lieferung schlecht", "price", "ціна висока"]
    assert reader.read(texts, ["de", "other", "uk"]) == [[], [], []]


def test_a_batch_reads_like_its_texts_one_by_one(reader: AspectReader) -> None:
    texts = ["Доставка ужас", "", "no aspects", "Skvělá cena, ale obal rozbitý", "قیمت خوب"] * 120
    languages = ["ru", "ru", "en", "cs", "fa"] * 120
    together = reader.read(texts, languages)
    for place in range(5):
        alone = reader.read([texts[place]], [languages[place]])[0]
        for one, other in zip(alone, together[place], strict=True):
            assert one.label == other.label
            assert abs(one.confidence - other.confidence) < 1e-4
    assert [len(found) for found in together[:5]] == [1, 0, 0, 2, 1]


@pytest.mark.parametrize(
    "text",
    [
        "", "\n\n", "price", "цена\x00", "\ud800 price", "price " * 20_000, "но " * 5_000,
        "😀" * 3_000, "قیمت\u200c" * 2_000, "<b>cena</b>", "ＰＲＩＣＥ", "price\ue000bad",
    ],
)  # fmt: skip
def test_hostile_texts_are_read_without_an_error(reader: AspectReader, text: str) -> None:
    for language in ("ru", "cs", "fa", "en"):
        for aspect in reader.read([text], [language], ["review"])[0]:
            assert len(aspect.clause) <= 400
            assert 0 <= aspect.confidence <= 1


def test_lengths_that_differ_are_refused(reader: AspectReader) -> None:
    with pytest.raises(ValueError, match="as many as"):
        reader.read(["a"], ["en", "ru"])


def test_an_aspect_cannot_be_changed(reader: AspectReader) -> None:
    found = reader.read(["Great price"], ["en"])[0][0]
    assert isinstance(found, Aspect)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.label = "negative"  # type: ignore[misc]


def test_two_spellings_of_a_text_fall_into_one_split() -> None:
    assert split_of("كيفيت عالي!") == split_of("کیفیت عالی")
    assert {split_of(str(n)) for n in range(200)} == {"train", "dev", "test"}
