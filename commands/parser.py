"""Every command, with its arguments and its help."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from commands import accounts, audit, documents, export, keys, load, monthly, sheets, work
from domain.month import Month
from domain.vocabulary import Source
from resolvers.context import Context
from resolvers.witness import Witness
from settings import Settings


def parser() -> argparse.ArgumentParser:
    environment = "\n".join(
        f"  {name.upper():<19}{field.description}"
        for name, field in Settings.model_fields.items()
        if name not in ("clock_offset", "demo_face_check")
    )
    top = argparse.ArgumentParser(
        prog="server.py",
        description="Renzheng (认证): certify month by month who may still draw a benefit.",
        epilog=f"environment, or .env:\n{environment}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    serving = commands.add_parser("serve", help="serve the API (the default); an embedded database gets demo data")
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serving.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    serving.add_argument("--workers", type=int, default=1, help="processes (default: %(default)s)")
    serving.add_argument("--empty", action="store_true", help="no demo data")
    serving.add_argument(
        "--no-work", action="store_true", help="no upkeep, which then has to run elsewhere: work, or seal-audit daily"
    )

    commands.add_parser("migrate", help="bring the database to the newest schema").set_defaults(run=_migrated)

    importing = commands.add_parser("import", help="load CSV files: all rows of a file, or none")
    importing.add_argument(
        "kind", choices=["units", "accounts", "beneficiaries", "rates", "evidence"], help="what they hold"
    )
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE", help="UTF-8 with a header row")
    importing.add_argument("--rejects", type=Path, metavar="FILE", help="load the good rows, write the bad ones here")
    importing.set_defaults(run=load.load)

    assessing = commands.add_parser("assess", help="conclude a month's verdicts from the evidence")
    assessing.add_argument("month", type=_month, metavar="MONTH", help="YYYY-MM, after its end")
    assessing.set_defaults(run=monthly.assess)

    publishing = commands.add_parser(
        "publish",
        help="publish an assessed month, from the 4th of the next on, or go on with a publication that ended early",
    )
    publishing.add_argument("month", type=_month, metavar="MONTH", help="YYYY-MM")
    publishing.add_argument("--release", action="store_true", help="publish what the brake holds")
    publishing.set_defaults(run=monthly.publish)

    paying = commands.add_parser("payroll", help="freeze a month's payroll, from its 8th on")
    paying.add_argument(
        "month", type=_month, metavar="MONTH", help="YYYY-MM; the first is free, then one after another"
    )
    paying.add_argument("--preview", action="store_true", help="show what freezing would do, and write nothing")
    paying.add_argument("--list", type=Path, metavar="FILE", help="with --preview: everybody who differs, as CSV")
    paying.set_defaults(run=monthly.payroll)

    exporting = commands.add_parser("export", help="write a file for other programs")
    what = exporting.add_subparsers(dest="what", metavar="WHAT", required=True)
    exported = what.add_parser("payroll", help="a frozen payroll, with its control total in the last row")
    exported.add_argument("month", type=_month, metavar="MONTH", help="YYYY-MM")
    _to_a_file(exported, "payroll-MONTH")
    exported.set_defaults(run=export.payroll)
    listed = what.add_parser("roster", help="everybody who draws a benefit, as they stand today")
    listed.add_argument("--unit", metavar="SI_NUMBER", help="of this unit only")
    _to_a_file(listed, "roster-TODAY")
    listed.set_defaults(run=export.roster)

    wrong = commands.add_parser("found-wrong", help="mark a record of evidence as wrong: it counts no more")
    wrong.add_argument("source", choices=[source.value for source in Source], help="who sent it")
    wrong.add_argument("reference", help="the sender's own id of the record")
    wrong.add_argument("--reason", required=True, help="why; kept with the record")
    wrong.set_defaults(run=monthly.found_wrong)

    closing = commands.add_parser("seal-audit", help="seal the audit trail's days that are over; to be run daily")
    closing.set_defaults(run=audit.seal)

    proving = commands.add_parser("verify-audit", help="check the audit trail; names the first entry that does not fit")
    proving.add_argument(
        "--expect", type=_kept, metavar="ROOT", help="a root or a witness that was kept outside: it must be there"
    )
    proving.set_defaults(run=audit.verify)

    revoking = commands.add_parser("revoke", help="end every session of an account at once")
    revoking.add_argument("username", metavar="USERNAME", help="as it signs in")
    revoking.add_argument("--reason", required=True, help="why; kept with the sessions")
    revoking.set_defaults(run=accounts.revoke)

    closing_one = commands.add_parser("close-account", help="let nobody sign in to an account, and end its sessions")
    closing_one.add_argument("username", metavar="USERNAME", help="as it signs in; an import does not open it again")
    closing_one.set_defaults(run=accounts.close)
    opening = commands.add_parser("open-account", help="let a closed account be signed in to again")
    opening.add_argument("username", metavar="USERNAME", help="as it signs in")
    opening.set_defaults(run=accounts.reopen)

    enrolling = commands.add_parser("second-factor", help="enrol an officer's authenticator app, in person")
    enrolling.add_argument("username", metavar="USERNAME", help="an OFFICER; a former app is of no use any more")
    enrolling.add_argument("--code", action="store_true", help="show the current code of one of the demo's officers")
    enrolling.set_defaults(run=accounts.second_factor)

    attesting = commands.add_parser("attest-face", help="be the demo's face check: sign that a PERSON was seen alive")
    attesting.add_argument("username", metavar="USERNAME", help="a PERSON of the demo, such as person-1")
    attesting.add_argument("nonce", metavar="NONCE", help="from certificationChallenge")
    attesting.set_defaults(run=accounts.attest_face)

    signing = commands.add_parser("rotate-signing-key", help="sign access tokens with a new key")
    signing.add_argument(
        "--at-once", action="store_true", help="it may have leaked: trust it no more, and end every session"
    )
    signing.set_defaults(run=accounts.rotate_signing_key)

    rotating = commands.add_parser(
        "rotate-keys",
        help="seal every ID number under a new key; also after a change of SECRET_KEY",
        description="Seal every ID number under a new key while services run on, and wrap all keys under SECRET_KEY."
        " Run again, it goes on with what was interrupted. To change SECRET_KEY: start every service with the new one"
        " and with FORMER_SECRET_KEY, run this, then start them without FORMER_SECRET_KEY.",
    )
    rotating.add_argument(
        "--lookup", action="store_true", help="find people by a new key as well; imports are refused until it has ended"
    )
    rotating.set_defaults(run=keys.rotate)

    working = commands.add_parser(
        "work", help="what serve does beside itself: the monthly calendar, warnings and upkeep"
    )
    working.add_argument("--once", action="store_true", help="now, and end")
    working.add_argument(
        "--calendar", choices=["on", "off"], default="on", help="off: upkeep and waiting messages only (default: on)"
    )
    working.set_defaults(run=work.work)

    persisting = commands.add_parser(
        "persist",
        help="take the documents that clients were built with; they may then be asked for by their hash",
        description="Each document is checked against the schema, each hash against its document: all are taken, or"
        " none. What was persisted stays. With DOCUMENTS=trusted nothing else may be sent by those whose role may not"
        " introspect, signIn and refreshSession included.",
    )
    persisting.add_argument(
        "manifests",
        nargs="+",
        type=Path,
        metavar="MANIFEST",
        help="persisted-documents.json of GraphQL Code Generator's client preset, or Apollo's or Relay's",
    )
    persisting.set_defaults(run=documents.persist)

    asking = commands.add_parser(
        "agency-contact", help="where the agency of a district is asked; people's phones show it"
    )
    asking.add_argument("district", metavar="DISTRICT", help="as units.csv writes it")
    for name, said in (("phone", "its telephone"), ("address", "its address"), ("hours", "when somebody is there")):
        asking.add_argument(f"--{name}", required=True, help=said)
    asking.set_defaults(run=accounts.agency_contact)

    arriving = commands.add_parser("inbox", help="show the messages that have arrived in the demo's inbox")
    arriving.add_argument("--number", type=int, default=20, help="how many, the newest (default: %(default)s)")
    arriving.set_defaults(run=work.inbox)

    verifying = commands.add_parser("verify-standings", help="check that every row equals its history")
    verifying.set_defaults(run=monthly.verify_standings)
    return top


def _to_a_file(exporting: argparse.ArgumentParser, name: str) -> None:
    exporting.add_argument("--format", choices=list(sheets.FORMATS), default="csv", help="default: %(default)s")
    exporting.add_argument("--out", type=Path, metavar="FILE", help=f".csv or .xlsx (default: {name}.FORMAT)")


async def _migrated(_: Context, __: argparse.Namespace) -> None:
    print("the database has the newest schema")


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _kept(text: str) -> bytes | Witness:
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text)
    if (witness := Witness.read(text)) is not None:
        return witness
    raise argparse.ArgumentTypeError("a root has 64 hexadecimal digits; a witness is DAY/ENTRY/DIGITS, as work logs it")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
