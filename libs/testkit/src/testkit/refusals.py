"""Every refusal of the platform, and the catalogue of them: `docs/refusals.md`."""

import ast
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from contracts.services import SERVICES
from gateway.graph.faults import InvalidPart
from gateway.signing_in.registry import RegistryRefusal
from gateway.upstream.questions import ServiceRefusal
from runtime.naming import Unknown
from runtime.problems import OfValue, Refusal

from testkit.syntax import syntax_of

CATALOGUE = Path(__file__).parents[4] / "docs" / "refusals.md"
PACKAGES = ("runtime", "tables", *SERVICES, "gateway")
EVERY = "every service"
RELAYED = frozenset({ServiceRefusal, RegistryRefusal})
"""The gateway's, of which code and sentence are those of the service that refused."""
ABSTRACT = frozenset({OfValue, Unknown})
"""Never raised: what others are kinds of."""
OF_A_LIBRARY = frozenset({InvalidPart})
"""Says what the GraphQL library says."""
HEAD = """# Refusals

Written by `make generate`. A request that is refused is answered as `application/problem+json` (RFC 9457) with one of
these codes; where several things are wrong its `errors` name each by code, field and row. GraphQL has the same codes
in `extensions`. A code is stable, and means one thing wherever it comes from. *Formerly* is what it was called in the
release before: it still stands beside, as `legacy_code`. Status is that of a request refused for this alone; a row
among others is refused without it.

| code | status | in English | بالعربية | from | formerly |
|---|---|---|---|---|---|
"""


def all_refusals() -> list[type[Refusal]]:
    """Every class of refusal there is, by its code."""
    for package in map(import_module, PACKAGES):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(".__main__"):
                import_module(module.name)
    found, waiting = [], [Refusal]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += [kind for kind in kinds if kind.__module__.partition(".")[0] in PACKAGES]
        waiting += kinds
    return sorted(set(found) - RELAYED, key=lambda kind: kind.code)


def catalogue() -> str:
    """The text of `docs/refusals.md`: all that can be refused, in both languages."""
    places = _places()
    rows = [
        (f"`{kind.code}`", str(int(kind.status)), kind.en, kind.ar, _place(kind, places), _formerly(kind))
        for kind in all_refusals()
        if kind not in ABSTRACT | OF_A_LIBRARY
    ]
    return HEAD + "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in rows)


def write() -> None:
    CATALOGUE.write_text(catalogue(), encoding="utf-8")


def _formerly(kind: type[Refusal]) -> str:
    found = dict.fromkeys([*filter(None, [kind.legacy_code]), *sorted(_former().get(kind.__name__, ()))])
    return ", ".join(f"`{code}`" for code in found)


def _place(kind: type[Refusal], places: Mapping[str, str]) -> str:
    """Where its class is named; where no place names it, where its code is: a program of its own says no more."""
    return places.get(kind.__name__) or places[kind.code]


def _places() -> Mapping[str, str]:
    """The packages, and folders of them, that make each refusal, by the name of its class, or its code."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for package, folder, tree in _sources():
        for name in {name for node in ast.walk(tree) for name in _made(node)}:
            found.setdefault(name, {}).setdefault(package, {})[folder] = None
    return {name: _places_text(packages) for name, packages in found.items()}


def _places_text(packages: Mapping[str, Mapping[str, None]]) -> str:
    if "runtime" in packages:
        return EVERY
    folders = {package: ", ".join(filter(None, folders)) for package, folders in packages.items()}
    return "; ".join(f"{package} ({inside})" if inside else package for package, inside in folders.items())


def _made(node: ast.AST) -> Iterator[str]:
    """Names that are called or raised, or stand as values where a table says which refusal is meant."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


@cache
def _former() -> Mapping[str, set[str]]:
    """What places say they called it: the argument of `formerly`, and of tables `legacy`."""
    found: dict[str, set[str]] = {}
    for _, _, tree in _sources():
        for node in ast.walk(tree):
            for name, code in _called_otherwise(node):
                found.setdefault(name, set()).add(code)
    return found


def _called_otherwise(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Call(
            func=ast.Attribute(attr="formerly", value=ast.Call(func=ast.Name(id=name))),
            args=[ast.Constant(value=str(code))],
        ):
            yield name, code
        case ast.keyword(arg="legacy", value=ast.Dict(keys=keys, values=values)):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Name) and isinstance(value, ast.Constant):
                    yield key.id, str(value.value)


@cache
def _sources() -> list[tuple[str, str, ast.Module]]:
    """Package, folder within it and content of each module, without those that only declare refusals."""
    found = []
    for package in PACKAGES:
        root = Path(str(import_module(package).__file__)).parent
        for path in sorted(root.rglob("*.py")):
            inside = path.relative_to(root).parts
            folder = inside[0] if len(inside) > 1 and package != "runtime" else ""
            found.append((package, folder, _without_bases(syntax_of(path))))
    return found


def _without_bases(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            node.bases = []
        elif isinstance(node, ast.arg | ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef):
            if isinstance(node, ast.arg):
                node.annotation = None
            elif isinstance(node, ast.AnnAssign):
                node.annotation = ast.Constant(value=None)
            else:
                node.returns = None
    return tree
