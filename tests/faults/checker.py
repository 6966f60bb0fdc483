"""The checker: holds the ledger against the evidence, and names everything that does not agree."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from tests.faults.counting import Cell, Figure, Final, figures
from tests.faults.evidence import Event, Evidence, Kept, Version
from tests.faults.ledger import Account, Ledger, Poison, Row, Stage, said
from tests.faults.topics import HEARD, Place, Record

MOST_NAMED = 5
"""Complaints of one kind; the others are counted."""


def complaints(ledger: Ledger, evidence: Evidence) -> list[str]:
    """What is wrong, in words; nothing, where nothing acknowledged was lost and nothing counted twice."""
    checks = (
        ledger.surprises,
        _reports(ledger, evidence),
        _door(evidence),
        _events(evidence),
        _topics(ledger, evidence),
        _consumers(evidence),
        _projections(ledger, evidence),
        _figures("the tables of reporting", evidence.cells, ledger, evidence),
        _figures("GraphQL", evidence.shown, ledger, evidence),
        _dead_letters(ledger, evidence),
        _alerts(ledger, evidence),
    )
    return [complaint for check in checks for complaint in _short(list(check))]


def _short(found: list[str]) -> list[str]:
    more = len(found) - MOST_NAMED
    return found if more <= 0 else [*found[:MOST_NAMED], f"… and {more} more of these"]


def _reports(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    for account in ledger.accounts.values():
        kept = evidence.reports.get((account.organisation, account.external_id))
        if kept:
            yield from _versions(account, kept, ledger)
        elif account.acknowledged:
            yield f"report {account.external_id} was acknowledged and is gone"
    for organisation, external_id in evidence.reports.keys() - ledger.accounts.keys():
        yield f"nobody sent report {external_id} of {organisation}"


def _versions(account: Account, kept: Kept, ledger: Ledger) -> Iterator[str]:
    name = f"report {account.external_id}"
    if account.id not in (None, kept.id):
        yield f"{name} was acknowledged as {account.id} and is {kept.id}"
    wanted = _wanted(account, kept, ledger)
    for version in sorted(wanted.keys() - kept.versions.keys()):
        yield f"version {version} of {name} was acknowledged and is gone"
    for version in sorted(kept.versions.keys() - wanted.keys()):
        yield f"nobody was told of version {version} of {name}"
    for version in sorted(wanted.keys() & kept.versions.keys()):
        if wanted[version] != kept.versions[version]:
            yield f"version {version} of {name} is {kept.versions[version]}, and was acknowledged as {wanted[version]}"
    if kept.version != max(kept.versions):
        yield f"{name} stands at version {kept.version} though there is {max(kept.versions)}"


def _wanted(account: Account, kept: Kept, ledger: Ledger) -> dict[int, Version]:
    """Every version there must be. A decision makes one of what the report said before."""
    return {version: Version(stage, said(row)) for version, (row, stage) in _history(account, kept.id, ledger).items()}


def _history(account: Account, id: str, ledger: Ledger) -> dict[int, tuple[Row, Stage]]:
    rows = dict(account.acknowledged)
    if not rows and account.doubtful:
        rows[1] = account.doubtful
    stages = ledger.decisions.get(id, {})
    history: dict[int, tuple[Row, Stage]] = {}
    for version in sorted(rows.keys() | stages.keys()):
        row = rows.get(version) or (history[max(history)][0] if history else None)
        if row is not None:
            history[version] = (row, stages.get(version, "submitted"))
    return history


def _door(evidence: Evidence) -> Iterator[str]:
    kept = {report.id: (report.version, report.versions[report.version]) for report in evidence.reports.values()}
    for id in sorted(kept.keys() | evidence.told.keys()):
        if kept.get(id) != evidence.told.get(id):
            yield f"the door says of report {id} {evidence.told.get(id)}, and {kept.get(id)} is kept"


def _events(evidence: Evidence) -> Iterator[str]:
    """One event for each version of a report, and in no log two of one version."""
    for service, events in evidence.events.items():
        counted = Counter((event.topic, event.key, event.version) for event in events if event.version is not None)
        for (topic, key, version), times in counted.items():
            if times > 1:
                yield f"{service} logged version {version} of {key} on {topic} {times} times"
    logged = {(e.key, e.version) for e in evidence.events["activities"] if e.topic == "activities.reports"}
    kept = {(report.id, version) for report in evidence.reports.values() for version in report.versions}
    for key, number in sorted(kept - logged):
        yield f"there is no event of version {number} of report {key}"
    for key, other in sorted(logged - kept, key=str):
        yield f"there is an event of version {other} of report {key}, and no such version"


def _topics(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    """Every event was published, with what was logged and nothing else, and the newest of a key stands last."""
    events = {event.id: event for log in evidence.events.values() for event in log if not event.copy}
    published = set()
    last: dict[tuple[str, bytes | None], Event] = {}
    for record in evidence.topics.records:
        event = events.get(record.header.get("ce_id", ""))
        if event is None:
            if "dl_consumer" not in record.header and _poisoned(ledger, record) is None:
                yield f"nobody published what lies at {record.place}"
            continue
        if "dl_consumer" in record.header:
            continue
        published.add(event.id)
        last[record.place.topic, record.key] = event
        if (record.place.topic, record.key, record.value) != (event.topic, event.key.encode(), event.payload):
            yield f"event {event.id} was published at {record.place} with other content than was logged"
    for id in sorted(events.keys() - published):
        yield f"event {id} (version {events[id].version} of {events[id].key}) is missing from {events[id].topic}"
    yield from _stale(events, last)
    for service, rows in evidence.waiting.items():
        if rows:
            yield f"{rows} events of {service} wait in its outbox"


def _stale(events: Mapping[str, Event], last: Mapping[tuple[str, bytes | None], Event]) -> Iterator[str]:
    newest: dict[tuple[str, bytes | None], int] = defaultdict(int)
    for event in events.values():
        newest[event.topic, event.key.encode()] = max(newest[event.topic, event.key.encode()], event.version or 0)
    for place, event in last.items():
        if (event.version or 0) != newest[place]:
            yield f"version {event.version} of {event.key} stands last on {event.topic}, not {newest[place]}"


def _consumers(evidence: Evidence) -> Iterator[str]:
    for consumer, topics in HEARD.items():
        for at, end in evidence.topics.ends.items():
            if at[0] in topics and (stands := evidence.offsets[consumer].get(at, 0)) != end:
                yield f"{consumer} stands at {stands} of {at}, which ends at {end}"


def _projections(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    kept = {report.id: report.version for report in evidence.reports.values()}
    yield from _differing("the fact of report", kept, evidence.facts)
    yield from _differing("target", ledger.targets, evidence.targets["plans"])
    yield from _differing("reporting's target", evidence.targets["plans"], evidence.targets["reporting"])
    for service, organisations in evidence.organisations.items():
        yield from _differing(f"{service}'s organisation", evidence.organisations["registry"], organisations)
    for id in sorted(ledger.organisations - evidence.verified):
        yield f"organisation {id} was verified, and is not"


def _differing(name: str, wanted: Mapping[str, object], found: Mapping[str, object]) -> Iterator[str]:
    for id in sorted(wanted.keys() | found.keys()):
        if wanted.get(id) != found.get(id):
            yield f"{name} {id} is {found.get(id)} and should be {wanted.get(id)}"


def _figures(where: str, seen: Mapping[Cell, Figure], ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    wanted = figures(_finals(ledger, evidence))
    for cell in sorted(wanted.keys() | seen.keys()):
        counted, said_there = wanted.get(cell, Figure()), seen.get(cell, Figure())
        if counted != said_there:
            yield f"in {where} {cell} is {said_there}, and counting the reports makes it {counted}"


def _finals(ledger: Ledger, evidence: Evidence) -> Iterator[Final]:
    """Reports as the ledger says they stand in the end; doubtful ones where they are there."""
    for key, account in ledger.accounts.items():
        kept = evidence.reports.get(key)
        if kept is None and not account.acknowledged:
            continue
        history = _history(account, account.id or (kept.id if kept else ""), ledger)
        row, stage = history[max(history)]
        yield Final(account.organisation, row, stage)


def _dead_letters(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    """Poison, and nothing else, lies with the dead letters of all who heard it, whole and with a cause, and copied."""
    letters = {(letter.consumer, letter.place): letter for letter in evidence.letters}
    copies = {_origin(record) for record in evidence.topics.records if "dl_consumer" in record.header}
    expected = set()
    for record in evidence.topics.records:
        poison = _poisoned(ledger, record)
        if poison is None or not poison.kills:
            continue
        for consumer in (name for name, topics in HEARD.items() if poison.topic in topics):
            expected.add((consumer, record.place))
            letter = letters.get((consumer, record.place))
            if letter is None:
                yield f"poison ({poison.kind}) at {record.place} is not among the dead letters of {consumer}"
            elif (letter.key, letter.value, list(letter.headers)) != (record.key, record.value, list(record.headers)):
                yield f"the dead letter of {consumer} from {record.place} is not what lies there"
            elif not letter.cause:
                yield f"the dead letter of {consumer} from {record.place} has no cause"
    for consumer, place in sorted(letters.keys() - expected):
        yield f"{consumer} could not take {place}, which is no poison: {letters[consumer, place].cause}"
    for consumer, place in sorted(expected - copies):
        yield f"the dead letter of {consumer} from {place} was not copied to its topic"


def _origin(record: Record) -> tuple[str, Place]:
    said_of = record.header
    return said_of["dl_consumer"], Place(said_of["dl_topic"], int(said_of["dl_partition"]), int(said_of["dl_offset"]))


def _poisoned(ledger: Ledger, record: Record) -> Poison | None:
    return ledger.poison.get((record.place.topic, record.key or b"", record.value))


def _alerts(ledger: Ledger, evidence: Evidence) -> Iterator[str]:
    deliveries: dict[str, set[str]] = defaultdict(set)
    for arrived in ledger.delivered:
        deliveries[arrived.alert].add(arrived.delivery)
    for id in sorted(ledger.alerts):
        if id not in ledger.streamed:
            yield f"alert {id} never came on the event stream"
        if id not in deliveries:
            yield f"alert {id} never reached the webhook"
        if evidence.deliveries.get(id) != "delivered":
            yield f"the delivery of alert {id} is {evidence.deliveries.get(id, 'gone')}"
    for id, ids in deliveries.items():
        if len(ids) > 1:
            yield f"alert {id} reached the webhook as {len(ids)} deliveries"
    yield from _overtaken(ledger)


def _overtaken(ledger: Ledger) -> Iterator[str]:
    """Alerts that reached the webhook after their end."""
    over: set[str] = set()
    for arrived in ledger.delivered:
        if arrived.alert in over:
            yield f"alert {arrived.alert} reached the webhook after its end"
        if ended := ledger.ends.get(arrived.alert):
            over.add(ended)
