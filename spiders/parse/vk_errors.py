"""VK's errors, which come with HTTP status 200 in place of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from spiders.parse.answers import NotJson, json_answer, node, text

_TOO_MANY_A_SECOND = 6
_CLOSED = {
    5: "the token is not accepted",
    7: "the token has no right to this",
    9: "too many of the same request (flood control)",
    14: "a captcha is wanted",
    15: "access denied",
    17: "the account must be confirmed in a browser",
    18: "the page was deleted or blocked",
    27: "the group's token is not accepted",
    28: "the application's token is not accepted",
    29: "the day's limit of requests is reached",
    30: "the profile is private",
    203: "the group is closed",
    212: "the post's comments are closed",
}
"""Errors with which VK turns us away; it sends them with HTTP status 200."""
_ONE_POST = {15, 18, 203, 212, 213}


@dataclass(frozen=True, slots=True)
class ApiError:
    """An error that came in place of an answer."""

    code: int
    words: str

    @property
    def is_haste(self) -> bool:
        """True if VK only wants the same to be asked again, a moment later."""
        return self.code == _TOO_MANY_A_SECOND

    @property
    def is_closed(self) -> bool:
        """True if VK does not want us here, whenever we come."""
        return self.code in _CLOSED or self.is_haste

    @property
    def is_about_one_post(self) -> bool:
        """True if only the comments of the post that was asked about are closed to us."""
        return self.code in _ONE_POST


def error_in(body: bytes) -> ApiError | None:
    """The error that an answer consists of; None if it is an answer."""
    try:
        error = node(node(json_answer(body)).get("error"))
    except NotJson:
        return None
    code = error.get("error_code")
    if not isinstance(code, int) or isinstance(code, bool):
        return None
    said = text(error.get("error_msg")) or "no message"
    return ApiError(code, f"error {code}, {_CLOSED.get(code, said)}"[:200])
