"""Scalars of the API's own."""

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from domain.month import Month


def _read(value: object) -> Month:
    try:
        return Month.parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise StrawberryInputCoercionError(str(error)) from None


SCALARS: dict[object, ScalarDefinition] = {
    Month: strawberry.scalar(
        name="Month",
        description="A civil month in Asia/Shanghai, written 2019-06.",
        serialize=str,
        parse_value=_read,
    )
}
