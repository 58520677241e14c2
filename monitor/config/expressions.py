"""Whether a text in an option can be used as what it should be: a pattern, selector, expression.

Selectors and expressions are read by the kinds `html` and `json_api`; `=text` stands for the text
itself in both, and `count(SELECTOR)` for a number.
"""

from __future__ import annotations

import re

_IS_XPATH = re.compile(
    r"/|\./|\.\.|\.$|\(|@|(?:ancestor|parent|self|child|descendant|preceding|following)[a-z-]*::"
)
_COUNT = re.compile(r"count\((.*)\)", re.DOTALL)


def check_pattern(text: str) -> None:
    """Raises ValueError for what is no regular expression."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(str(error)) from None


def check_selector(text: str) -> None:
    """Raises ValueError for what is neither a CSS selector nor an XPath."""
    text = text.strip()
    counted = _COUNT.fullmatch(text)
    if text.startswith("="):
        return
    if counted:
        check_selector(counted.group(1))
        return
    # Slow to import, and few configurations have such an option.
    from cssselect import SelectorError
    from lxml import etree  # type: ignore[import-untyped]
    from parsel.csstranslator import HTMLTranslator

    namespaces = {"re": "http://exslt.org/regular-expressions"}
    try:
        path = text if _IS_XPATH.match(text) else HTMLTranslator().css_to_xpath(text)
        etree.XPath(path, namespaces=namespaces)
    except (SelectorError, etree.XPathError) as error:
        raise ValueError(str(error)) from None


def check_expression(text: str) -> None:
    """Raises ValueError for what is no JMESPath."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    if text.strip().startswith("="):
        return
    try:
        jmespath.compile(text.strip())
    except JMESPathError as error:
        raise ValueError(str(error)) from None
