"""Whether an answer that a test made up could be one of the platform's."""

from typing import Any

TOLD_AS_IT_IS = ("code", "error", "status")
"""Names whose values are words of the interface."""


def check_alike(answer: Any, truth: Any, at: str = "") -> None:
    """Every name that is told is one of the real answer's and holds a value of its kind; null stands for any."""
    if isinstance(answer, dict) and truth is not None:
        missing = set(answer) - set(truth)
        assert not missing, f"{at}: {sorted(missing)} are not among {sorted(truth)}"
        for name, value in answer.items():
            check_alike(value, truth[name], f"{at}.{name}")
            if name in TOLD_AS_IT_IS and isinstance(value, str):
                assert value == truth[name], f"{at}.{name}: {value} is {truth[name]}"
    elif isinstance(answer, list):
        for each in answer if truth else ():
            check_alike(each, truth[0], f"{at}[]")
    elif answer is not None and truth is not None:
        assert type(answer) is type(truth), f"{at}: {answer!r} is {truth!r}"
