"""`rotate-keys`: new keys for personal data."""

from __future__ import annotations

from argparse import Namespace

from commands.progress import steps
from resolvers import rotation
from resolvers.context import Context
from security.personal import Purpose


async def rotate(context: Context, arguments: Namespace) -> None:
    with steps("sealing ID numbers under the new key") as progress:
        rotated = await rotation.rotate(context, lookup=arguments.lookup, progress=progress)
    if rotated.resumed:
        print("went on with the rotation that was interrupted")
    print(f"{rotated.people} ID numbers sealed anew; every key is wrapped under SECRET_KEY, the former ones are gone")
    if arguments.lookup and Purpose.LOOKUP not in rotated.purposes:
        print("the interrupted rotation left the key for look-ups as it was: run it once more")
