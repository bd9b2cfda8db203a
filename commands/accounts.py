"""Who may come in: sessions revoked, second factors enrolled, signing keys rotated."""

from __future__ import annotations

from argparse import Namespace

from commands import demonstration
from demo import DEMO_SECOND_FACTOR
from domain.text import is_blank
from resolvers import appearances, my_standing, second_factors, sessions, signing_keys
from resolvers.context import Context
from resolvers.errors import Refused
from security import totp
from security.face_checks import StandIn
from storage.contacts import Agency


async def revoke(context: Context, arguments: Namespace) -> None:
    """End every session of an account."""
    if is_blank(arguments.reason):
        raise Refused("--reason is empty; say why, it is kept")
    ended = await sessions.revoke(context, arguments.username, arguments.reason)
    print(f"{ended} sessions ended" if ended != 1 else "1 session ended")


async def close(context: Context, arguments: Namespace) -> None:
    """Close an account for whoever has left."""
    ended = await sessions.close(context, arguments.username)
    print(f"closed: nobody signs in to it any more; sessions ended: {ended}")


async def reopen(context: Context, arguments: Namespace) -> None:
    await sessions.reopen(context, arguments.username)
    print("open: its password, or the outside provider, lets it in again")


async def second_factor(context: Context, arguments: Namespace) -> None:
    """Enrol an officer's phone, or show a code of the demo's."""
    if arguments.code:
        await _show_code(context, arguments.username)
        return
    uri = await second_factors.enrol(context, arguments.username, totp.made())
    print("The officer's app reads this now (as text, or as a QR code); it is shown once and opens the account:")
    print(uri)


async def _show_code(context: Context, username: str) -> None:
    """Only of the secret that everybody knows."""
    if not await second_factors.shares(context, username, DEMO_SECOND_FACTOR):
        raise Refused("--code is for the demo's officers only; any other code is on the officer's phone")
    print(totp.code(DEMO_SECOND_FACTOR, context.gate.real_time()))


async def attest_face(context: Context, arguments: Namespace) -> None:
    """Sign as the demo's face check, for one of its people."""
    if not await demonstration.is_there(context):
        raise Refused("the stand-in attests people of the demo only; this database does not hold it")
    number = await appearances.number_of(context, arguments.username)
    stand_in = StandIn(context.gate.secret)
    print(stand_in.attest(number, arguments.nonce, context.gate.real_time()))


async def agency_contact(context: Context, arguments: Namespace) -> None:
    """Keep where the agency of a district is asked."""
    agency = Agency(arguments.district, arguments.phone, arguments.address, arguments.hours)
    await my_standing.keep_agency(context, agency)
    print(f"people of {agency.district} are shown this contact from now on")


async def rotate_signing_key(context: Context, arguments: Namespace) -> None:
    kid, ended = await signing_keys.rotate(context, at_once=arguments.at_once)
    former = "verifies no more" if arguments.at_once else "verifies until its last token has ended"
    print(f"key {kid} signs from now on; the former one {former}")
    if arguments.at_once:
        print(f"every session was ended ({ended}): everybody signs in again")
