"""Solving for what is withheld: linear equations over counts, solved exactly, and the room they leave."""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]
from scipy.sparse import csr_array  # type: ignore[import-untyped]

Form = Mapping[Any, int]
"""A sum of unknowns, each with its factor."""

PRIME = (1 << 61) - 1
"""Elimination is done modulo a large prime: what is determined over the rationals is so here, and the other way round
but for a chance of one in its size."""


class Equations:
    """What is known, in echelon form: each equation begins with an unknown no later one has."""

    def __init__(self) -> None:
        self._order: dict[Any, int] = {}
        self._pivots: dict[int, dict[int, int]] = {}
        self.known: list[tuple[dict[int, int], int]] = []
        """Independent equations as they were learnt, for bounds."""

    def learn(self, form: Form, value: int) -> None:
        """That a sum has a value."""
        plain = self._numbered(form)
        left = self._reduced(plain)
        if left:
            pivot = min(left)
            inverse = pow(left[pivot], -1, PRIME)
            self._pivots[pivot] = {place: factor * inverse % PRIME for place, factor in left.items()}
            self.known.append((plain, value))

    def tells(self, form: Form) -> bool:
        """Whether the value of a sum follows from what is known."""
        return not self._reduced(self._numbered(form))

    def room(self, forms: Iterable[Form]) -> list[tuple[float, float]]:
        """The least and the greatest each sum can be, where no count is below zero."""
        matrix, values = self._matrix()
        return [self._bounds(matrix, values, self._numbered(form)) for form in forms]

    def _matrix(self) -> tuple[Any, list[int]]:
        entries = [(line, place, factor) for line, (form, _) in enumerate(self.known) for place, factor in form.items()]
        lines, places, factors = zip(*entries, strict=True)
        shape = (len(self.known), len(self._order))
        return csr_array((factors, (lines, places)), shape=shape, dtype=float), [value for _, value in self.known]

    def _bounds(self, matrix: Any, values: list[int], form: Mapping[int, int]) -> tuple[float, float]:
        if max(form) >= matrix.shape[1]:
            return 0.0, float("inf")
        aim = np.zeros(matrix.shape[1])
        for place, factor in form.items():
            aim[place] = factor
        least, greatest = (linprog(sign * aim, A_eq=matrix, b_eq=values, method="highs") for sign in (1, -1))
        return (least.fun if least.status == 0 else 0.0), (-greatest.fun if greatest.status == 0 else float("inf"))

    def _numbered(self, form: Form) -> dict[int, int]:
        return {self._order.setdefault(name, len(self._order)): factor for name, factor in form.items() if factor}

    def _reduced(self, form: Mapping[int, int]) -> dict[int, int]:
        """What is left of a sum once all that is known is taken from it."""
        left = dict(form)
        places = list(left)
        heapify(places)
        while places:
            place = heappop(places)
            if place not in left or place not in self._pivots:
                continue
            factor = left[place]
            for other, by in self._pivots[place].items():
                if other not in left:
                    heappush(places, other)
                changed = (left.get(other, 0) - factor * by) % PRIME
                if changed:
                    left[other] = changed
                else:
                    left.pop(other, None)
        return left
