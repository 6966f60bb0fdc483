"""Passwords: which are taken, and their hashes, made beside the event loop and only a few at a time."""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from runtime.problems import Refusal, Unavailable

from registry.people.domain import Profile
from registry.people.errors import PasswordTellsWho, PasswordTooCommon, PasswordTooLong, PasswordTooShort

SHORTEST, LONGEST = 12, 256
LEFT_WITHOUT_NAMES = 6
"""Characters that a password still has without the words that tell who its owner is."""
AT_ONCE = 2
"""Hashes made at a time: each takes 64 MiB and a core for some 50 ms."""
WAITING = 64
"""Hashes waited for; who comes then is asked to come again."""
FEWEST_DIFFERENT = 5
"""Different characters a password has at least."""
SIGNS = re.compile(r"[\W\d_]+")
EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")

Made = TypeVar("Made")


def normal(password: str) -> str:
    """The password as it is hashed: however a keyboard composes a letter, it is the same one (RFC 8265)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, profile: Profile) -> Refusal | None:
    """Why this password is not taken."""
    normalised = normal(password)
    if len(normalised) < SHORTEST:
        return PasswordTooShort("password", min_length=SHORTEST)
    if len(normalised) > LONGEST:
        return PasswordTooLong("password", max_length=LONGEST)
    folded = normalised.casefold()
    if len(_without(folded, _words_of(profile))) < LEFT_WITHOUT_NAMES:
        return PasswordTellsWho("password")
    return PasswordTooCommon("password") if _is_common(folded) else None


def _words_of(profile: Profile) -> Iterator[str]:
    email, name = profile.folded_email, normal(profile.name).casefold()
    yield from (email, email.partition("@")[0], name, name.replace(" ", ""))
    yield from re.split(r"[\s@.+_-]+", f"{name} {email}")


def _without(folded: str, words: Iterator[str]) -> str:
    for word in sorted({word for word in words if len(word) > 2}, key=len, reverse=True):
        folded = folded.replace(word, "")
    return folded


def _is_common(folded: str) -> bool:
    """A common word stays one with digits and signs in it or about it, or said twice."""
    bare = {folded, EDGES.sub("", folded), SIGNS.sub("", folded)}
    one_note = len(set(folded)) < FEWEST_DIFFERENT or not SIGNS.sub("", folded)
    return one_note or not _common().isdisjoint(bare | {_once(each) for each in bare})


def _once(text: str) -> str:
    """`qwertyqwerty` is `qwerty`, said twice."""
    return text[: (text * 2).find(text, 1)] if text else text


@cache
def _common() -> frozenset[str]:
    lines = (files("registry") / "data" / "common_passwords.txt").read_text(encoding="utf-8").split()
    return frozenset(normal(line).casefold() for line in lines)


class Hashing:
    """Makes and verifies argon2id hashes in threads of its own."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, "argon2")
        self._waiting = 0
        self._nobodys = ""

    async def make(self, password: str) -> str:
        """A hash to be kept. Raises `Unavailable` while too many wait."""
        return await self._aside(lambda: self._hasher.hash(normal(password)))

    async def proves(self, known: str | None, password: str) -> bool:
        """Whether the password is the one of the hash. Takes as long where there is none. Raises `Unavailable`."""
        return await self._aside(lambda: self._verified(known, password))

    def is_outdated(self, known: str) -> bool:
        """Whether the hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(known)

    def _verified(self, known: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(known or self._hash_of_nobody(), normal(password)) and known is not None
        except (VerificationError, InvalidHashError):
            return False

    def _hash_of_nobody(self) -> str:
        if not self._nobodys:
            self._nobodys = self._hasher.hash(secrets.token_urlsafe())
        return self._nobodys

    async def _aside(self, work: Callable[[], Made]) -> Made:
        if self._waiting >= WAITING:
            raise Unavailable
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


HASHING = Hashing(PasswordHasher())
"""One for the process: its threads are the bound."""
