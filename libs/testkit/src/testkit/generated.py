"""`make generate`: writes anew what is committed beside its source, and compared with it by tests.

The documents of the events, each service's `schema.sql`, what the commands take, the gateway's `schema.graphql`, the
catalogue of refusals, who sees what, the list of tables, and what stands between markers in documents.
"""

import subprocess
import sys
from uuid import uuid4

from contracts import documents
from database.migrations import MigrationFailed, migrate
from gateway.graph.schema import graph
from gateway.main import SCHEMA_FILE
from local.databases import database_url, run_sql
from local.postgres import postgres_bin
from runtime.process import migrations_of
from runtime.service import Service

from testkit import clearances, commands, refusals, table_list
from testkit import documents as tables_of_documents
from testkit.servers import ThrowawayServers, postgres_url
from testkit.services import declared_services


def main() -> None:
    documents.write()
    commands.write()
    refusals.write()
    clearances.write()
    # In a process of its own, which reads the commands as they stand now: here they were read before.
    subprocess.run([sys.executable, "-c", "from testkit.generated import write_graph; write_graph()"], check=True)
    with ThrowawayServers():
        server = postgres_url()
        for service in declared_services().values():
            _write_schema(server, service)
    tables_of_documents.write()  # which tell of the tables
    table_list.write()


def write_graph() -> None:
    """Write `schema.graphql`, its mutations of `commands.json`."""
    SCHEMA_FILE.write_text(graph().as_str() + "\n", encoding="utf-8")


def _write_schema(server: str, service: Service) -> None:
    database = f"{service.name}_{uuid4().hex[:8]}"
    run_sql(server, f'CREATE DATABASE "{database}"')
    url, written = database_url(server, database), service.folder / "schema.sql"
    try:
        migrate(url, migrations_of(service), schema_file=written, pg_bin=postgres_bin())
    except MigrationFailed as failed:
        sys.stderr.write(f"{service.name}: {failed}\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
