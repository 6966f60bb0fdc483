"""A process with a bad setting ends with a word about it."""

import pytest
from runtime.settings import ServiceSettings, load


def test_each_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TANSIQ_PORT", "eight thousand")
    monkeypatch.setenv("TANSIQ_CURSOR_KEY", "short-secret")
    with pytest.raises(SystemExit) as ended:
        load(ServiceSettings)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert all(name in said for name in ("TANSIQ_PORT", "TANSIQ_CURSOR_KEY", "TANSIQ_DATABASE_URL"))
    assert "short-secret" not in said
