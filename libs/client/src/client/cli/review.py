"""`tansiq review`: what waits for a reviewer, and decisions on it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated
from uuid import UUID

import typer
from contracts.organisations import Organisation
from contracts.reports import Report

from client.cli.clock import ZoneClock, clock_of
from client.cli.coverage import named
from client.cli.messages import sentence
from client.cli.outcome import FileOutcome
from client.cli.session import Exit, Session, with_session
from client.reviews import Decided, ReviewDecision
from client.tansiq import Tansiq

review = typer.Typer(no_args_is_help=True, help="Review reports: list what waits, approve it or return it.")

COLUMNS = ("report", "version", "month", "sector", "area", "organisation", "status", "people", "sent", "flags")
NUMBERS = ("version", "people")
SHOWN = 50
"""Reports a person sees before they confirm."""

Ids = Annotated[list[UUID] | None, typer.Argument(help="Ids of reports; without them the filters say which.")]
Month = Annotated[str | None, typer.Option("--month", help="Reporting month, such as 2026-03.")]
Sector = Annotated[str | None, typer.Option("--sector", help="Exact code, such as WSH.")]
Area = Annotated[str | None, typer.Option("--area", help="P-code: this area and all below it.")]
Country = Annotated[str | None, typer.Option("--country", help="P-code of the country.")]
Whose = Annotated[str | None, typer.Option("--organisation", help="Id of the reporting organisation.")]
Comment = Annotated[str | None, typer.Option("--comment", help="A word to the owner.")]
Mend = Annotated[str, typer.Option("--comment", help="What has to be mended.")]
Override = Annotated[
    str | None,
    typer.Option("--override-reason", help="Why the secretariat decides in place of a working group (with ids)."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@dataclass(frozen=True)
class Filters:
    """Which of the waiting reports."""

    month: str | None = None
    sector: str | None = None
    area: str | None = None
    country: str | None = None
    organisation: str | None = None

    def given(self) -> bool:
        return any(asdict(self).values())

    def as_query(self) -> dict[str, str | int]:
        named = {
            "month_from": self.month,
            "month_to": self.month,
            "sector": self.sector,
            "area": self.area,
            "country": self.country,
            "organisation_id": self.organisation,
        }
        return {name: value for name, value in named.items() if value is not None}


@review.command("list")
@with_session
def list_(
    session: Session,
    month: Month = None,
    sector: Sector = None,
    area: Area = None,
    country: Country = None,
    organisation: Whose = None,
) -> None:
    """Show the reports that wait for your review."""
    filters = Filters(month, sector, area, country, organisation)
    found = session.run(lambda tansiq: _reports(tansiq, (), filters))
    if found and not session.as_json:
        _show(session, found)
        session.say("waiting", count=len(found))
    else:
        session.show({"items": found}, "nothing")


@review.command()
@with_session
def approve(
    session: Session,
    ids: Ids = None,
    month: Month = None,
    sector: Sector = None,
    area: Area = None,
    country: Country = None,
    organisation: Whose = None,
    comment: Comment = None,
    override_reason: Override = None,
    yes: Yes = False,
) -> None:
    """Approve reports, by their ids or all that wait and match: their figures become official."""
    filters = Filters(month, sector, area, country, organisation)
    _decide(session, ids or (), filters, _Words("approved", comment, override_reason), yes=yes)


@review.command("return")
@with_session
def return_(
    session: Session,
    comment: Mend,
    ids: Ids = None,
    month: Month = None,
    sector: Sector = None,
    area: Area = None,
    country: Country = None,
    organisation: Whose = None,
    override_reason: Override = None,
    yes: Yes = False,
) -> None:
    """Return reports to their owners with a comment: they leave all figures until they are sent again."""
    filters = Filters(month, sector, area, country, organisation)
    _decide(session, ids or (), filters, _Words("returned", comment, override_reason), yes=yes)


@dataclass(frozen=True)
class _Words:
    decision: Decided
    comment: str | None
    override_reason: str | None

    def on(self, report: Report) -> ReviewDecision:
        return ReviewDecision(report.id, report.version, self.decision, self.comment, self.override_reason)


def _decide(session: Session, ids: Sequence[UUID], filters: Filters, words: _Words, *, yes: bool) -> None:
    if ids and filters.given():
        session.fail(Exit.USAGE, "ids_or_filters")
    if not ids and not filters.given():
        session.fail(Exit.USAGE, "which_reports")
    if session.as_json and not yes:
        session.fail(Exit.USAGE, "confirm_needs_yes")
    reports = session.run(lambda tansiq: _reports(tansiq, ids, filters))
    if reports and not yes:
        _ask(session, reports, words.decision)
    outcome = session.run(lambda tansiq: _send(session, tansiq, [words.on(report) for report in reports]))
    if reports or session.as_json:
        outcome.show(session, "decided")
    else:
        session.say("nothing")
    raise typer.Exit(outcome.exit_code)


def _ask(session: Session, reports: Sequence[Report], decision: Decided) -> None:
    _show(session, reports[:SHOWN])
    typer.confirm(sentence(f"confirm_{decision}", session.language, count=len(reports)), abort=True, err=True)


def _show(session: Session, reports: Sequence[Report]) -> None:
    names, clock = session.run(lambda tansiq: _lookup_names(tansiq, session.language))
    rows = [_cells(report, names, clock, session) for report in reports]
    session.table(COLUMNS, rows, numbers=NUMBERS, notes={"sent": clock.name})


async def _lookup_names(tansiq: Tansiq, language: str) -> tuple[dict[UUID, str], ZoneClock]:
    """Names of the organisations, and by which clock days are told."""
    names = {one.id: named(one.model_dump(), language) async for one in tansiq.lists.of(Organisation)}
    return names, await clock_of(tansiq)


async def _reports(tansiq: Tansiq, ids: Sequence[UUID], filters: Filters) -> list[Report]:
    """The reports as they are now: a decision names the version that was read here."""
    if ids:
        return [await tansiq.reports.read(id) for id in dict.fromkeys(ids)]
    return [report async for report in tansiq.reviews.queue(**filters.as_query())]


async def _send(session: Session, tansiq: Tansiq, decisions: Sequence[ReviewDecision]) -> FileOutcome:
    outcome = FileOutcome()
    with session.progress() as progress:
        task = progress.add_task(sentence("deciding", session.language), total=len(decisions))
        async for pushed in tansiq.reviews.decide(decisions):
            outcome.add(pushed)
            progress.update(task, completed=outcome.accepted + outcome.rejected)
    return outcome


def _cells(report: Report, names: Mapping[UUID, str], clock: ZoneClock, session: Session) -> list[object]:
    place = [report.id, report.version, report.month, report.sector, report.area]
    whose = names.get(report.organisation_id) if report.organisation_id else None
    flags = sentence("list_comma", session.language).join(session.word("flag", flag) for flag in report.flags)
    done = [session.word("activity", report.status), report.people.total, clock.day(report.submitted_at), flags]
    return [*place, whose or report.organisation_name or report.organisation_id, *done]
