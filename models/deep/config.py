"""What transformers has to know of the deep tier, kept as config.json beside the weights."""

from __future__ import annotations

from typing import Any

from transformers import PretrainedConfig

from models.deep.inputs import KINDS, LANGUAGES
from models.deep.network import Shape
from models.deep.tokenizer import END, MAX_TOKENS, PAD, START
from models.sentiment import LABELS


class DeepConfig(PretrainedConfig):
    """Sizes, labels, and what the scorer needs: languages, kinds, temperatures, threshold.

    `max_position_embeddings` is how many pieces of a text are read, the middle of a longer one is
    left out; `temperature` has one number a language and kind (language * kinds + kind);
    `cascade_threshold` is the confidence of the n-grams under which this tier is asked, and
    `cascade_share` what it counts then; `errors` are those of both together (`Sentiment.errors`).
    """

    model_type = "monitor_deep"

    # transformers turns annotated fields into the arguments of __init__ and of config.json.
    vocab_size: int = 24_000
    hidden_size: int = 256
    num_hidden_layers: int = 4
    num_attention_heads: int = 4
    max_position_embeddings: int = MAX_TOKENS
    hidden_dropout_prob: float = 0.1
    recurrent: bool = False
    pad_token_id: int | None = PAD
    bos_token_id: int | None = START
    eos_token_id: int | None = END
    languages: list[str] | tuple[str, ...] = LANGUAGES
    kinds: list[str] | tuple[str, ...] = KINDS
    temperature: list[float] | None = None
    cascade_threshold: float | None = None
    cascade_share: float | None = None
    errors: list[list[Any]] | None = None
    licence: str = "unstated"
    trained: str = "unknown"

    def __post_init__(self, **given: Any) -> None:
        if self.id2label is None:
            self.id2label = dict(enumerate(LABELS))
            self.label2id = {label: place for place, label in enumerate(LABELS)}
        super().__post_init__(**given)

    @property
    def shape(self) -> Shape:
        """The sizes as the network takes them."""
        return Shape(
            vocabulary=self.vocab_size,
            width=self.hidden_size,
            layers=self.num_hidden_layers,
            heads=self.num_attention_heads,
            languages=len(self.languages),
            kinds=len(self.kinds),
            dropout=self.hidden_dropout_prob,
            recurrent=self.recurrent,
        )
