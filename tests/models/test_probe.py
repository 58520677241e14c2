"""What eight plain sentences a language tell of a checkpoint, and of labels that say nothing."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from test_checkpoint import word_tokenizer

from models.checkpoint import CheckpointSentiment
from models.probe import PER_LANGUAGE, SENTENCES, described, probe
from models.sentiment import open_sentiment

POLAR = {
    "negative": "Terrible waste broke bad Disgusting never worst avoid",
    "positive": "Wonderful loved Excellent perfectly Amazing certainly best highly recommended",
}


def english_only(folder: Path, labels: Mapping[int, str], order: tuple[str, ...]) -> Path:
    """A real one-layer BERT that knows twenty English words; `order` says what each label means.

    Its weights are set, not trained: a polar word's embedding points to its side, and the
    classifier reads that side, so that it reads English and guesses at the rest.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    words = {side: text.lower().split() for side, text in POLAR.items()}
    known = [*words["negative"], *words["positive"]]
    first = word_tokenizer(folder, known, longest=64, lower=True) - len(known)
    config = BertConfig(
        vocab_size=first + len(known),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=64,
        num_labels=len(labels),
        id2label=dict(labels),
        label2id={name: place for place, name in labels.items()},
    )
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        bert = model.bert
        for norm in [m for m in model.modules() if isinstance(m, torch.nn.LayerNorm)]:
            norm.weight.fill_(1.0)
        for side, sign in (("negative", -1.0), ("positive", 1.0)):
            for word in words[side]:
                bert.embeddings.word_embeddings.weight[first + known.index(word), 0] = 3 * sign
        attention = bert.encoder.layer[0].attention
        attention.self.value.weight.copy_(torch.eye(8))
        attention.output.dense.weight.copy_(10 * torch.eye(8))
        bert.pooler.dense.weight.copy_(torch.eye(8))
        for place, meaning in enumerate(order):
            model.classifier.weight[place, 0] = {"negative": -9, "neutral": 0, "positive": 9}[
                meaning
            ]
            model.classifier.bias[place] = 0.5 if meaning == "neutral" else 0.0
    model.save_pretrained(folder)
    return folder


def test_the_embedded_model_reads_every_plain_sentence() -> None:
    assert probe(open_sentiment()) == dict.fromkeys(SENTENCES, PER_LANGUAGE)


def test_a_checkpoint_says_which_languages_it_reads(tmp_path: Path) -> None:
    labels = {0: "positive", 1: "neutral", 2: "negative"}
    folder = english_only(tmp_path, labels, ("positive", "neutral", "negative"))
    passed = CheckpointSentiment.open(str(folder)).probed
    assert passed["en"] == PER_LANGUAGE
    assert all(passed[code] < 6 for code in ("ru", "cs", "fa"))
    assert described(passed).endswith("en 8/8")


@pytest.mark.parametrize(
    "order", [("positive", "neutral", "negative"), ("negative", "neutral", "positive")]
)
def test_bare_labels_are_told_by_what_they_do(tmp_path: Path, order: tuple[str, ...]) -> None:
    labels = {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}
    scorer = CheckpointSentiment.open(str(english_only(tmp_path, labels, order)))
    assert scorer.columns == tuple(("negative", "neutral", "positive").index(x) for x in order)
    assert scorer.score(["a terrible waste", "excellent, loved"]).argmax(axis=1).tolist() == [0, 2]


def test_bare_labels_that_nothing_tells_are_refused(tmp_path: Path) -> None:
    labels = {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}
    folder = english_only(tmp_path, labels, ("neutral", "neutral", "neutral"))
    with pytest.raises(ValueError, match="cannot tell what the labels"):
        CheckpointSentiment.open(str(folder))


def test_whoever_scores_with_a_checkpoint_is_told_what_it_reads(tmp_path: Path) -> None:
    folder = english_only(tmp_path, {0: "neg", 1: "pos"}, ("negative", "positive"))
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "classify", "--model", str(folder)],
        input="a terrible waste\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["label"] == "negative"
    said = done.stderr.strip().splitlines()[-1]
    assert "licence unstated" in said and "en 8/8" in said and "neutral is a band" in said


def test_a_commit_in_the_name_is_read_and_a_folder_with_an_at_sign_is_a_folder(
    tmp_path: Path,
) -> None:
    labels = {0: "negative", 1: "neutral", 2: "positive"}
    folder = english_only(tmp_path / "me@home", labels, ("negative", "neutral", "positive"))
    assert open_sentiment(str(folder)).score(["excellent"]).argmax() == 2
    with pytest.raises(FileNotFoundError, match="nobody/nothing"):
        open_sentiment("nobody/nothing@0123456789abcdef0123456789abcdef01234567")
