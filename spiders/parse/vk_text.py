"""VK's texts made readable: its own markup of mentions and links, and HTML where it slipped in."""

from __future__ import annotations

import html
import re

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MENTION = re.compile(
    # [id1|Name], [club2|Name], and in answers to comments [id1:bp-2_3|Name]
    r"\[(?:id|club|public|event|app)\d+(?::[\w-]*)?\|([^\[\]|]{1,300})\]"
    r"|\[https?://[^\s\[\]|]{1,500}\|([^\[\]|]{1,300})\]"
    # [#alias|what is shown|where it leads]
    r"|\[#alias\|([^\[\]|]{1,300})\|[^\[\]|]{1,500}\]"
)


def readable(raw: str) -> str:
    """The text as VK shows it: names in place of mentions, no entities, lines where they break."""
    text = html.unescape(_BREAK.sub("\n", raw))
    return _MENTION.sub(lambda found: found[1] or found[2] or found[3], text).strip()
