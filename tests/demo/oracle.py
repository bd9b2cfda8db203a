"""The conclusions of rules.md 3.3, written a second time from its text and working on CSV rows only."""

from collections import defaultdict
from dataclasses import dataclass

Row = dict[str, str]

_CLASSES = {
    "A": "window_visit app_face_check home_visit inpatient_stay border_crossing",
    "B": "rail_travel air_travel bank_counter health_check vaccination",
    "C": "outpatient_card pharmacy_card bus_card atm_card",
    "D": "death_certificate cremation household_cancellation effective_judgment",
    "E": "other_scheme_ended tip_off returned_mail",
}
CLASS_OF = {kind: letter for letter, kinds in _CLASSES.items() for kind in kinds.split()}
EVIDENCE_WINDOW = {"RETIREE": 6, "SURVIVOR": 3}


def shift(month: str, months: int) -> str:
    """A `YYYY-MM` some months later or, below zero, earlier."""
    number = int(month[:4]) * 12 + int(month[5:7]) - 1 + months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@dataclass(frozen=True)
class Oracle:
    """Evidence by identity number."""

    rows: dict[str, list[Row]]

    @classmethod
    def of(cls, evidence: list[Row]) -> "Oracle":
        """Sort evidence rows by person."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in evidence:
            rows[row["id_number"]].append(row)
        return cls(rows)

    def conclude(self, beneficiary: Row, month: str) -> str:
        """The conclusion for a month from the evidence dated up to its end."""
        known = [row for row in self.rows.get(beneficiary["id_number"], []) if row["occurred_on"][:7] <= month]
        losses = [row["occurred_on"] for row in known if CLASS_OF[row["kind"]] == "D"]
        if losses:
            return (
                "PENDING" if any(strong(row) and row["occurred_on"] > min(losses) for row in known) else "DISQUALIFIED"
            )
        if any(CLASS_OF[row["kind"]] == "E" for row in known):
            return "PENDING"
        opens = shift(month, 1 - EVIDENCE_WINDOW[beneficiary["category"]])
        return "QUALIFIED" if _lives([row for row in known if row["occurred_on"][:7] >= opens]) else "PENDING"


def strong(row: Row) -> bool:
    """A sign of life in person, or under a real name and hard to lend."""
    return CLASS_OF[row["kind"]] in "AB"


def _lives(rows: list[Row]) -> bool:
    cards = [row for row in rows if CLASS_OF[row["kind"]] == "C"]
    kinds, days = {row["kind"] for row in cards}, {row["occurred_on"] for row in cards}
    return any(strong(row) for row in rows) or len(kinds) > 1 or len(days) > 1
