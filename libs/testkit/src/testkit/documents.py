"""What documents say of the code: tables between markers, written by `make generate`."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from inspect import cleandoc
from pathlib import Path

from contracts.event import PUBLISHED, Event, Topic
from contracts.operations import DEAD_LETTERS
from gateway.graph.api import QUERIES
from gateway.main import ROUTERS
from gateway.reference.memory import TOPICS
from runtime.access import ANY_CONTENT, JSON, KIB, MIB, Extent, Role, RouteTable, Rule
from runtime.routing import table_of
from runtime.service import Service

from testkit.services import declared_services

ROOT = Path(__file__).parents[4]


def pages() -> Mapping[Path, Mapping[str, Callable[[], str]]]:
    """What is written between the markers of each page."""
    services = list(declared_services().values())  # first: what loads a service loads every event it publishes
    return {
        ROOT / "ARCHITECTURE.md": {"topics": topics},
        ROOT / "docs" / "access.md": {"routes": routes},
        **{each.folder / "README.md": {"events and tables": partial(events_and_tables, each)} for each in services},
    }


def fresh(page: Path) -> str:
    """The text of the page with what stands between its markers written anew."""
    text = page.read_text(encoding="utf-8")
    for name, table in pages()[page].items():
        begin, end = f"<!-- {name}: written by make generate -->\n", f"<!-- {name}: end -->"
        before, _, rest = text.partition(begin)
        assert end in rest, f"{page} has no markers of {name}"
        text = before + begin + table() + end + rest.partition(end)[2]
    return text


def write() -> None:
    for page in pages():
        page.write_text(fresh(page), encoding="utf-8")


def topics() -> str:
    """Each topic with its events and who hears which."""
    services = list(declared_services().values())  # first: what loads a service loads every event it publishes
    by_topic: dict[Topic, list[type[Event]]] = {}
    for event in _published():
        by_topic.setdefault(event.topic, []).append(event)
    rows = [(_topic(topic), _listed(events), _hearers(services, topic, events)) for topic, events in by_topic.items()]
    rows.append((_topic(DEAD_LETTERS), "copies of what a consumer could not take, of every service", "operators"))
    return _table(("topic", "events", "heard by"), rows)


def _published() -> list[type[Event]]:
    return sorted(PUBLISHED.values(), key=lambda event: (event.topic.noun, event.type_name()))


def routes() -> str:
    """The table of routes of each process."""
    tables = {each.name: each.access for each in declared_services().values()} | {
        "gateway": table_of(ROUTERS, (QUERIES,))
    }
    return "\n".join(f"## {name}\n{_rules(access)}" for name, access in tables.items())


def events_and_tables(service: Service) -> str:
    """What a service publishes, what it hears, and the tables it keeps that in."""
    spoken = [event for event in _published() if event.topic in service.topics]
    published = [(f"`{each.type_name()}`", _topic(each.topic), _summary(each)) for each in spoken]
    heard = _listed(service.projection.handlers) or "nothing"
    names = ", ".join(f"`{name}`" for name in tables_of(service))
    return (
        _table(("publishes", "on", "what"), published) if published else ""
    ) + f"\nHears {heard}.\n\nTables: {names}.\n"


def tables_of(service: Service) -> list[str]:
    """Tables a service made itself and still has."""
    made = {
        name
        for path in (service.folder / "migrations").glob("*.sql")
        for name in re.findall(r"^create table (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    schema = (service.folder / "schema.sql").read_text(encoding="utf-8")
    return sorted(made & set(re.findall(r"^CREATE TABLE public\.(\w+)", schema, re.MULTILINE)))


def _topic(topic: Topic) -> str:
    return f"`{topic.noun}`" if topic.compacted else f"`{topic.noun}` (history)"


def _summary(event: type[Event]) -> str:
    return " ".join(cleandoc(event.__doc__ or "").partition("\n\n")[0].split())


def _listed(events: Iterable[type[Event]]) -> str:
    return ", ".join(f"`{event.type_name()}`" for event in events)


def _hearers(services: Iterable[Service], topic: Topic, events: list[type[Event]]) -> str:
    """Who hears the topic; of whom some events alone, which."""
    found = []
    for service in services:
        heard = [event for event in events if event in service.projection.handlers]
        some = f" ({_listed(heard)})" if len(heard) < len(events) else ""
        found += [f"{service.name}{some}"] if heard else []
    return ", ".join([*found, *(["gateway"] if topic in TOPICS else [])]) or "–"


def _rules(access: RouteTable) -> str:
    """Each route with its rule; methods of one path under one rule are a row."""
    methods: dict[tuple[str, str, str], list[str]] = {}
    for (method, path), rule in access.items():
        methods.setdefault((path, _who(rule), _body(method, rule)), []).append(method)
    rows = [(" ".join(found), f"`{path}`", roles, body) for (path, roles, body), found in methods.items()]
    return _table(("method", "path", "who", "body"), rows)


def _who(rule: Rule) -> str:
    roles = rule.roles
    if Role.PUBLIC in roles:
        return "everybody; no token is read" if rule.own_credentials else "everybody"
    if set(roles.values()) == {Extent.ANY} and len(roles) == len(Role) - 1:
        return "who is signed in"
    return ", ".join(role if reach is Extent.ANY else f"{role} ({reach})" for role, reach in roles.items())


def _body(method: str, rule: Rule) -> str:
    if method in ("GET", "HEAD", "OPTIONS"):
        return ""
    size = rule.largest_body
    largest = f"{size // MIB} MiB" if size >= MIB else f"{size // KIB} KiB"
    kinds = "" if rule.content_types in ((JSON,), ANY_CONTENT) else f" of {', '.join(rule.content_types)}"
    return largest + kinds


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines).replace("| --- ", "|---").replace("--- |", "---|")
