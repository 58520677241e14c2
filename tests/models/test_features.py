"""Hashed features are the same alone and in a batch, and tell texts apart."""

from models.features import hashed_features


def buckets(texts: list[str]) -> list[set[int]]:
    found = hashed_features(texts, 20)
    result: list[set[int]] = [set() for _ in texts]
    for row, bucket in zip(found.rows.tolist(), found.buckets.tolist(), strict=True):
        result[row].add(bucket)
    return result


def test_a_text_has_the_same_features_alone_and_between_others() -> None:
    texts = ["ne dobrý den", "", "отлично", "ab", "👍", "خیلی خوب بود"]
    assert buckets(texts) == [buckets([text])[0] for text in texts]


def test_features_are_words_their_neighbours_and_runs_inside_words() -> None:
    # " ab ": the word, as first and as last, and the runs " ab", "ab ", " ab " of the framed word.
    assert len(buckets(["ab"])[0]) == 6
    # Twice the word and its runs, the pair, one first and one last word.
    assert len(buckets(["ab cd"])[0]) == 2 * 4 + 1 + 2
    # Three times, two pairs, a triple, a pair with a gap, one first and one last word.
    assert len(buckets(["ab cd ef"])[0]) == 3 * 4 + 2 + 1 + 1 + 2


def test_order_of_words_matters() -> None:
    forward, backward = buckets(["not good", "good not"])
    # The pair, the first word and the last word each way.
    assert len(forward ^ backward) == 6


def test_repeating_a_word_adds_nothing_to_its_runs() -> None:
    once, twice = buckets(["good", "good good"])
    assert once < twice
    assert len(twice - once) == 1


def test_no_text_has_no_features() -> None:
    assert hashed_features([], 20).count == 0
    assert buckets([""]) == [set()]


def test_features_are_sorted_by_text() -> None:
    rows = hashed_features(["one two", "three", "four five six"], 18).rows
    assert (rows[1:] >= rows[:-1]).all()
