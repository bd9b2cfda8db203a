"""Addresses: districts and streets of Qingdao and of a few other cities, with drawn house numbers."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class District:
    """A district or county-level city; `slug` names its accounts, blanks separate its streets."""

    slug: str
    streets: str
    weight: int


DISTRICTS: dict[str, District] = {
    "市南区": District(
        "shinan",
        "江西路 宁夏路 闽江路 漳州二路 金口二路 延安三路 徐州路 大尧三路 云霄路 湛山五路 汕头路 新湛二路",
        16,
    ),
    "市北区": District(
        "shibei",
        "台东一路 登州路 延安二路 辽宁路 威海路 南京路 敦化路 杭州路 洛阳路 瑞昌路 抚顺路 哈尔滨路",
        22,
    ),
    "李沧区": District("licang", "京口路 书院路 振华路 升平路 九水路 永年路 向阳路 万年泉路 黑龙江中路", 14),
    "崂山区": District("laoshan", "海尔路 香港东路 秦岭路 苗岭路 松岭路 银川东路 辽阳东路 仙霞岭路", 12),
    "黄岛区": District("huangdao", "长江中路 香江路 井冈山路 武夷山路 阿里山路 江山中路 双珠路 珠海中路", 13),
    "城阳区": District("chengyang", "正阳路 春阳路 长城路 崇阳路 山城路 兴阳路 文阳路 明阳路", 10),
    "即墨区": District("jimo", "鹤山路 蓝鳌路 振华街 新兴路 文化路 淮涉河二路", 7),
    "胶州市": District("jiaozhou", "福州南路 广州南路 兰州东路 扬州路 郑州东路", 5),
    "平度市": District("pingdu", "人民路 常州路 郑州路 红旗路 杭州路", 4),
    "莱西市": District("laixi", "威海中路 烟台路 上海中路 黄海路 文化中路", 3),
}
_STREETS = {name: each.streets.split() for name, each in DISTRICTS.items()}
_DISTRICT_NAMES = tuple(DISTRICTS)
_DISTRICT_WEIGHTS = tuple(each.weight for each in DISTRICTS.values())

_ELSEWHERE = (
    "北京市海淀区学院路",
    "北京市朝阳区望京西路",
    "上海市浦东新区锦绣路",
    "上海市闵行区莘松路",
    "山东省济南市历下区文化东路",
    "山东省烟台市莱山区迎春大街",
    "山东省威海市环翠区文化西路",
    "山东省潍坊市奎文区东风东街",
    "山东省日照市东港区泰安路",
    "辽宁省大连市沙河口区黄河路",
    "海南省三亚市吉阳区迎宾路",
    "广东省深圳市南山区后海大道",
    "浙江省杭州市西湖区文三西路",
)


@dataclass(frozen=True)
class Home:
    """Where somebody is registered and where they live."""

    household: str
    residence: str
    in_qingdao: bool


def draw_home(rng: Random, unit_district: str) -> Home:
    """Often near the unit; one in five lives away from the registered address, one in fifteen elsewhere."""
    household = _in_qingdao(rng, unit_district if rng.random() < 0.5 else None)
    lot = rng.random()
    if lot < 0.80:
        return Home(household, household, True)
    if lot < 0.935:
        return Home(household, _in_qingdao(rng, None), True)
    return Home(household, rng.choice(_ELSEWHERE) + _door(rng), False)


def _in_qingdao(rng: Random, district: str | None) -> str:
    name = district or rng.choices(_DISTRICT_NAMES, _DISTRICT_WEIGHTS)[0]
    return f"青岛市{name}{rng.choice(_STREETS[name])}{_door(rng)}"


def _door(rng: Random) -> str:
    house = rng.randrange(1, 240)
    flat = f"{rng.randrange(1, 19)}{rng.randrange(1, 5):02d}户"
    lot = rng.random()
    if lot < 0.25:
        return f"{house}号{flat}"
    building = f"{house}号{rng.randrange(1, 37)}号楼"
    return building + flat if lot < 0.40 else f"{building}{rng.randrange(1, 5)}单元{flat}"
