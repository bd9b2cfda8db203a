"""Scalars of the API's own."""

import re
from datetime import date
from decimal import Decimal

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from domain.month import Month


class BadScalar(StrawberryInputCoercionError):
    """Says how a value is written, and never repeats the one that was sent."""


def _read(value: object) -> Month:
    try:
        return Month.parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise BadScalar(str(error)) from None


def _read_day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise BadScalar("a date is written YYYY-MM-DD, such as 2019-06-05") from None


_YUAN = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)


def _read_yuan(value: object) -> Decimal:
    if not isinstance(value, str) or not _YUAN.fullmatch(value):
        raise BadScalar('an amount is a string in yuan with two places, such as "5231.40"')
    return Decimal(value).quantize(Decimal("0.01"))


def _write_yuan(value: Decimal) -> str:
    return f"{value:.2f}"


SCALARS: dict[object, ScalarDefinition] = {
    Month: strawberry.scalar(
        name="Month",
        description="A civil month in Asia/Shanghai, written 2019-06.",
        serialize=str,
        parse_value=_read,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A civil day in Asia/Shanghai, written 2019-06-05.",
        serialize=date.isoformat,
        parse_value=_read_day,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='Yuan as a string with two places: "5231.40".',
        serialize=_write_yuan,
        parse_value=_read_yuan,
    ),
}
