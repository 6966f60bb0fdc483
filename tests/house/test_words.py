"""Names a stranger finds in a textbook or in the glossary: a word has one meaning in the tree."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from testkit.syntax import syntax_of

ROOT = Path(__file__).parents[2]
FOLDERS = ("libs", "services", "gateway", "deploy", "bench")
SEVERAL = {
    "Settings": "each process has its own",
    "Reference": "what each service knows of the registry",
}
"""Classes of one name in several modules, with the reason."""
DIALECT = {
    *("aside", "asked", "beside", "bury", "door", "fate", "ground", "heard", "heed", "keeper", "letter", "mourn"),
    *("office", "passage", "postman", "said", "sight", "speaker", "told", "unheard", "untold", "walled", "walls"),
    *("wanted", "wanting", "whose"),
}
"""Words that only those who wrote them understand: say *described*, *published*, *filter*, *extra*, *visibility*."""
MEANT = {"dead_letter", "DeadLetter", "WantedAlerts"}
"""The field's own word, and a name that stands in OpenAPI."""


@cache
def trees() -> dict[str, ast.Module]:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts]
    return {path.relative_to(ROOT).as_posix(): syntax_of(path) for path in sorted(paths)}


def classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for path, tree in trees().items():
        yield from ((path, node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def is_of_the_graph(node: ast.ClassDef) -> bool:
    """Types of the graph are named for those who ask."""
    return any("strawberry" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_a_class_name_has_one_meaning() -> None:
    # What contracts declare may have the same name wherever the same thing is meant.
    declared = {node.name for path, node in classes() if path.startswith("libs/contracts/")}
    places = defaultdict(list)
    for path, node in classes():
        if not node.name.startswith("_") and node.name not in declared and not is_of_the_graph(node):
            places[node.name].append(path)
    several = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert {name: paths for name, paths in several.items() if name not in SEVERAL} == {}
    assert SEVERAL.keys() <= several.keys()


def names() -> Iterator[tuple[str, str]]:
    for path, tree in trees().items():
        yield path, Path(path).stem
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node.name


def words_of(name: str) -> set[str]:
    for meant in MEANT:
        name = name.replace(meant, "")
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_names_are_of_no_private_dialect() -> None:
    assert [f"{path}: {name}" for path, name in names() if words_of(name) & DIALECT] == []
