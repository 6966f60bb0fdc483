"""Reading pages as a strict browser would, and columns of coverage for them to show."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import gateway.pages
import httpx2

FOLDER = Path(gateway.pages.__file__).parent
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HOSTILE = '<script>alert("x")</script>'
VOID = {"meta", "link", "input", "br", "hr", "img"}
ARABIC = re.compile("[\u0600-\u06ff]")


class Checked(HTMLParser):
    """Reads a page as a strict reader would: every element closed in its order, no id twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        assert not [name for name in names if name.startswith("on") or name == "style"], (tag, names)
        self.elements.append((tag, dict(attrs)))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def figures(*given: dict[str, Any]) -> dict[str, list[Any]]:
    """Columns of coverage as reporting answers them."""
    usual = {
        "area": "SY07", "country": "SY", "level": 1, "sector": "WSH", "month": "2026-03", "reports": 7,
        "organisations": 3, "people_total": 1234, "official_people_total": 1100, "official_reports": 5,
        "suppressed_fields": [], "reason": None,
    }  # fmt: skip
    rows = [{**usual, **one} for one in given]
    return {name: [row[name] for row in rows] for name in usual}


async def read(client: httpx2.AsyncClient, path: str = "/", **headers: str) -> Checked:
    answer = await client.get(path, headers={**BROWSER, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Checked(answer.text)


@dataclass
class Services:
    """Services that are only asked whether they are ready."""

    status: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    delay: dict[str, float] = field(default_factory=dict)
