"""Documents and variables of every shape that grows when it is walked; none is of more than 128 KiB."""

from collections.abc import Iterator, Mapping
from typing import Any

AREA = 'area(country: "SY", pcode: "SY070004")'


def chain(levels: int, on: str, inside: str, last: str) -> str:
    """Fragments of which each spreads the next as `inside` says."""
    each = " ".join(f"fragment a{n} on {on} {{ {inside.replace('NEXT', f'...a{n + 1}')} }}" for n in range(levels))
    return f"{each} fragment a{levels} on {on} {{ {last} }}"


def complete(count: int, field: str) -> str:
    """Fragments of which each spreads all behind it, as many as one selection may."""
    return " ".join(
        f"fragment a{n} on Query {{ {field} {' '.join(f'...a{m}' for m in range(n + 1, count))} }}"
        for n in range(count)
    )


def documents() -> Iterator[tuple[str, str]]:
    for levels in (23, 40, 120):
        yield f"doubling-{levels}", "{ ...a0 } " + chain(levels, "Query", "NEXT NEXT", "__typename")
    yield "doubling-inline", "{ ...a0 } " + chain(60, "Query", "... { NEXT } ... on Query { NEXT }", "__typename")
    yield (
        "doubling-condition",
        ("query ($v: Boolean!) { ...a0 } " + chain(60, "Query", "... @skip(if: $v) { NEXT } NEXT", "__typename")),
    )
    yield "doubling-below", f"{{ {AREA} {{ ...a0 }} }} " + chain(60, "Area", "parent { NEXT } parent { NEXT }", "pcode")
    yield (
        "doubling-aliases",
        f"{{ {AREA} {{ ...a0 }} }} " + chain(8, "Area", "a: parent { NEXT } b: parent { NEXT }", "pcode"),
    )
    yield "doubling-introspection", "{ ...a0 } " + chain(40, "Query", "NEXT NEXT", "__schema { queryType { name } }")
    yield "doubling-subscription", ("subscription { alertIssued { ...a0 } } " + chain(40, "Alert", "NEXT NEXT", "id"))
    yield "doubling-unused", "{ __typename } " + chain(60, "Query", "NEXT NEXT", "__typename")
    yield "doubling-fields", f"{{ {AREA} {{ ...a0 }} }} " + chain(60, "Area", "pcode NEXT level NEXT", "pcode")
    yield (
        "doubling-operations",
        (" ".join(f"query q{n} {{ ...a0 }}" for n in range(50)) + chain(40, "Query", "NEXT NEXT", "__typename")),
    )
    yield "long-chain", "{ ...a0 } " + chain(230, "Query", "NEXT", "__typename")
    yield "complete", "{ ...a0 } " + complete(30, "__typename")
    yield "circle", "{ ...a0 } " + " ".join(f"fragment a{n} on Query {{ ...a{(n + 1) % 200} }}" for n in range(200))
    yield "circles", "{ ...a0 } " + complete(20, "...a0")
    yield "own", "{ ...a } fragment a on Query { ...a ...a }"
    yield (
        "many-fragments",
        (
            f"{{ {AREA} {{ {' '.join(f'...a{n}' for n in range(80))} }} }} "
            + " ".join(f"fragment a{n} on Area {{ {'pcode ' * 10} }}" for n in range(80))
        ),
    )
    yield "overlapping", "{ " + f"{AREA} {{ {'parent { parent { pcode } } ' * 9} }} " * 10 + "}"
    yield "overlapping-fragments", f"{{ {AREA} {{ ...a0 }} }} " + chain(5, "Area", "parent { NEXT } " * 6, "pcode")
    yield "conflicts", f"{{ {AREA} {{ {'a: pcode a: level ' * 10} }} }}"
    yield "deep", "{ " + f"{AREA} {{ " + "parent { " * 190 + "pcode" + " }" * 192
    yield "deep-inline", "{ " + "... { " * 190 + "__typename" + " }" * 191
    yield "wide-inline", "{ " + "... { __typename } " * 390 + "}"
    yield "many-operations", " ".join(f"query q{n} {{ __typename }}" for n in range(330))
    yield (
        "many-variables",
        (
            "query ("
            + " ".join(f"$v{n}: Boolean = true" for n in range(130))
            + ") { "
            + " ".join(f"... @skip(if: $v{n}) {{ __typename }}" for n in range(100))
            + " }"
        ),
    )
    yield (
        "variables-fragments",
        (
            " ".join(f"query q{n}($v: Boolean!) {{ ...a0 }}" for n in range(60))
            + chain(60, "Query", "NEXT x: __typename @skip(if: $v)", "__typename")
        ),
    )
    yield "directives", "{ __typename " + "@include(if: true) " * 280 + "}"
    yield "deep-list", "{ reports(filter: {area: " + "[" * 190 + "]" * 190 + "}) { nodes { id } } }"
    yield "deep-object", "{ reports(filter: " + "{area: " * 190 + "1" + "}" * 190 + ") { nodes { id } } }"
    yield "wide-list", "subscription { alertIssued(filter: {areas: [" + '"SY" ' * 1900 + "]}) { id } }"
    yield "wide-object", "{ reports(filter: {" + " ".join(f"a{n}: 1" for n in range(600)) + "}) { nodes { id } } }"
    yield "unknown-fields", "{ " + " ".join(f"x{n}" for n in range(1900)) + " }"
    yield "unknown-fragments", "{ " + " ".join(f"...x{n}" for n in range(900)) + " }"
    yield "comments", "#\n" * 40_000 + "{ __typename }"
    yield "lines", "\n" * 60_000 + "{ x y z }"
    yield "long-name", "{ " + "a" * 120_000 + " }"
    yield "long-number", "{ areas(first: " + "9" * 120_000 + ") { nodes { pcode } } }"
    yield "long-float", "{ areas(first: " + "9" * 60_000 + "e99999) { nodes { pcode } } }"
    yield "long-text", '{ areas(search: "' + "x" * 120_000 + '") { nodes { pcode } } }'
    yield "long-block", '{ areas(search: """' + "x\n" * 40_000 + '""") { nodes { pcode } } }'
    yield "open-block", '{ areas(search: """' + '\\"""' * 12_000


def nested(value: Any, times: int, wrap: Any) -> Any:
    for _ in range(times):
        value = wrap(value)
    return value


FILTER = "query ($f: ReportFilter) { reports(filter: $f) { nodes { id } } }"
WISH = "subscription ($f: AlertWish) { alertIssued(filter: $f) { id } }"
FIRST = "query ($f: Int) { areas(first: $f) { nodes { pcode } } }"
VARIABLES: Mapping[str, tuple[str, Any]] = {
    "deep-objects": (FILTER, nested(1, 240, lambda value: {"area": value})),
    "deep-lists": (WISH, {"areas": nested("SY", 240, lambda value: [value])}),
    "wide": (WISH, {"areas": ["SY"] * 20_000}),
    "wrong": (WISH, {"areas": [1] * 40_000}),
    "wrong-choices": (WISH, {"severities": ["LOUD"] * 15_000}),
    "unknown-names": (FILTER, {f"a{n}": 1 for n in range(10_000)}),
    "long-name": (FILTER, {"a" * 120_000: 1}),
    "long-choice": (WISH, {"severities": ["EXTREM" * 20_000]}),
    "long-number": (FIRST, "9" * 120_000),
    "large-number": (FIRST, 1e300),
    "long-instant": (FILTER, {"updatedSince": "9" * 120_000}),
}
DOCUMENTS = dict(documents())
