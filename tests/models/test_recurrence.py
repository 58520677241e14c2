"""The recurrent encoder: what it remembers, its derivative, and its recipe walked through."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from test_deep_recipe import write_sets

from models.deep.light import LightSentiment
from models.deep.recurrence import RecurrentBlock, _Remember, once_a_text
from models.deep.scorer import DeepSentiment
from models.deep.tokenizer import SPECIAL
from models.training.deep.__main__ import main
from models.training.deep.pretrain import among_rivals
from models.training.deep.rows import TRAIN, load_pack


def test_what_is_remembered_is_what_a_loop_remembers_and_so_is_its_derivative() -> None:
    torch.manual_seed(0)
    keep = torch.rand(5, 2, 3, dtype=torch.float64, requires_grad=True)
    new = torch.randn(5, 2, 3, dtype=torch.float64, requires_grad=True)
    held, before = _Remember.apply(keep, new), torch.zeros(2, 3, dtype=torch.float64)
    for step in range(5):
        before = keep[step] * before + new[step]
        torch.testing.assert_close(held[step], before)
    assert torch.autograd.gradcheck(_Remember.apply, (keep, new))


def test_padding_changes_nothing_and_both_ends_are_heard() -> None:
    torch.manual_seed(1)
    block = RecurrentBlock(8, dropout=0.0).eval()
    states = torch.randn(1, 4, 8)
    padded = torch.cat((states, torch.randn(1, 3, 8)), dim=1)
    present = torch.tensor([[True] * 4 + [False] * 3])
    with torch.inference_mode():
        alone = block(states, None)
        torch.testing.assert_close(block(padded, present)[:, :4], alone)
        for place in (0, 3):
            changed = states.clone()
            changed[0, place] = torch.randn(8)
            moved = (block(changed, None) - alone).abs().sum(dim=2)[0]
            assert (moved > 1e-6).all(), "every piece hears of a change at either end"


def test_dropout_hides_the_same_numbers_all_through_a_text() -> None:
    torch.manual_seed(2)
    dropped = once_a_text(torch.ones(3, 6, 40), 0.5, training=True)
    assert set(dropped.unique().tolist()) == {0.0, 2.0}
    assert (dropped == dropped[:, :1]).all()
    assert not (dropped[0] == dropped[1]).all()


def test_every_wanted_piece_is_among_its_rivals() -> None:
    torch.manual_seed(3)
    wanted = torch.tensor([7, 900, 7, 33])
    rivals, places = among_rivals(wanted, 50, 1000)
    assert (rivals[places] == wanted).all()
    assert len(rivals) == len(set(rivals.tolist())) <= 53
    assert rivals.min() >= len(SPECIAL)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole recipe, tiny, in one call."""
    root = tmp_path_factory.mktemp("recurrent")
    told = ["--tiny", "--shape", "recurrent", "--device", "cpu", "--threads", "1"]
    data = write_sets(root / "data")
    done = main([*told, "--data", str(data), "--work", str(root / "work"), "--out", str(root)])
    assert done == 0
    return root


def test_long_texts_keep_their_start_and_their_end(walked: Path) -> None:
    rows = load_pack(walked / "work" / "pack").of(TRAIN)
    short = rows.shortened(6)
    for place in range(20):
        (before,), (after,) = rows.texts([place]), short.texts([place])
        assert after == (before if len(before) <= 6 else before[:4] + before[-2:])


def test_the_recipe_leaves_weights_that_numpy_and_torch_read_alike(walked: Path) -> None:
    weights = walked / "weights"
    config = json.loads((weights / "config.json").read_text())
    assert config["recurrent"] is True and config["cascade_threshold"] > 0.3
    texts = ["great phone 7 hotel!!!", "awful phone 7 hotel!!!", "obchod výborný 1", "👍"]
    given = (["en", "en", "cs", ""], ["review", "review", "post", ""])
    light, deep = LightSentiment.open(weights), DeepSentiment.open(weights)
    scored = light.score(texts, *given)
    np.testing.assert_allclose(scored, deep.score(texts, *given), atol=2e-5)
    assert scored[0, 2] > scored[1, 2] and scored[0, 0] < scored[1, 0]
    report = json.loads((weights / "report.json").read_text())
    assert set(report["languages"]["ru"]) == {"deep", "fast", "cascade"}
