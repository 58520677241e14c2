"""Services that give a token to whoever logs in, and answer only to that token."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response

from spiders.parse.answers import NotJson, json_answer, node, text
from spiders.redact import hide
from spiders.service import ServiceSpider

FORM = "application/x-www-form-urlencoded"
"""How OAuth wants a login to be written."""

_NAME = "session"


def access_token(body: bytes) -> str | None:
    """The token of OAuth's answer to a login; None if it has none."""
    try:
        return text(node(json_answer(body)).get("access_token"))
    except NotJson:
        return None


class SessionSpider(ServiceSpider):
    """Logs in once, before it asks for its first page, and sends the token with each request.

    The token lives as long as the visit. It is hidden before its first use and nowhere written
    down: among open requests stands its name, and who goes on with them logs in anew.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.is_let_in = False

    async def log_in(self, address: str, body: str, content_type: str) -> Response | None:
        """The answer to a login; None, with the cause noted, where there was none.

        A redirect is not followed, since it would carry the secret along to wherever it points.
        """
        headers = {"Content-Type": content_type}
        request = Request(address, method="POST", body=body, headers=headers)
        request.meta["dont_redirect"] = True
        return await self.answer_to(request)

    def begin_session(self, token: str) -> None:
        """From now on requests can be made with this token."""
        hide(token)
        self.session = {_NAME: token}
        self.is_let_in = True

    @property
    def bearer(self) -> dict[str, str]:
        """The header that proves to the service who asks."""
        return {"Authorization": f"Bearer {self.session[_NAME]}"}
