"""A file becomes chunks: each row once, in order, with its line, and no chunk above its bounds."""

from pathlib import Path

import orjson
import pytest
from client.chunks import UnreadableFile, chunks_of, gathered
from hypothesis import given
from hypothesis import strategies as st

ROWS = st.lists(st.binary(min_size=1, max_size=40).filter(lambda row: b"\n" not in row), max_size=60)


@given(ROWS, st.integers(1, 10), st.integers(41, 200))
def test_each_row_goes_out_once_in_order_within_bounds(rows: list[bytes], most: int, size: int) -> None:
    chunks = list(gathered(enumerate(rows, start=1), rows=most, size=size))
    assert [line for chunk in chunks for line in chunk.body.split(b"\n")[:-1]] == rows
    assert [number for chunk in chunks for number in chunk.lines] == list(range(1, len(rows) + 1))
    assert all(1 <= len(chunk.lines) <= most and len(chunk.body) <= size for chunk in chunks)


def test_blank_lines_and_the_byte_order_mark_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "reports.ndjson"
    file.write_bytes(b'\xef\xbb\xbf{"a":1}\r\n\r\n  \n{"a":2}')
    (chunk,) = chunks_of(file)
    assert chunk.body == b'{"a":1}\n{"a":2}\n'
    assert chunk.lines == (1, 4)


@pytest.mark.parametrize(("document", "count"), [([{"a": 1}, {"a": 2}], 2), ({"a": 1}, 1)])
def test_a_json_document_is_rows_too(tmp_path: Path, document: object, count: int) -> None:
    file = tmp_path / "reports.json"
    file.write_bytes(orjson.dumps(document))
    (chunk,) = chunks_of(file)
    assert len(chunk.lines) == count


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "reports.ndjson"
    file.write_bytes(b"x" * 100)
    with pytest.raises(UnreadableFile, match="line 1"):
        list(chunks_of(file, size=50))


def test_a_broken_json_file(tmp_path: Path) -> None:
    file = tmp_path / "reports.json"
    file.write_bytes(b'{"a":')
    with pytest.raises(UnreadableFile):
        list(chunks_of(file))


def test_a_large_file_is_never_held_whole(tmp_path: Path) -> None:
    import tracemalloc

    file = tmp_path / "reports.ndjson"
    line = orjson.dumps({"text": "x" * 1000}) + b"\n"
    with file.open("wb") as opened:
        for _ in range(30_000):
            opened.write(line)
    tracemalloc.start()
    rows = sum(len(chunk.lines) for chunk in chunks_of(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == 30_000
    assert peak < 20 * 1024 * 1024 < file.stat().st_size
