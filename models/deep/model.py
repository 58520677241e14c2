"""The deep tier as transformers models, so that the Auto classes open its folder."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForSequenceClassification,
    PreTrainedModel,
)
from transformers.modeling_outputs import BaseModelOutput, SequenceClassifierOutput

from models.deep.config import DeepConfig
from models.deep.network import ClassHead, Encoder, start_weights


class DeepPreTrained(PreTrainedModel):
    """What both models share: the configuration and how fresh weights are drawn."""

    config_class = DeepConfig
    base_model_prefix = "deep"
    _supports_sdpa = True

    def _init_weights(self, module: nn.Module) -> None:
        start_weights(module)


class DeepModel(DeepPreTrained):
    """The encoder: one state a piece."""

    def __init__(self, config: DeepConfig) -> None:
        super().__init__(config)
        self.encoder = Encoder(config.shape)
        self.post_init()

    def get_input_embeddings(self) -> nn.Embedding:
        return self.encoder.words

    def set_input_embeddings(self, value: nn.Embedding) -> None:
        self.encoder.words = value

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        language_ids: Tensor | None = None,
        kind_ids: Tensor | None = None,
        **_: Any,
    ) -> BaseModelOutput:
        """States (texts, pieces, width); language and kind count as unknown where not given."""
        present = None if attention_mask is None else attention_mask.bool()
        unknown = torch.zeros(len(input_ids), dtype=torch.long, device=input_ids.device)
        states = self.encoder(
            input_ids,
            present,
            unknown if language_ids is None else language_ids,
            unknown if kind_ids is None else kind_ids,
        )
        return BaseModelOutput(last_hidden_state=states)


class DeepForSequenceClassification(DeepPreTrained):
    """Three classes: logits in the order of the configuration's labels, not tempered."""

    def __init__(self, config: DeepConfig) -> None:
        super().__init__(config)
        self.deep = DeepModel(config)
        self.head = ClassHead(config.shape, config.num_labels)
        self.post_init()

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        language_ids: Tensor | None = None,
        kind_ids: Tensor | None = None,
        labels: Tensor | None = None,
        **_: Any,
    ) -> SequenceClassifierOutput:
        """Logits (texts, labels), and the cross-entropy where labels are given."""
        states = self.deep(input_ids, attention_mask, language_ids, kind_ids).last_hidden_state
        present = None if attention_mask is None else attention_mask.bool()
        logits = self.head(states, present)
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)


def register() -> None:
    """Makes the Auto classes know the deep tier; safe to call again."""
    AutoConfig.register(DeepConfig.model_type, DeepConfig, exist_ok=True)
    AutoModel.register(DeepConfig, DeepModel, exist_ok=True)
    AutoModelForSequenceClassification.register(
        DeepConfig, DeepForSequenceClassification, exist_ok=True
    )


register()
