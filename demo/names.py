"""Chinese names: surnames by frequency in eastern Shandong, given names by generation and sex."""

from dataclasses import dataclass
from random import Random

_SURNAMES = {
    "王": 96, "张": 82, "李": 80, "刘": 74, "孙": 42, "于": 33, "陈": 31, "赵": 30, "徐": 28, "杨": 27,
    "宋": 21, "姜": 21, "高": 20, "郭": 17, "吕": 16, "周": 16, "韩": 15, "马": 15, "曲": 12, "崔": 12,
    "江": 11, "董": 11, "薛": 10, "林": 10, "纪": 10, "丁": 9, "隋": 9, "迟": 8, "吴": 14, "黄": 11,
    "朱": 11, "胡": 9, "曹": 8, "潘": 7, "侯": 7, "葛": 7, "程": 6, "范": 6, "逄": 6, "辛": 6,
    "栾": 6, "邵": 6, "毕": 5, "尹": 5, "袁": 5, "万": 5, "矫": 4, "战": 4, "焦": 4, "牟": 4,
    "仇": 2, "慕": 1, "法": 1, "官": 2, "匡": 2, "庄": 4, "衣": 2, "兰": 2, "温": 2, "綦": 3,
}  # fmt: skip
_SURNAME_LIST = tuple(_SURNAMES)
_SURNAME_WEIGHTS = tuple(_SURNAMES.values())


@dataclass(frozen=True)
class Generation:
    """Given names of people born up to `until`: a first and a second character, or a single one."""

    until: int
    men: tuple[str, str]
    women: tuple[str, str]
    single_men: str
    single_women: str
    single_share: float


_GENERATIONS = (
    Generation(
        1949,
        ("德永文玉广宗振学维守兆培", "福义信贤礼昌安和田厚诚增"),
        ("秀玉桂淑凤素翠月瑞文", "英珍芝莲琴美荣香花芬"),
        "福义忠仁贤厚",
        "英珍芝莲兰香",
        0.08,
    ),
    Generation(
        1969,
        ("建卫新长振保国延学克", "民华平生兴海东军明义"),
        ("丽爱秀桂玉建亚淑春晓", "华香珍红芬青荣霞琴娥"),
        "军勇平斌",
        "玲萍霞芬琴",
        0.16,
    ),
    Generation(
        1994,
        ("海志文光金永绍世宏少", "伟辉斌鹏勇刚良松滨岩"),
        ("海晓文雪艳丽春慧冬秋", "燕霞娟静莉芹洁蕾虹梅"),
        "伟斌磊波",
        "静燕洁莉娟蕾",
        0.24,
    ),
    Generation(
        9999,
        ("子浩宇俊嘉梓泽明奕景", "轩然辰睿涵霖豪阳宸川"),
        ("欣雨梓思佳诗语若依沐", "怡涵彤萱瑶琪妍晴诺桐"),
        "睿辰轩浩",
        "彤萱涵妍",
        0.06,
    ),
)


def full_name(rng: Random, born: int, *, female: bool) -> str:
    """A name of two or three characters for somebody born in a year."""
    generation = next(each for each in _GENERATIONS if born <= each.until)
    surname = rng.choices(_SURNAME_LIST, _SURNAME_WEIGHTS)[0]
    if rng.random() < generation.single_share:
        return surname + rng.choice(generation.single_women if female else generation.single_men)
    first, second = generation.women if female else generation.men
    return surname + rng.choice(first) + rng.choice(second)
