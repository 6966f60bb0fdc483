"""Pages of figures: their cursors and columns."""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel
from runtime.cursors import Cursors
from runtime.settings import ProcessSettings

from reporting.errors import UnknownColumn


def cursors_of(settings: ProcessSettings, name: str, asked: BaseModel, sort: Sequence[str]) -> Cursors:
    """Cursors bound to the list, its filter and its order."""
    filtered = asked.model_dump(exclude={"first", "after"})
    return Cursors(settings.cursor_key.get_secret_value(), bound_to=[name, filtered, sort])


def check_columns(asked: Iterable[str], known: Iterable[str]) -> None:
    """Raises `UnknownColumn`."""
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise UnknownColumn("columns", column=unknown[0])
