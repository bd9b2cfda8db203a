"""How our scalars are written, for suites that make up documents. Python loads it by its name: `sitecustomize`."""

from functools import partial

import hypothesis_graphql
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

_DAYS = st.dates()
_SCALARS = {
    "Month": _DAYS.map(lambda day: nodes.String(day.isoformat()[:7])),
    "Date": _DAYS.map(lambda day: nodes.String(day.isoformat())),
    "Decimal": st.decimals(0, 10**10 - 1, places=2).map(lambda yuan: nodes.String(f"{yuan:.2f}")),
    "DateTime": st.datetimes().map(lambda moment: nodes.String(f"{moment.isoformat()}+08:00")),
}

for _name, _strategy in _SCALARS.items():
    schemathesis.graphql.scalar(_name, _strategy)
hypothesis_graphql.queries = partial(hypothesis_graphql.queries, custom_scalars=_SCALARS)
hypothesis_graphql.mutations = partial(hypothesis_graphql.mutations, custom_scalars=_SCALARS)
