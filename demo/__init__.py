"""Demo data: three units of Qingdao, their people, their accounts and a year of evidence."""

from demo.files import write
from demo.generator import DEMO_PASSWORD, DemoData, generate
from demo.plan import UNITS, UnitPlan

__all__ = ["DEMO_PASSWORD", "UNITS", "DemoData", "UnitPlan", "generate", "write"]
