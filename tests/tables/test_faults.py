"""What the program that reads workbooks ends with is told as a refusal, whatever it is."""

import re
from pathlib import Path

import tables
from tables.extraction import FAULTS

PROGRAM = Path(str(tables.__file__)).parent
SAID = re.compile(r'(?:Fault\(|"failure": |"passed_over"[^"\n]*|passed_over=)"([a-z_]+)"')


def test_every_code_the_program_says_has_its_refusal() -> None:
    said = {code for path in PROGRAM.glob("*.py") for code in SAID.findall(path.read_text())}
    assert {"sheet_hidden", "sheet_empty", "file_encrypted", "unsafe_workbook"} <= said
    assert said <= FAULTS.keys()
