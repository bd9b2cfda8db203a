"""Evidence rows as the senders deliver them: a source, a kind, a day and the sender's own record id."""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from random import Random

from demo.fates import Record
from demo.months import Window

# Each kind's source, and the letters with which its sender begins a record id.
SENDERS: dict[str, tuple[str, str]] = {
    "window_visit": ("human_resources", "CK"),
    "app_face_check": ("human_resources", "APP"),
    "home_visit": ("human_resources", "RH"),
    "inpatient_stay": ("medical_insurance", "ZY"),
    "border_crossing": ("transport", "BJ"),
    "rail_travel": ("transport", "HT"),
    "air_travel": ("transport", "MH"),
    "bank_counter": ("banks", "GM"),
    "health_check": ("health", "TJ"),
    "vaccination": ("health", "JZ"),
    "outpatient_card": ("medical_insurance", "MZ"),
    "pharmacy_card": ("medical_insurance", "YD"),
    "bus_card": ("transport", "GJ"),
    "atm_card": ("banks", "ATM"),
    "death_certificate": ("health", "SW"),
    "cremation": ("health", "HH"),
    "household_cancellation": ("justice", "HX"),
    "effective_judgment": ("justice", "PJ"),
    "other_scheme_ended": ("human_resources", "ZZ"),
    "tip_off": ("human_resources", "JB"),
    "returned_mail": ("human_resources", "TX"),
}

_STRANGERS_KINDS = ("rail_travel", "pharmacy_card", "bus_card", "vaccination", "cremation")


def rows(records: Iterable[Record]) -> list[dict[str, str]]:
    """CSV rows in the order of reporting; every sender numbers its records anew each year."""
    numbers: Counter[tuple[str, int]] = Counter()
    return [_row(record, numbers) for record in sorted(records, key=attrgetter("reported"))]


def of_strangers(rng: Random, id_numbers: Sequence[str], window: Window) -> list[Record]:
    """A few records about people on no roster, in the last complete month."""
    days = window.months[1]
    return [
        Record(number, _STRANGERS_KINDS[n % len(_STRANGERS_KINDS)], day, day)
        for n, number in enumerate(id_numbers)
        for day in (rng.choice(days),)
    ]


def _row(record: Record, numbers: Counter[tuple[str, int]]) -> dict[str, str]:
    source, letters = SENDERS[record.kind]
    series = (letters, record.reported.year)
    numbers[series] += 1
    return {
        "id_number": record.id_number,
        "source": source,
        "kind": record.kind,
        "occurred_on": record.day.isoformat(),
        "reference": f"{letters}-{series[1]}-{numbers[series]:06d}",
    }
