"""Demo data: three units of Qingdao, their people, their accounts and a year of evidence."""

from demo.files import write
from demo.generator import DEMO_PASSWORD, DEMO_SECOND_FACTOR, DemoData, generate
from demo.plan import UNITS, UnitPlan

__all__ = ["DEMO_PASSWORD", "DEMO_SECOND_FACTOR", "UNITS", "DemoData", "UnitPlan", "generate", "write"]
