"""How a column writes its numbers and dates: one convention a column, told by all that stands in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Convention:
    """What the cells of a column prove together, so that none of them is read by itself."""


UNKNOWN = Convention()


class Evidence:
    """What the cells of a column were seen to say of its convention."""

    def heed(self, text: str) -> None:
        """Take one filled cell into account."""

    @property
    def convention(self) -> Convention:
        return UNKNOWN
