"""Passwords: which are taken, and their hashes, made beside the event loop and only a few at a time."""

import asyncio
import os
import re
import secrets
import threading
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from runtime.problems import Refusal, Unavailable

from registry.identity.people.domain import PersonProfile
from registry.identity.people.errors import PasswordTellsWho, PasswordTooCommon, PasswordTooLong, PasswordTooShort

SHORTEST, LONGEST = 12, 256
LEFT_WITHOUT_NAMES = 6
"""Characters that a password still has without the words that tell who its owner is."""
AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
"""Hashes made at a time: each takes 64 MiB and a core for some 100 ms, and others need cores, too."""
NICENESS = 5
"""Whoever asks with a token goes first."""
WAITING = 32
"""Hashes waited for, of known places and of others each; who comes then is asked to come again."""
LONGEST_SECONDS = 5.0
"""How long one is waited for."""
FEWEST_DIFFERENT = 5
"""Different characters a password has at least."""
SIGNS = re.compile(r"[\W\d_]+")
EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")

Made = TypeVar("Made")


def normal(password: str) -> str:
    """The password as it is hashed: however a keyboard composes a letter, it is the same one (RFC 8265)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, profile: PersonProfile) -> Refusal | None:
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


def _words_of(profile: PersonProfile) -> Iterator[str]:
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
    """Makes and verifies argon2id hashes in threads of its own: a few at a time, those of known places first."""

    def __init__(self, hasher: PasswordHasher, *, at_once: int = AT_ONCE, seconds: float = LONGEST_SECONDS) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(at_once, "argon2", _give_way)
        self._free = at_once
        self._seconds = seconds
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._nobodys = ""

    async def make(self, password: str) -> str:
        """A hash to be kept, for who has proven already who they are. Raises `Unavailable` while too many wait."""
        return await self._in_thread(lambda: self._hasher.hash(normal(password)), self._first)

    async def proves(self, known: str | None, password: str, *, first: bool = False) -> bool:
        """Whether the password is the one of the hash. Takes as long where there is none. Raises `Unavailable`."""
        return await self._in_thread(lambda: self._verified(known, password), self._first if first else self._others)

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

    async def _in_thread(self, work: Callable[[], Made], line: deque[asyncio.Future[None]]) -> Made:
        await self._turn(line)
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        running.add_done_callback(lambda _: self._next())  # also where who asked has left: the thread works on
        return await asyncio.shield(running)

    async def _turn(self, line: deque[asyncio.Future[None]]) -> None:
        """Until a thread is free. Raises `Unavailable`."""
        if self._free and not self._first and not self._others:
            self._free -= 1
            return
        if len(line) >= WAITING:
            raise Unavailable
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await asyncio.wait_for(asyncio.shield(turn), self._seconds)
        except BaseException as ended:
            self._leave(line, turn)
            if isinstance(ended, TimeoutError):
                raise Unavailable from ended
            raise

    def _leave(self, line: deque[asyncio.Future[None]], turn: asyncio.Future[None]) -> None:
        if turn.done():
            self._next()  # its turn had come, and somebody else takes it
        else:
            line.remove(turn)

    def _next(self) -> None:
        for line in (self._first, self._others):
            if line:
                line.popleft().set_result(None)
                return
        self._free += 1


def _give_way() -> None:
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


HASHING = Hashing(PasswordHasher(parallelism=1))
"""One for the process: its threads are the bound."""
