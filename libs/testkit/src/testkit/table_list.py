"""The list of all tables, `docs/tables.md`: what each holds, as the migration that makes it says."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from runtime.process import migrations_of
from runtime.service import Service

from testkit.services import declared_services

LIST = Path(__file__).parents[4] / "docs" / "tables.md"
HEAD = """# Tables

Written by `make generate`, of what the migrations say above each `create table` or in a `comment on table`; the columns
are in `services/*/schema.sql`. A table is its service's own: nobody else reads it. *From events* is what others tell,
and made anew by a rebuild; all else is the only copy of a fact, or work under way.
"""
CREATED = re.compile(r"((?:^--(?! migrate:).*\n)*)^create (?:unlogged )?table (\w+)", re.MULTILINE)
COMMENTED = re.compile(r"^comment on table (\w+) is '(.+)';$", re.MULTILINE)
STANDING = re.compile(r"^CREATE (?:UNLOGGED )?TABLE public\.(\w+)", re.MULTILINE)


def text() -> str:
    services = declared_services().values()
    parts = [HEAD, *(_section(service.name, _own(service)) for service in services)]
    shared = {table: said for service in services for table, said in _shared(service).items()}
    parts.append(_section("In every service", ((table, said, "") for table, said in sorted(shared.items()))))
    return "\n".join(parts)


def write() -> None:
    LIST.write_text(text(), encoding="utf-8")


def _own(service: Service) -> Iterator[tuple[str, str, str]]:
    """The tables of a service that no library brings, with what each holds and where that comes from."""
    told = {mirror.table: mirror.event.type_name() for mirror in service.projection.mirrors}
    said = _descriptions(service.folder / "migrations")
    for table in sorted(_standing(service) - _shared(service).keys()):
        source = f"`{told[table]}`" if table in told else "events" if table in service.projection.all_tables else ""
        meaning = said.get(table) or ("What the registry last said." if table in told else "")
        assert meaning, f"say above `create table {table}` of {service.name} what it holds"
        yield table, meaning, source


def _shared(service: Service) -> Mapping[str, str]:
    """The tables that libraries bring, with what each holds."""
    own = service.folder / "migrations"
    said = {
        table: text
        for folder in migrations_of(service)
        if folder != own
        for table, text in _descriptions(folder).items()
    }
    for table, meaning in said.items():
        assert meaning, f"say above `create table {table}` what it holds"
    return {table: said[table] for table in _standing(service) & said.keys()}


def _descriptions(folder: Path) -> Mapping[str, str]:
    """What migrations say of the tables they make; the last that says something holds."""
    found: dict[str, str] = {}
    for migration in sorted(folder.glob("*.sql")):
        sql = migration.read_text(encoding="utf-8")
        for comment, table in CREATED.findall(sql):
            lines = (line.removeprefix("--").strip() for line in comment.splitlines())
            found[table] = " ".join(lines) or found.get(table, "")
        found |= {table: said.replace("''", "'") for table, said in COMMENTED.findall(sql)}
    return found


def _standing(service: Service) -> set[str]:
    """The tables there are today, but for the runner's own of migrations."""
    return set(STANDING.findall((service.folder / "schema.sql").read_text(encoding="utf-8"))) - {"schema_migrations"}


def _section(title: str, rows: Iterator[tuple[str, str, str]]) -> str:
    lines = "".join(
        f"| `{table}` | {meaning.replace('|', chr(92) + '|')} | {source} |\n" for table, meaning, source in rows
    )
    return f"## {title}\n\n| table | holds | from events |\n|---|---|---|\n{lines}"
