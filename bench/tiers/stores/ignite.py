"""Ignite: SQL tables with the indexes that the questions need, asked through its thin JDBC driver in this process."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jpype

from bench.tiers.answers import made
from bench.tiers.questions import Parameters, Question, bound, order
from bench.tiers.rows import LINES, STOCK, Exchange
from bench.tiers.stores.store import BATCH, StoreAwayError
from tillstream.core.sql_templates import statements

HERE = Path(__file__).parent.parent
#: Rows of an answer that one message carries.
FETCHED = 10_000
#: The reason of an error where a connection is broken or refused (SQLState, class 08), and where a table is not there.
AWAY, NO_TABLE = "08", "42"
#: How a value of each type of java.sql.Types is read.
_READERS: dict[int, Callable[[Any, int], Any]] = {
    12: lambda rows, column: _none_or(str, rows.getString(column)),
    4: lambda rows, column: int(rows.getInt(column)),
    -5: lambda rows, column: int(rows.getLong(column)),
    3: lambda rows, column: _none_or(lambda value: Decimal(str(value)), rows.getBigDecimal(column)),
    93: lambda rows, column: _none_or(lambda value: datetime.fromisoformat(str(value).ljust(26, "0")), rows.getTimestamp(column)),
}


def _none_or(convert: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else convert(value)


class Ignite:
    """The store in Ignite; in memory alone, or with its own persistence: the server's configuration decides."""

    def __init__(self, address: str, jars: Path, *, persistent: bool = False) -> None:
        self._address, self._jars, self._persistent = address, jars, persistent
        self._connection: Any = None
        self._prepared: dict[str, Any] = {}

    def connect(self) -> None:
        """Connect, or raise StoreAwayError while Ignite starts. A cluster with persistence is activated once; later it does that itself."""
        if not jpype.isJVMStarted():
            options = (HERE / "jvm.options").read_text(encoding="utf-8").split()
            jpype.startJVM("-Xmx256m", *options, classpath=[str(jar) for jar in self._jars.glob("*.jar")])
        configuration = jpype.JClass("org.apache.ignite.configuration.ClientConfiguration")().setAddresses(self._address)
        try:
            client = jpype.JClass("org.apache.ignite.Ignition").startClient(configuration)
            client.cluster().state(jpype.JClass("org.apache.ignite.cluster.ClusterState").ACTIVE)
            client.close()
            manager = jpype.JClass("java.sql.DriverManager")
            self._connection = manager.getConnection(f"jdbc:ignite:thin://{self._address}")
        except jpype.JException as error:
            raise StoreAwayError(str(error)) from error

    def load(self, exchange: Exchange) -> None:
        """Create the tables and their indexes, then copy the files. A table's log is off meanwhile: its switch writes all pages to disk."""
        statement = self._connection.createStatement()
        for sql in statements(HERE / "sql" / "ignite_tables.sql"):
            statement.execute(sql)
        for table, path, schema in (("lines", exchange.lines_csv, LINES), ("stock", exchange.stock_csv, STOCK)):
            if self._persistent:
                statement.execute(f"ALTER TABLE {table} NOLOGGING")
            statement.executeUpdate(f"COPY FROM '{path}' INTO {table} ({', '.join(schema.names)}) FORMAT CSV")
            if self._persistent:
                statement.execute(f"ALTER TABLE {table} LOGGING")

    def loaded(self) -> int:
        """Count the lines."""
        return self._count("lines")

    def _count(self, table: str) -> int:
        try:
            return int(self._query(f"SELECT count(*) FROM {table}", [])[0][0])
        except jpype.JClass("java.sql.SQLException") as error:
            if str(error.getSQLState()).startswith(NO_TABLE):
                return 0
            raise

    def size(self) -> int:
        """Return the bytes of the data region's used pages, which hold rows and indexes."""
        return int(self._query("SELECT value FROM SYS.METRICS WHERE name = 'io.dataregion.default.TotalUsedSize'", [])[0][0])

    def answer(self, question: Question, parameters: Parameters) -> Iterable[Sequence[Any]]:
        """Run the query as a prepared statement."""
        query = bound(question, "lines", "stock", lambda _: "?")
        return made(question, self._query(query, [parameters[name] for name in order(question)]))

    def _query(self, sql: str, values: Sequence[str | datetime]) -> list[tuple[Any, ...]]:
        if sql not in self._prepared:
            self._prepared[sql] = self._connection.prepareStatement(sql)
            self._prepared[sql].setFetchSize(FETCHED)
        statement = self._prepared[sql]
        for place, value in enumerate(values, 1):
            if isinstance(value, datetime):
                moment = f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
                statement.setTimestamp(place, jpype.JClass("java.sql.Timestamp").valueOf(moment))
            else:
                statement.setString(place, value)
        rows = statement.executeQuery()
        described = rows.getMetaData()
        readers = [(column, _READERS[described.getColumnType(column)]) for column in range(1, described.getColumnCount() + 1)]
        answer = []
        while rows.next():
            answer.append(tuple(read(rows, column) for column, read in readers))
        rows.close()
        return answer

    def write(self, first: int) -> None:
        """Write a batch with one statement. Ignite acknowledges it when every row is written."""
        values = ", ".join(f"({number}, {first})" for number in range(first, first + BATCH))
        try:
            self._connection.createStatement().executeUpdate(f"INSERT INTO written (number, batch) VALUES {values}")
        except jpype.JClass("java.sql.SQLException") as error:
            raise StoreAwayError(str(error)) from error

    def written(self, below: int) -> int:
        """Count the rows of the batches."""
        return self._count(f"written WHERE number < {below}")
