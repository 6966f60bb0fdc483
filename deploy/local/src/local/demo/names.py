"""Organisations of the sample data: names that nobody can take for real ones."""

from dataclasses import dataclass
from typing import Literal

WORDS = (
    ("Olive", "الزيتون"),
    ("Jasmine", "الياسمين"),
    ("Pomegranate", "الرمان"),
    ("Fig", "التين"),
    ("Almond", "اللوز"),
    ("Walnut", "الجوز"),
    ("Wheat", "السنابل"),
    ("Spring", "الينبوع"),
    ("Bridge", "الجسر"),
    ("Lantern", "القنديل"),
    ("Cedar", "الأرز"),
    ("Mulberry", "التوت"),
    ("Laurel", "الغار"),
    ("Sumac", "السماق"),
    ("Thyme", "الزعتر"),
    ("Poppy", "شقائق النعمان"),
    ("Swallow", "السنونو"),
    ("Lark", "القبّرة"),
    ("Waterwheel", "الناعورة"),
    ("Courtyard", "صحن الدار"),
    ("Plum", "الخوخ"),
    ("Apricot", "المشمش"),
    ("Cotton", "القطن"),
    ("Loom", "النول"),
    ("Anvil", "السندان"),
    ("Lighthouse", "المنارة"),
    ("Caravan", "القافلة"),
    ("Compass", "البوصلة"),
    ("Meadow", "المرج"),
    ("Hillside", "السفح"),
)
DONORS = ("Donor of the sample A", "Donor of the sample B", "Donor of the sample C")
KINDS = (
    ("Relief (sample)", "للإغاثة (عيّنة)", "441"),
    ("Development (sample)", "للتنمية (عيّنة)", "441"),
    ("Foundation (sample)", "مؤسسة (عيّنة)", "441"),
    ("International (sample)", "الدولية (عيّنة)", "437"),
)

SENDS: tuple[Literal["ndjson", "csv", "xlsx"], ...] = ("ndjson", "csv", "xlsx")


@dataclass(frozen=True)
class SampleOrganisation:
    """One organisation of the sample."""

    number: int
    english: str
    arabic: str
    type_code: str
    sectors: tuple[str, ...]

    @property
    def external_id(self) -> str:
        return f"XX-TANSIQ-SAMPLE-{self.number:03d}"

    @property
    def sends(self) -> Literal["ndjson", "csv", "xlsx"]:
        """A third have a database of their own; the others keep their data in spreadsheets."""
        return SENDS[self.number % len(SENDS)]


def sample_organisations(count: int, sectors: tuple[str, ...]) -> list[SampleOrganisation]:
    """The same ones at every run: each works in two of the sectors."""
    return [_organisation(number, sectors) for number in range(1, count + 1)]


def _organisation(number: int, sectors: tuple[str, ...]) -> SampleOrganisation:
    word, arabic_word = WORDS[(number - 1) % len(WORDS)]
    kind, arabic_kind, type_code = KINDS[(number - 1) % len(KINDS)]
    again = (number - 1) // len(WORDS)
    suffix = f" {again + 1}" if again else ""
    own = (sectors[number % len(sectors)], sectors[(number + 1 + number // len(sectors)) % len(sectors)])
    return SampleOrganisation(
        number, f"{word} {kind}{suffix}", f"{arabic_word} {arabic_kind}{suffix}", type_code, tuple(dict.fromkeys(own))
    )
