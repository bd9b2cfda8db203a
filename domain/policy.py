"""The dated policy: what `policy.toml` says on a given day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from domain.month import Month
from domain.vocabulary import Category, EvidenceClass, Lane, ProofKind, VerdictRenews

FILE = Path(__file__).with_name("policy.toml")


class PolicyError(ValueError):
    """The policy file cannot be used; the message names the parameter."""


@dataclass(frozen=True)
class Policy:
    """The values in force on one day."""

    cycle_months: Mapping[Category, int]
    warning_months: int
    confirm_every_months: int
    publication_day: int
    payroll_day: int
    verdict_renews: VerdictRenews
    evidence_window: Mapping[Category, int]
    lendable_minimum: int
    roster_page: int
    page_limit: int
    brake_share: float
    brake_minimum: int
    evidence_class: Mapping[str, EvidenceClass]
    objection_hours: Mapping[Lane, int]
    accepted_proofs: frozenset[ProofKind]
    death_records: frozenset[str]
    fast_pass_seconds: int
    fast_pass_rows: int
    all_passed_people: int
    one_handler_units: int
    recheck_margin: float
    recheck_confidence: float
    answer_again_days: int


class PolicyBook:
    """All dated values of every parameter."""

    def __init__(self, entries: Mapping[str, list[dict[str, Any]]]) -> None:
        self._entries = {
            name: sorted(_checked(name, values), key=lambda value: value["from"]) for name, values in entries.items()
        }
        self._held: dict[tuple[int, ...], Policy] = {}
        self._of_day = lru_cache(maxsize=1000)(self._found)
        for day in sorted({value["from"] for values in self._entries.values() for value in values}):
            if day >= self.first_day:
                self.on(day)

    @classmethod
    def read(cls, file: Path = FILE) -> PolicyBook:
        return cls(tomllib.loads(file.read_text(encoding="utf-8")))

    @cached_property
    def first_day(self) -> date:
        """The first day on which every parameter has a value."""
        first: date = max(values[0]["from"] for values in self._entries.values())
        return first

    def on(self, day: date) -> Policy:
        """The values of that day; PolicyError before the first of them."""
        return self._of_day(day)

    def _found(self, day: date) -> Policy:
        held = tuple(sum(value["from"] <= day for value in values) for values in self._entries.values())
        if held not in self._held:
            if 0 in held:
                raise PolicyError(f"the policy has no values before {self.first_day}")
            pairs = zip(self._entries.items(), held, strict=True)
            self._held[held] = _policy({name: values[number - 1] for (name, values), number in pairs})
        return self._held[held]

    def of(self, month: Month) -> Policy:
        """The values by which a month is judged: those of its last day."""
        return self.on(month.last_day)

    def cycles(self) -> set[tuple[Category, int]]:
        """Every cycle length that ever held; the database knows no other."""
        return {(c, value[c]) for value in self._entries["cycle_months"] for c in Category}

    def kinds(self) -> set[str]:
        """Every kind of evidence that ever had a class."""
        return {k for value in self._entries["evidence_class"] for c in EvidenceClass for k in value[c]}


def _checked(name: str, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for value in values:
        if type(value.get("from")) is not date or not value.get("clause"):  # a datetime is a date too, to isinstance
            raise PolicyError(f"{name}: every entry needs a day (`from`) and a `clause`")
    days = [value["from"] for value in values]
    if len(set(days)) < len(days):
        raise PolicyError(f"{name}: two entries hold from the same day")
    return values


def _policy(values: Mapping[str, dict[str, Any]]) -> Policy:
    _review_only(values)
    try:
        return Policy(
            cycle_months={c: _positive("cycle_months", values["cycle_months"][c]) for c in Category},
            evidence_window={c: _positive("evidence_window", values["evidence_window"][c]) for c in Category},
            verdict_renews=VerdictRenews(values["verdict_renews"]["value"]),
            brake_share=_share("brake", values["brake"]["share"]),
            brake_minimum=_positive("brake", values["brake"]["minimum"]),
            evidence_class=_classes(values["evidence_class"]),
            objection_hours={lane: _positive("objection_hours", values["objection_hours"][lane]) for lane in Lane},
            accepted_proofs=frozenset(ProofKind(kind) for kind in values["accepted_proofs"]["value"]),
            death_records=frozenset(values["death_records"]["value"]),
            fast_pass_seconds=_positive("fast_pass", values["fast_pass"]["seconds"]),
            fast_pass_rows=_positive("fast_pass", values["fast_pass"]["rows"]),
            all_passed_people=_positive("all_passed", values["all_passed"]["people"]),
            one_handler_units=_positive("one_handler", values["one_handler"]["units"]),
            recheck_margin=_share("recheck", values["recheck"]["margin"]),
            recheck_confidence=_share("recheck", values["recheck"]["confidence"]),
            **{name: _positive(name, values[name]["value"]) for name in _NUMBERS},
        )
    except KeyError as error:
        raise PolicyError(f"the policy lacks {error}") from error
    except ValueError as error:
        raise PolicyError(str(error)) from error


_NUMBERS = (
    "warning_months",
    "confirm_every_months",
    "publication_day",
    "payroll_day",
    "lendable_minimum",
    "roster_page",
    "page_limit",
    "answer_again_days",
)


def _positive(name: str, value: object) -> int:
    if type(value) is not int or value < 1:
        raise PolicyError(f"{name}: {value!r} is not a whole number from 1 on")
    return value


def _share(name: str, value: object) -> float:
    if not isinstance(value, float) or not 0 < value < 1:
        raise PolicyError(f"{name}: {value!r} is not a share between 0 and 1")
    return value


def _classes(value: dict[str, Any]) -> dict[str, EvidenceClass]:
    pairs = [(kind, evidence_class) for evidence_class in EvidenceClass for kind in value[evidence_class]]
    if len({kind for kind, _ in pairs}) < len(pairs):
        raise PolicyError("evidence_class: a kind stands in two classes")
    return dict(pairs)


def _review_only(values: Mapping[str, dict[str, Any]]) -> None:
    value = values.get("unanswered_disqualified", {}).get("value")
    if value != "review":
        raise PolicyError(f"unanswered_disqualified: {value!r} is not supported; the only value is 'review'")
