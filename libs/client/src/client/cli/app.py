"""The `tansiq` command."""

import typer

from client.cli.alerts import alerts
from client.cli.areas import areas
from client.cli.changes import changes
from client.cli.coverage import coverage
from client.cli.help_words import help_language, translate
from client.cli.lists import list_rows
from client.cli.login import login
from client.cli.operations import dead_jobs, dead_letters, replay
from client.cli.organisations import organisations
from client.cli.people import people
from client.cli.push import push
from client.cli.reports import reports
from client.cli.review import review
from client.cli.screen import tolerate
from client.cli.session import EXIT_CODES
from client.cli.subscriptions import subscriptions
from client.cli.targets import progress, targets
from client.cli.uploads import uploads

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Tansiq (تنسيق) for partners, hubs and operators.",
    epilog=EXIT_CODES,
)
app.command()(login)
app.command(epilog=EXIT_CODES)(push)
app.command(epilog=EXIT_CODES)(changes)
app.command(name="list", epilog=EXIT_CODES)(list_rows)
app.command()(coverage)
app.command()(progress)
app.command()(replay)
app.add_typer(areas, name="areas")
app.add_typer(organisations, name="organisations")
app.add_typer(reports, name="reports")
app.add_typer(review, name="review")
app.add_typer(people, name="people")
app.add_typer(uploads, name="uploads")
app.add_typer(targets, name="targets")
app.add_typer(alerts, name="alerts")
app.add_typer(subscriptions, name="subscriptions")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(dead_jobs, name="dead-jobs")


def main() -> None:
    """The command, whatever letters its terminal has."""
    tolerate()
    command = typer.main.get_command(app)
    if help_language() == "ar":
        translate(command)
    command()
