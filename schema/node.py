"""What can be fetched again by its id."""

import strawberry


@strawberry.interface(description="An object with a global id.")
class Node:
    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        raise NotImplementedError
