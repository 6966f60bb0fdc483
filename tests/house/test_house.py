"""Rules of the house that no linter knows."""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from contracts import services

ROOT = Path(__file__).parents[2]
DRAWERS = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}
SERVICES = sorted(path for path in (ROOT / "services").iterdir() if path.is_dir())


def test_all_services_are_listed() -> None:
    assert sorted(services.SERVICES) == [path.name for path in SERVICES]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_there_is_no_drawer_for_things_without_a_name() -> None:
    assert [path for path in tracked("*.py") if path.name in DRAWERS] == []


def test_modules_stay_short() -> None:
    long = [path for path in tracked("*.py") if "tests" not in path.parts and len(path.read_text().splitlines()) > 400]
    assert long == []


def test_every_module_says_what_belongs_there() -> None:
    silent = [path for path in tracked("*.py") if path.read_text().strip() and not path.read_text().startswith('"""')]
    assert silent == []


def test_the_project_names_no_machine_and_no_registry() -> None:
    # Written apart, so that this file does not find itself.
    hosts = [
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "repo1.maven" + ".org",
        "maven.apache" + ".org/maven2",
        "npmjs" + ".org",
    ]
    paths = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        if path.suffix not in {".png", ".xlsx"}
        for word in hosts + paths
        if word in path.read_text(errors="replace")
    ]
    assert found == []


FOLDS = re.compile(r"NFKD|\.casefold\(|def _?(fold|folded|normali[sz]e_name)\(")
FOLDED_OTHERWISE = {"registry/identity/people/domain.py", "registry/identity/people/passwords.py"}
"""Addresses and passwords are no names."""


def test_there_is_one_folding_of_names() -> None:
    sources = tracked("libs/*/src/**.py", "services/*/src/**.py", "gateway/src/**.py", "deploy/**.py")
    folding = {path.as_posix().partition("/src/")[2] for path in sources if FOLDS.search(path.read_text())}
    assert folding - FOLDED_OTHERWISE == {"contracts/folding.py"}


OF_A_SESSION = (
    r"pg_(try_)?advisory_(un)?lock(_all)?\(|\bset session\b|\bcreate temp|\bwith hold\b"
    r"|execute\(\s*f?\"+\s*set (?!local)"
)


def test_sql_leaves_nothing_in_its_session() -> None:
    # Connections go back to the pool as they are (database.pool): what one request left, the next would find.
    sources = [path for path in tracked("libs/*.py", "services/*.py") if "testkit" not in path.parts]
    assert [path for path in sources if re.search(OF_A_SESSION, path.read_text(), re.IGNORECASE)] == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_service_has_the_rooms_that_every_service_has(service: Path) -> None:
    inside = service / "src" / service.name
    for name in ("main.py", "settings.py"):
        assert (inside / name).exists(), f"{service.name} has no {name}"
    for name in ("README.md", "schema.sql", "migrations"):
        assert (service / name).exists(), f"{service.name} has no {name}"


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_only_settings_read_the_environment(service: Path) -> None:
    readers = [
        path.name
        for path in (service / "src").rglob("*.py")
        if path.name != "settings.py" and re.search(r"\bos\.(environ|getenv)\b", path.read_text())
    ]
    assert readers == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_migrations_are_numbered_after_those_of_the_libraries(service: Path) -> None:
    names = sorted(path.name for path in (service / "migrations").glob("*.sql"))
    assert names
    assert all(re.match(r"0[1-9]\d\d_[a-z_]+\.sql$", name) for name in names), names
    # Nobody waits for an index that is built beside the writers, in no transaction that could bound its locks.
    careful = ("set local lock_timeout", "create index concurrently")
    texts = {name: (service / "migrations" / name).read_text() for name in names}
    assert [name for name, text in texts.items() if not any(word in text for word in careful)] == []


TAKES_AWAY = re.compile(r"\bdrop (table|column)\b|\brename (column|to)\b|\bset not null\b", re.IGNORECASE)
BEFORE_THE_RULE = {
    "activities/migrations/0104_upload_sheets.sql",
    "activities/migrations/0122_unread.sql",
    "activities/migrations/0133_turns.sql",
    "alerts/migrations/0105_drills_and_unread.sql",
    "reporting/migrations/0103_units.sql",
    "reporting/migrations/0121_unread.sql",
    "reporting/migrations/0142_cluster_rules.sql",
}


def test_a_migration_that_takes_away_says_after_which_roll_out() -> None:
    """ARCHITECTURE, *Migrations in two halves*: processes of the release before run on the same schema."""
    taking = {
        "/".join(path.parts[-3:]): path.read_text()
        for path in tracked("services/*/migrations/*.sql")
        if TAKES_AWAY.search(path.read_text())
    }
    silent = {name for name, text in taking.items() if "-- after the roll-out of" not in text}
    assert silent - BEFORE_THE_RULE == set()


def test_every_distribution_says_its_licence() -> None:
    projects = [tomllib.loads(path.read_text())["project"] for path in tracked("pyproject.toml", "*/pyproject.toml")]
    assert {project["name"]: project.get("license") for project in projects} == {
        project["name"]: "AGPL-3.0-or-later" for project in projects
    }
    licence = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert licence == "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0", (
        "the text is not to be changed"
    )
