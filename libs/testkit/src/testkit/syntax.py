"""Modules as syntax trees, for tests that read the code."""

import ast
import gc
from pathlib import Path


def syntax_of(path: Path) -> ast.Module:
    """The module's tree. Nothing is collected meanwhile: a future that is, with an exception nobody asked for, has its
    traceback written, which parses too, and parsers of CPython 3.11 within one another end in a `SystemError`.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        if collecting:
            gc.enable()
