"""All that the contracts declare: the import of a module declares its nouns and events."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import contracts
from contracts.nouns import NOUNS, Noun

for _module in pkgutil.iter_modules(contracts.__path__):
    if _module.name not in ("catalogue", "documents"):
        import_module(f"contracts.{_module.name}")

LISTS: Mapping[str, Noun[Any]] = {
    name: noun
    for name, noun in sorted(NOUNS.items())
    if not any(field.is_required() for field in noun.filter.model_fields.values())
}
"""Lists that stand by themselves; the others are of one row of another noun."""
