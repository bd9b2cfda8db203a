"""What can be fetched again by its id."""

import strawberry

# Nodes and edges of which a page makes dozens have an `__init__` of their own: one that takes keywords, as Strawberry
# writes it, costs as much again as the object.


@strawberry.interface(description="An object with a global id.")
class Node:
    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        raise NotImplementedError
