"""A transformers folder becomes a scorer: labels by name, order kept, nothing guessed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from models.catalogue import CHECKPOINTS, known
from models.checkpoint import CheckpointSentiment, class_columns, three_classes
from models.sentiment import open_sentiment

WORDS = ["good", "bad", "phone", "the", "is", "very", "not", "a", "slow", "fast"]


def word_tokenizer(folder: Path, words: Sequence[str], longest: int, lower: bool = False) -> int:
    """Writes a real tokenizer of whole words; returns how many tokens it knows."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words]
    vocabulary = {token: place for place, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    if lower:
        tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=longest,
    ).save_pretrained(folder)
    return len(tokens)


def tiny_bert(folder: Path, labels: Mapping[int, str]) -> Path:
    """A real, randomly initialised BERT of two small layers with a real tokenizer."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    size = word_tokenizer(folder, WORDS, longest=16)
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=size,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=16,
        num_labels=len(labels),
        id2label=dict(labels),
        label2id={name: place for place, name in labels.items()},
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


TEXTS = ["the phone is good", "bad", "", "very very slow phone " * 20, "not a fast phone"]


def test_scores_keep_the_order_of_texts_and_sum_to_one(tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path, {0: "Positive", 1: "neutral", 2: "NEGATIVE"})
    scorer = open_sentiment(str(folder), batch_size=2)
    together = scorer.score(TEXTS)
    assert together.shape == (5, 3)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    alone = np.concatenate([scorer.score([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert len({tuple(row) for row in together.round(3).tolist()}) > 2


def test_columns_follow_label_names_not_their_places(tmp_path: Path) -> None:
    import torch

    folder = tiny_bert(tmp_path, {0: "positive", 1: "neutral", 2: "negative"})
    scorer = CheckpointSentiment.open(str(folder))
    tokens = scorer.tokenizer([TEXTS[0]], return_tensors="pt")
    with torch.inference_mode():
        own = torch.softmax(scorer.model(**tokens).logits, dim=-1).numpy()[0]
    np.testing.assert_allclose(scorer.score([TEXTS[0]])[0], own[::-1], atol=1e-5)


def test_five_stars_are_summed_not_chosen() -> None:
    columns = class_columns(["1 star", "2 stars", "3 stars", "4 stars", "5 stars"])
    scored = three_classes(np.array([[0.2, 0.2, 0.35, 0.15, 0.1]], np.float32), columns)
    np.testing.assert_allclose(scored, [[0.4, 0.35, 0.25]], atol=1e-6)


def test_very_negative_to_very_positive_are_understood() -> None:
    labels = ["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"]
    assert class_columns(labels) == (0, 0, 1, 2, 2)


def test_two_classes_get_a_neutral_band_and_say_so(tmp_path: Path) -> None:
    scored = three_classes(np.array([[0.5, 0.5], [0.9, 0.1], [0.0, 1.0]], np.float32), (0, 2))
    assert scored.argmax(axis=1).tolist() == [1, 0, 2]
    np.testing.assert_allclose(scored.sum(axis=1), 1, atol=1e-6)
    assert scored[2].tolist() == [0, 0, 1]
    folder = tiny_bert(tmp_path, {0: "NEG", 1: "POS"})
    assert not CheckpointSentiment.open(str(folder)).native_neutral


def test_bare_labels_are_refused_until_a_map_explains_them(tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path, {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"})
    with pytest.raises(ValueError, match="label map"):
        open_sentiment(str(folder))
    mapping = {"LABEL_0": "negative", "label_1": "neutral", "LABEL_2": "Positive"}
    assert open_sentiment(str(folder), label_map=mapping).score(["good"]).shape == (1, 3)


def test_labels_that_are_no_sentiment_are_refused() -> None:
    with pytest.raises(ValueError, match="joy"):
        class_columns(["joy", "anger"])
    with pytest.raises(ValueError, match="empty"):
        class_columns(["neutral", "positive"])


def test_a_missing_checkpoint_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        open_sentiment(str(tmp_path / "nowhere"))


def test_pickled_weights_are_not_read(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    folder = tiny_bert(tmp_path, {0: "negative", 1: "neutral", 2: "positive"})
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(FileNotFoundError):
        open_sentiment(str(folder))


def test_the_revision_follows_the_weights(tmp_path: Path) -> None:
    labels = {0: "negative", 1: "neutral", 2: "positive"}
    first = CheckpointSentiment.open(str(tiny_bert(tmp_path / "a", labels)))
    weights = tmp_path / "a" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    assert CheckpointSentiment.open(str(tmp_path / "a")).revision != first.revision


def test_the_catalogue_maps_every_label_it_lists() -> None:
    assert len(CHECKPOINTS) >= 8
    for each in CHECKPOINTS:
        if ".." not in each.labels:
            assert 0 in class_columns(each.labels.split(", "), each.label_map)
    found = known("nlptown/bert-base-multilingual-uncased-sentiment")
    assert found is not None and found.licence == "MIT"
    assert known("nobody/nothing") is None
