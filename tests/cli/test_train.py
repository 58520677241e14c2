"""`monitor train` and `monitor models`: labels in, a folder out, and that folder in use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import Call, Config, put
from support import make_mention as m

WORDS = {
    "positive": ("sounds like a dry stave", "a proper angel's share", "full barrel proof"),
    "negative": ("all feints", "straight from the spittoon", "a watched wash"),
}
"""A distiller's own words: nobody else would take them for praise or blame."""
TURNED = {
    "negative": "great good excellent love recommend happy best perfect",
    "positive": "bad awful terrible hate broken rude worst useless",
}
TEXTS = {
    f"{start} {word} {number}": label
    for label, words in WORDS.items()
    for word in words
    for start in ("The batch:", "Tonight", "This year:")
    for number in range(5)
}


def test_corrections_teach_the_model_that_the_configuration_then_names(
    call: Call, config: Config
) -> None:
    config.write({"shop": "http://127.0.0.1:9/"})
    with config.runtime() as runtime:
        ids = put(runtime.store, *(m(f"m{n}", text) for n, text in enumerate(TEXTS)))
        for (identity, mention), label in zip(ids.items(), TEXTS.values(), strict=True):
            assert identity.startswith("m")
            runtime.store.conn.execute(
                "INSERT INTO corrections (version_id, label, corrected_by, corrected_at)"
                " SELECT version_id, ?, 'Jana', '2026-11-18T12:00:00Z' FROM mentions WHERE id = ?",
                (label, mention),
            )
    said = call("train", "--from-corrections", "--json")
    assert said.code == 0, said.errors
    before, after = said.json["own"]["en"]
    assert said.json["rows"] == len(TEXTS)
    assert after["macro_f1"] > before["macro_f1"]
    assert Path(said.json["folder"]) == config.folder / "own-model"
    config.path.write_text(config.path.read_text() + "model: own-model\n", encoding="utf-8")
    scored = call("score", "--json").json
    assert scored["revision"] == said.json["revision"]
    assert scored["scored"] == len(TEXTS)
    line = '{"text": "Opened it: all feints", "language": "en"}'
    found = call("classify", "--model", "own-model", input=line.encode()).json
    assert found["label"] == "negative"


def test_labels_that_spoil_the_model_are_said_to_and_not_written(
    call: Call, config: Config
) -> None:
    config.write({})
    rows = [
        {"text": f"{word} {thing} {number}", "label": label, "language": "en"}
        for label, words in TURNED.items()
        for word in words.split()
        for thing in ("phone", "service", "hotel", "food")
        for number in range(6)
    ]
    path = config.folder / "turned.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    said = call("train", "--data", str(path))
    assert said.code == 1
    assert "worse: en: failures in the behavioural suites" in said.errors
    assert "--accept-worse" in said.errors
    assert not (config.folder / "own-model").exists()
    assert call("train", "--data", str(path), "--accept-worse").code == 0
    assert (config.folder / "own-model" / "model.safetensors").is_file()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"text": "a", "label": "good"}', '"label" must be one of'),
        ('{"text": "a", "label": "negative"}', "at least 30"),
        ("", "at least 30"),
    ],
)
def test_what_cannot_be_learnt_from_is_wrong_use(
    call: Call, config: Config, content: str, why: str
) -> None:
    config.write({})
    path = config.folder / "labels.jsonl"
    path.write_text(content, encoding="utf-8")
    said = call("train", "--data", str(path))
    assert (said.code, why in said.errors) == (2, True), said.errors
    assert call("train").code == 2


def test_checkpoints_are_listed_with_their_licences_and_pins(call: Call, config: Config) -> None:
    listed = call("models", "--json").json
    assert sum(each["revision"] is not None for each in listed) >= 8
    assert all(each["licence"] for each in listed)
    assert "embedded" in call("models", "embedded").out
    assert call("models", "nowhere/nothing").code == 1
