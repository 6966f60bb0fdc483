"""No question reads a noun's table without knowing who reads it."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from contracts.services import SERVICES
from runtime.access import TO_ALL
from runtime.sources import Source
from testkit.syntax import syntax_of

ROOT = Path(__file__).parents[2]
GUARDED = {
    "activities": ("report", "report_version", "target", "target_version", "upload", "upload_problem"),
    "plans": ("target_version",),
    "alerts": ("alert", "subscription", "delivery"),
    "registry": ("organisation", "organisation_contact", "person", "person_profile", "client"),
    "reporting": ("coverage_cell", "presence_cell", "unit_reach", "target"),
}
"""Tables whose rows not everybody sees, beside those that a declared source says so of."""
KNOWS = {"Reader", "Role", "RowConditions", "Listener"}
"""Types of a parameter by which a function knows who reads."""
EXCEPTIONS = {
    "activities/corrections:counts_severe": "of the file that was read, before anything of it is kept",
    "activities/corrections:holds_severe": "of a file that its reader was found to see",
    "activities/corrections:problems_of": "of a file that its reader was found to see",
    "activities/mappings:has_mappings": "whether there is any that a sender's file may be read by",
    "activities/mappings:mappings_for": "by which the sender's file is read, their own or shared with them",
    "activities/mappings:lock_mapping": "found for a change, which its command allows to its owner alone",
    "activities/proposals:earlier_uploads": "of the side whose file is read",
    "activities/proposals:held_by": "of a file of the side whose file is read",
    "activities/proposals:lock_proposal": "of a file that its reader was found to see",
    "activities/reports:_MATCHED": "part of a statement that has its conditions put in",
    "activities/uploads:waiting_of": "counts the sender's own files before another is taken",
    "activities/withdrawals:GOES_BACK": "of reports that were found and locked by who may change them",
    "activities/withdrawals:unchanged_since": "of reports that were found and locked by who may change them",
    "activities/withdrawals:still_of": "of reports that were found and locked by who may change them",
    "alerts/alerts:ENDS": "which message a chain ends with, for who refers to an earlier one that they see",
    "alerts/alerts:alert_by_identifier": "whether an identifier is taken, whoever has it",
    "alerts/alerts:_PUBLISHED": "what is encoded once for all who hear it, each found by `recipients_of`",
    "alerts/deliveries:backlog": "a number for operators",
    "alerts/subscriptions:LIVE": "subscriptions as readers of alerts, not as what is read",
    "registry/duplicates:NAMES": "names beside a pair, which the secretariat alone sees",
    "registry/people:invited": "whoever holds the link",
    "registry/sessions:SIGNED_IN": "whoever holds the session",
    "registry/sessions:USABLE": "whoever holds the session",
    "registry/sessions:first_usable": "who signs in, before there is a reader",
    "registry/tokens:holder_of": "who proves who they are, before there is a reader",
    "reporting/progress:REACH": "of rows that were found for a reader, who is shown of it what `disclosure` allows",
}
"""What reads such a table and knows nobody, with the reason why it may."""


def declared_tables(service: str) -> Iterator[str]:
    """The tables of the service's sources that do not show everybody everything."""
    for module in pkgutil.walk_packages(import_module(service).__path__, f"{service}."):
        for each in vars(import_module(module.name)).values():
            if isinstance(each, Source) and each.visibility.clearance is not TO_ALL:
                yield each.table.split()[0]


def guarded(service: str) -> re.Pattern[str]:
    tables = sorted({*GUARDED.get(service, ()), *declared_tables(service)})
    return re.compile(rf"\b(?:from|join)\s+(?:{'|'.join(tables)})\b" if tables else r"(?!)")


READS = {service: guarded(service) for service in SERVICES}


def questions() -> list[tuple[str, Path]]:
    """Modules that ask, with their services."""
    folders = {service: ROOT / "services" / service / "src" / service for service in SERVICES}
    return sorted(
        (service, path)
        for service, folder in folders.items()
        for name in ("queries.py", "api.py")
        for path in folder.rglob(name)
    )


def parts_of(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Functions and constants by name."""
    for each in module.body:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, each
            case ast.Assign(targets=[ast.Name(id=name), *_]):
                yield name, each


def reads(part: ast.stmt, tables: re.Pattern[str]) -> bool:
    texts = [each.value for each in ast.walk(part) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(tables.search(text) for text in texts)


def knows_reader(part: ast.stmt) -> bool:
    match part:
        case ast.Assign(value=ast.Call(func=ast.Name(id="Source"))):
            return True  # which has a visibility
    if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    given = [*part.args.args, *part.args.kwonlyargs]
    types = {
        each.id for one in given if one.annotation for each in ast.walk(one.annotation) if isinstance(each, ast.Name)
    }
    return not KNOWS.isdisjoint(types)


def without_reader(service: str, path: Path) -> Iterator[str]:
    for name, part in parts_of(syntax_of(path)):
        if reads(part, READS[service]) and not knows_reader(part):
            yield f"{service}/{path.parent.name}:{name}"


def test_a_question_knows_who_reads_or_says_why_not() -> None:
    found = {name for each in questions() for name in without_reader(*each)}
    assert found - set(EXCEPTIONS) == set(), "take a Reader and its conditions (runtime.visibility), or give the reason"
    assert set(EXCEPTIONS) - found == set(), "an exception that nothing needs any more"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'async def leak(tx: Tx, id: UUID):\n    return await tx.fetch("select * from report where id = $1", id)',
            True,
        ),
        (
            'async def seen(tx: Tx, reader: Reader):\n    return await tx.fetch(f"select * from report where {x}")',
            False,
        ),
        ('async def codes(tx: Tx):\n    return await tx.fetch("select code from sector")', False),
        ('ALL = """\nselect * from x\n join report_version as v on true"""', True),
    ],
)
def test_what_is_found(tmp_path: Path, text: str, found: bool) -> None:
    path = tmp_path / "queries.py"
    path.write_text(text)
    assert bool(list(without_reader("activities", path))) is found
