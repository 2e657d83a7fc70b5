"""Whether a text that somebody wrote can do anything where it is shown: a parsed document is asked, no pattern."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from bleach._vendor import html5lib

PAYLOADS = Path(__file__).with_name("payloads")
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "background", "ping", "xlink:href"}
SCHEMES = {"", "http", "https", "mailto", "sms", "tel"}


@cache
def payloads() -> tuple[str, ...]:
    """Every payload of the vendored lists, in the order of the files."""
    return tuple(
        block.strip("\n")
        for path in sorted(PAYLOADS.glob("*.txt"))
        for block in path.read_text(encoding="utf-8").split("\n%%\n")[1:]
    )


def page(source: str):
    return html5lib.parse(source, namespaceHTMLElements=False)


def fragment(source: str):
    return html5lib.parseFragment(source, namespaceHTMLElements=False)


def elements(tree) -> set[str]:
    """Names of elements with their attributes' names: "a[href]"."""
    return {
        name
        for node in tree.iter()
        if isinstance(node.tag, str)
        for name in (node.tag, *(f"{node.tag}[{attribute}]" for attribute in node.attrib))
    }


def dangers(tree) -> Iterator[str]:
    """What could run, load or cover something."""
    for node in tree.iter():
        if not isinstance(node.tag, str):  # a comment
            continue
        tag = node.tag.lower()
        if tag == "script" and not _is_ours(node.get("src", "")) and node.get("type") != "application/json":
            yield f"a script: {node.get('src')} {node.text}"
        if tag in ("style", "iframe", "object", "embed", "base", "template", "math"):
            yield f"an element: {tag}"
        for name, value in node.items():
            if str(name).lower().startswith("on"):
                yield f"a handler: {tag} {name}={value}"
            if name in ("style", "srcdoc"):
                yield f"an attribute: {tag} {name}={value}"
            if str(name).rpartition("}")[2] in ADDRESSES and urlsplit(_plain(value)).scheme.lower() not in SCHEMES:
                yield f"an address: {tag} {name}={value}"
        if tag == "meta" and node.get("http-equiv"):
            yield "a refresh"


def _is_ours(source: str) -> bool:
    return source.startswith("/static/")


def _plain(address: str) -> str:
    """As browsers read it: without control characters and the spaces around."""
    return "".join(c for c in address if c > " ")
