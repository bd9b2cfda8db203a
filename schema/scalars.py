"""Scalars of the API's own."""

import re
from datetime import date, datetime
from decimal import Decimal

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from domain.month import Month


class BadScalar(StrawberryInputCoercionError):
    """How a value is written, as a key of the catalogues; never the value that was sent.

    The words are found when the answer is written: what is found out about a document is kept for other requests.
    """


def _read(value: object) -> Month:
    try:
        return Month.parse(value if isinstance(value, str) else "")
    except ValueError:
        raise BadScalar("scalar.month") from None


def _read_day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise BadScalar("scalar.date") from None


_YUAN = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)


def _read_yuan(value: object) -> Decimal:
    if not isinstance(value, str) or not _YUAN.fullmatch(value):
        raise BadScalar("scalar.amount")
    return Decimal(value).quantize(Decimal("0.01"))


def _write_yuan(value: Decimal) -> str:
    return f"{value:.2f}"


def _read_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadScalar("scalar.moment")
    return moment


SCALARS: dict[object, ScalarDefinition] = {
    Month: strawberry.scalar(
        name="Month",
        description="A civil month in Asia/Shanghai, written 2019-06.",
        specified_by_url="https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#months",
        serialize=str,
        parse_value=_read,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A civil day in Asia/Shanghai, written 2019-06-05.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=date.isoformat,
        parse_value=_read_day,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment with its offset, written 2019-06-05T09:00:00+08:00.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=datetime.isoformat,
        parse_value=_read_moment,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='Yuan as a string with two places: "5231.40".',
        specified_by_url="https://www.w3.org/TR/xmlschema-2/#decimal",
        serialize=_write_yuan,
        parse_value=_read_yuan,
    ),
}
