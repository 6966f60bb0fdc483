"""The guides: Markdown beside this module, made into pages once when the process starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from runtime.language import Language

FOLDER = Path(__file__).parent / "guides"
NAMES = ("partners", "hubs", "alerts", "operators")
LANGUAGES: tuple[Language, ...] = ("ar", "en")


@dataclass(frozen=True)
class Guide:
    """A guide in one language."""

    title: str
    text: Markup


def _load(name: str, language: Language) -> Guide:
    source = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    title = source.partition("\n")[0].removeprefix("# ").strip()
    return Guide(title, _html_of(source))


def _html_of(source: str) -> Markup:
    """Without any HTML of the source's own; code reads from left to right in both languages."""
    text = MarkdownIt("commonmark", {"html": False}).enable("table").render(source)
    text = text.replace("<pre>", '<pre dir="ltr" tabindex="0">').replace("<code", '<code dir="ltr"')
    return Markup(text)  # noqa: S704  Markdown with HTML off, of our own files


GUIDES: Mapping[tuple[str, Language], Guide] = {
    (name, language): _load(name, language) for name in NAMES for language in LANGUAGES
}
