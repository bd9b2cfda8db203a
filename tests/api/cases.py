"""Acts that are refused for one reason each: how the world stands, and what is sent."""

from typing import Any

from tests.api.refusals import Case, entries, page
from tests.api.scenes import judged, qualified, unit_of
from tests.world import BUREAU, SCHOOL, World, node_id

FAIL: dict[str, Any] = {"survivalStatus": "DECEASED", "occurredOn": "2019-06-03"}


async def unknown(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": node_id(person.id + 1000)}


async def malformed(world: World) -> dict[str, Any]:
    await qualified(world)
    return {"beneficiaryId": "张三", "survivalStatus": "NORMAL"}


async def foreign(world: World) -> dict[str, Any]:
    [person] = await qualified(world, unit=BUREAU)
    await world.units(SCHOOL)
    return {"beneficiaryId": person.node, "contact": {"phone": "13900001111"}}


async def another_kind(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"page": [{"beneficiaryId": person.node}, {"beneficiaryId": await unit_of(world, SCHOOL)}]}


async def unknown_entry(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    given = entries((person, {"contact": {"phone": "13900001111"}}), (person, {}))
    given["entries"][1]["beneficiaryId"] = node_id(0)
    return given


async def no_phone(world: World) -> dict[str, Any]:
    [person] = await qualified(world, phone="")
    return {"beneficiaryId": person.node, "contact": {"residenceAddress": "青岛市崂山区海尔路60号"}}


async def no_residence(world: World) -> dict[str, Any]:
    [person] = await qualified(world, residence_address="")
    return {"beneficiaryId": person.node, **FAIL}


async def no_household(world: World) -> dict[str, Any]:
    first, second = await qualified(world, 2, household_address="")
    household = {"contact": {"householdAddress": "青岛市市北区1号"}}
    return page((first, household), (second, {}))


async def bad_phone(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "contact": {"phone": "1381234567", "residenceAddress": "青岛市南区"}}


async def empty_address(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return entries((person, {"contact": {"householdAddress": "  "}}))


async def unprintable_address(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return page((person, {"contact": {"residenceAddress": "青岛市\u0000香港路1号"}}))


async def pending(world: World) -> dict[str, Any]:
    [person] = await judged(world, "PENDING")
    return {"beneficiaryId": person.node, "contact": {"phone": "13900001111"}}


async def disqualified(world: World) -> dict[str, Any]:
    [person] = await judged(world, "DISQUALIFIED")
    return {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "  "}


async def disqualified_entry(world: World) -> dict[str, Any]:
    good, lost = await judged(world, "QUALIFIED", "DISQUALIFIED")
    return entries((good, {}), (lost, {}))


async def acknowledged_without_reason(world: World) -> dict[str, Any]:
    good, lost = await judged(world, "QUALIFIED", "DISQUALIFIED")
    return {**page((good, {}), (lost, {})), "acknowledgedDisqualified": [lost.node]}


async def unacknowledged(world: World) -> dict[str, Any]:
    good, lost = await judged(world, "QUALIFIED", "DISQUALIFIED")
    return {**page((lost, {}), (good, {})), "acknowledgedDisqualified": [good.node], "reason": "已核实"}


async def no_day(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "survivalStatus": "IMPRISONED"}


async def no_day_entry(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return entries((person, {"survivalStatus": "MISSING", "reason": "失联"}))


async def tomorrow(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "survivalStatus": "DECEASED", "occurredOn": "2019-06-06"}


async def ended_tomorrow(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-06"}


async def in_1899(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return entries((person, {"survivalStatus": "DECEASED", "occurredOn": "1899-12-31"}))


async def normal_cause(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "cause": "NORMAL", "occurredOn": "2019-06-03"}


async def long_reason(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "因" * 501}


async def unprintable_reason(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {**page((person, {})), "reason": "已\u0007核实"}


async def long_handler(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "handler": {"name": "李" * 101, "contact": "0532-85911234"}}


async def blank_key(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "idempotencyKey": ""}


async def nameless_handler(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "handler": {"name": "\u3000", "contact": "0532-85911234"}}


async def unreachable_handler(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {**page((person, {})), "handler": {"name": "李经办", "contact": ""}}


async def stale(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "version": 1, "contact": {"phone": "13900001111"}}


async def ahead(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "version": 3, "cause": "MISSING", "occurredOn": "2019-06-03"}


async def terminated(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    await world.act("terminateBenefit", {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-01"})
    return {"beneficiaryId": person.node, "version": 1, "contact": {"phone": "1"}}


async def no_page(world: World) -> dict[str, Any]:
    await qualified(world)
    return {"page": [], "reason": "已核实"}


async def no_entries(world: World) -> dict[str, Any]:
    await qualified(world)
    return {"entries": []}


async def too_long_a_page(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return page(*[(person, {})] * 201)


async def too_many_entries(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return entries(*[(person, {})] * 201)


async def twice(world: World) -> dict[str, Any]:
    first, second = await qualified(world, 2)
    return page((first, {}), (second, {}), (first, {"contact": {"phone": "13900001111"}}))


async def twice_with_another_statement(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return entries((person, {}), (person, FAIL))


async def reused_key(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node, "idempotencyKey": "k-1"})
    return {"beneficiaryId": person.node, "contact": {"phone": "13900001111"}, "idempotencyKey": "k-1"}


CASES = [
    Case("NOT_FOUND", "confirmCertification", "beneficiaryId", unknown),
    Case("NOT_FOUND", "overrideVerdict", "beneficiaryId", malformed),
    Case("NOT_FOUND", "updateContact", "beneficiaryId", foreign),
    Case("NOT_FOUND", "batchPass", "page.1.beneficiaryId", another_kind, "page.1.beneficiaryId"),
    Case("NOT_FOUND", "submitCertifications", "entries.1.beneficiaryId", unknown_entry, "entries.1.beneficiaryId"),
    Case("CONTACT_INCOMPLETE", "confirmCertification", "contact.phone", no_phone),
    Case("CONTACT_INCOMPLETE", "overrideVerdict", "contact.residenceAddress", no_residence),
    Case("CONTACT_INCOMPLETE", "batchPass", "page.1.contact.householdAddress", no_household, "page.1.beneficiaryId"),
    Case("INVALID_CONTACT", "updateContact", "contact.phone", bad_phone),
    Case("INVALID_CONTACT", "submitCertifications", "entries.0.contact.householdAddress", empty_address,
         "entries.0.beneficiaryId"),
    Case("INVALID_CONTACT", "batchPass", "page.0.contact.residenceAddress", unprintable_address,
         "page.0.beneficiaryId"),
    Case("VERDICT_NOT_QUALIFIED", "confirmCertification", "beneficiaryId", pending),
    Case("REASON_REQUIRED", "overrideVerdict", "reason", disqualified),
    Case("REASON_REQUIRED", "submitCertifications", "entries.1.reason", disqualified_entry, "entries.1.beneficiaryId"),
    Case("REASON_REQUIRED", "batchPass", "reason", acknowledged_without_reason, "page.1.beneficiaryId"),
    Case("DISQUALIFIED_NOT_ACKNOWLEDGED", "batchPass", "page.0.beneficiaryId", unacknowledged, "page.0.beneficiaryId"),
    Case("OCCURRED_ON_REQUIRED", "overrideVerdict", "occurredOn", no_day),
    Case("OCCURRED_ON_REQUIRED", "submitCertifications", "entries.0.occurredOn", no_day_entry,
         "entries.0.beneficiaryId"),
    Case("INVALID_OCCURRED_ON", "overrideVerdict", "occurredOn", tomorrow),
    Case("INVALID_OCCURRED_ON", "terminateBenefit", "occurredOn", ended_tomorrow),
    Case("INVALID_OCCURRED_ON", "submitCertifications", "entries.0.occurredOn", in_1899, "entries.0.beneficiaryId"),
    Case("INVALID_CAUSE", "terminateBenefit", "cause", normal_cause),
    Case("INVALID_TEXT", "overrideVerdict", "reason", long_reason),
    Case("INVALID_TEXT", "batchPass", "reason", unprintable_reason, None),
    Case("INVALID_TEXT", "confirmCertification", "handler.name", long_handler, None),
    Case("INVALID_TEXT", "confirmCertification", "idempotencyKey", blank_key, None),
    Case("HANDLER_REQUIRED", "confirmCertification", "handler.name", nameless_handler, None),
    Case("HANDLER_REQUIRED", "batchPass", "handler.contact", unreachable_handler, None),
    Case("STALE_VERSION", "updateContact", "version", stale),
    Case("STALE_VERSION", "terminateBenefit", "version", ahead),
    Case("ALREADY_TERMINATED", "updateContact", "beneficiaryId", terminated),
    Case("EMPTY_PAGE", "batchPass", "page", no_page, None),
    Case("EMPTY_PAGE", "submitCertifications", "entries", no_entries, None),
    Case("TOO_MANY_ROWS", "batchPass", "page", too_long_a_page, None),
    Case("TOO_MANY_ROWS", "submitCertifications", "entries", too_many_entries, None),
    Case("DUPLICATE_ROW", "batchPass", "page.2.beneficiaryId", twice, "page.2.beneficiaryId"),
    Case("DUPLICATE_ROW", "submitCertifications", "entries.1.beneficiaryId", twice_with_another_statement,
         "entries.1.beneficiaryId"),
    Case("IDEMPOTENCY_KEY_REUSED", "updateContact", "idempotencyKey", reused_key, None),
]  # fmt: skip
