"""Pool, transactions and migrations.

`asyncpg` is spoken here, in messaging, and in the `store` and `queries` modules of services; nowhere else.
"""

from database.ids import new_id
from database.pool import Database, Record, Transaction
from database.rows import insert_row, values_of
from database.stalled import end_stalled

__all__ = ["Database", "Record", "Transaction", "end_stalled", "insert_row", "new_id", "values_of"]
