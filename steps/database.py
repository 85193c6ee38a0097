"""Rows of the application's own database."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wizard.effects import Columns, Facts, Insert, Json, Rows
from wizard.step import Action, Difference, Differences, Option, Options, Reads, Writes, step
from wizard.step import options as dropdown

APP_ID = ("appid", "app_id", "applicationid", "application_id", "app")


@step("database.row")
class Row(Action, frozen=True, kw_only=True):
    """A row that is there. It is inserted when it is not, and never changed.

    `key` finds the row; `values` are its other columns. Where the key's column is itself an
    answer, it stands in `column` and `value` instead.
    """

    volatile: ClassVar[tuple[str, ...]] = ("columns", "required", "rows")
    """The application's own; the row's asserted columns are differences."""

    database: str
    """SQLAlchemy URL without a password."""
    table: str
    key: Mapping[str, Json] = {}
    values: Mapping[str, Json] = {}
    column: str = ""
    value: Json = None

    @property
    def where(self) -> dict[str, Json]:
        """The columns that find the row."""
        return {**self.key, **({self.column: self.value} if self.column else {})}

    def observe(self) -> Reads[Facts | None]:
        columns = yield Columns(self.database, self.table)
        if columns is None:
            return {"table": None, "columns": [], "required": [], "rows": []}
        names = [column["name"] for column in columns]
        rows = []
        if set(self.where) <= set(names):
            rows = yield Rows(self.database, self.table, self.where)
        return {
            "table": self.table,
            "columns": names,
            "required": required(columns),
            "rows": [dict(row) for row in rows],
        }

    def differences(self, found: Facts | None) -> Differences:
        wanted = {**self.where, **self.values}
        if found is None:
            return (Difference("row", None, wanted),)
        if found["table"] is None:
            return (
                Difference(
                    "table",
                    None,
                    self.table,
                    reason=f"The database has no table {self.table}: check the URL (host, "
                    "database, schema) and the table's name.",
                    fixable=False,
                ),
            )
        columns = found["columns"]
        wrong = [
            Difference(
                f"column {column}",
                None,
                column,
                reason=f"{self.table} has no column {column}; it has {', '.join(columns)}. "
                "Choose one of these.",
                fixable=False,
            )
            for column in wanted
            if column not in columns
        ]
        if wrong:
            return tuple(wrong)
        if not found["rows"]:
            return self._insertable(found["required"], wanted)
        row = found["rows"][0]
        return tuple(
            Difference(
                f"column {column}",
                row.get(column),
                value,
                reason=f"The row exists with another {column}; the wizard never changes a row "
                "of the application: correct it by hand, or change the answer.",
                fixable=False,
            )
            for column, value in self.values.items()
            if row.get(column) != value
        )

    def _insertable(self, needed: Sequence[str], wanted: Mapping[str, Json]) -> Differences:
        lacking = [column for column in needed if column not in wanted]
        if lacking:
            return (
                Difference(
                    "row",
                    None,
                    dict(wanted),
                    reason=f"A row of {self.table} also needs {', '.join(lacking)}, which the "
                    "runbook does not give: insert it by hand, or add them to the checklist.",
                    fixable=False,
                ),
            )
        return (Difference("row", None, dict(wanted)),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        wanted = {**self.where, **self.values}
        told = ", ".join(f"{column} {value}" for column, value in self.where.items())
        yield Insert(self.database, self.table, wanted, title=f"Add {told} to table {self.table}")


def required(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns that an insert must name: not nullable, without default, not counted up."""
    return [
        column["name"]
        for column in columns
        if not column["nullable"]
        and column["default"] is None
        and not (column["primary_key"] and "INT" in str(column["type"]).upper())
    ]


@dropdown("database.columns")
def columns(database: str, table: str) -> Options:
    """The columns of a table; the one that is named like an application's id is suggested."""
    found = yield Columns(database, table)
    names = [column["name"] for column in found or ()]
    likely = [name for name in names if name.lower() in APP_ID]
    return [
        Option(
            column["name"],
            column["name"],
            detail=f"{column['type']}{'' if column['nullable'] else ', not null'}",
            suggested=column["name"] == min(likely, key=lambda n: APP_ID.index(n.lower()))
            if likely
            else False,
        )
        for column in found or ()
    ]
