"""A collection of reference entries: by key, in order, and by words of their names."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from contracts.folding import fold

Entry: TypeAlias = Mapping[str, Any]
"""An entry as it goes into an answer: the JSON of the event that announced it."""

Key: TypeAlias = str
GRAM = 3


class Collection:
    """Entries of one kind. A newer version replaces an older one; repeats and late-comers do no harm."""

    def __init__(self) -> None:
        self._entries: dict[Key, Entry] = {}
        self._texts: dict[Key, str] = {}
        self._keys: list[Key] = []
        self._grams: dict[str, set[Key]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return (self._entries[key] for key in self._keys)

    def get(self, key: Key) -> Entry | None:
        return self._entries.get(key)

    def put(self, key: Key, entry: Entry) -> Entry | None:
        """Take the entry if it is newer than the one that is held; the entry it replaced, if any."""
        held = self._entries.get(key)
        if held is not None and held["version"] >= entry["version"]:
            return held
        if held is None:
            insort(self._keys, key)
        self._entries[key] = entry
        self._index(key, entry)
        return held

    def remove(self, key: Key) -> Entry | None:
        """Forget the entry."""
        held = self._entries.pop(key, None)
        if held is not None:
            self._keys.remove(key)
            self._forget_text(key)
        return held

    def after(self, key: Key | None) -> Iterator[Entry]:
        """Entries in the order of their keys, behind `key`."""
        start = 0 if key is None else bisect_right(self._keys, key)
        return (self._entries[self._keys[index]] for index in range(start, len(self._keys)))

    def find(self, words: str) -> list[Key]:
        """Keys of the entries whose names, aliases or codes hold the words, in order."""
        needle = fold(words)
        candidates = self._candidates(needle)
        return sorted(key for key in candidates if needle in self._texts[key])

    def _candidates(self, needle: str) -> Iterable[Key]:
        grams = _grams(needle)
        if not grams:
            return list(self._texts) if needle else []
        found = [self._grams.get(gram, set()) for gram in grams]
        return set.intersection(*sorted(found, key=len))

    def _index(self, key: Key, entry: Entry) -> None:
        text = "\n".join(dict.fromkeys(fold(name) for name in _names(entry)))
        if text == self._texts.get(key):
            return
        self._forget_text(key)
        self._texts[key] = text
        for gram in _grams(text):
            self._grams.setdefault(gram, set()).add(key)

    def _forget_text(self, key: Key) -> None:
        for gram in _grams(self._texts.pop(key, "")):
            self._grams[gram].discard(key)
            if not self._grams[gram]:
                del self._grams[gram]


def _grams(text: str) -> set[str]:
    return {text[start : start + GRAM] for start in range(len(text) - GRAM + 1)}


def _names(entry: Entry) -> Iterator[str]:
    for kind in ("names", "acronyms"):
        yield from (name for name in entry.get(kind, {}).values() if name)
    yield from entry.get("aliases", ())
    yield from (entry[code] for code in ("pcode", "code") if code in entry)
