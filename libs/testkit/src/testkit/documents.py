"""What documents say of the code: tables between markers, written by `make generate`."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path

from contracts.event import PUBLISHED, Event, Topic
from contracts.operations import DEAD_LETTERS
from gateway.access import ACCESS
from gateway.reference.memory import TOPICS
from local.state import SERVICES
from runtime.access import RouteTable
from runtime.service import Service

ARCHITECTURE = Path(__file__).parents[4] / "ARCHITECTURE.md"


def fresh(text: str) -> str:
    """The text with what stands between its markers written anew."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}: written by make generate -->\n", f"<!-- {name}: end -->"
        before, _, rest = text.partition(begin)
        assert end in rest, f"ARCHITECTURE.md has no markers of {name}"
        text = before + begin + table() + end + rest.partition(end)[2]
    return text


def write() -> None:
    ARCHITECTURE.write_text(fresh(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")


def topics() -> str:
    """Each topic with its events and who hears which."""
    services = _services()  # first: what loads a service loads every event it publishes
    by_topic: dict[Topic, list[type[Event]]] = {}
    for event in sorted(PUBLISHED.values(), key=lambda event: (event.topic.noun, event.type_name())):
        by_topic.setdefault(event.topic, []).append(event)
    rows = [(_topic(topic), _listed(events), _hearers(services, topic, events)) for topic, events in by_topic.items()]
    rows.append((_topic(DEAD_LETTERS), "copies of what a consumer could not take, of every service", "operators"))
    return _table(("topic", "events", "heard by"), rows)


def routes() -> str:
    """Each service's routes, with their methods; what all services have is said once."""
    tables = {service.name: service.access for service in _services()} | {"gateway": ACCESS}
    return _table(("service", "routes"), [(name, _paths(access)) for name, access in tables.items()])


TABLES: Mapping[str, Callable[[], str]] = {"topics": topics, "routes": routes}


def _services() -> Iterable[Service]:
    return [import_module(f"{name}.main").SERVICE for name in SERVICES]


def _topic(topic: Topic) -> str:
    return f"`{topic.noun}`" if topic.compacted else f"`{topic.noun}` (history)"


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


def _paths(access: RouteTable) -> str:
    methods: dict[str, list[str]] = {}
    for method, path in access:
        methods.setdefault(path, []).append(method)
    return ", ".join(f"`{path}` {' '.join(found)}" for path, found in methods.items())


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines).replace("| --- ", "|---").replace("--- |", "---|")
