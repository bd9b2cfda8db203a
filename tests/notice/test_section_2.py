"""二、关于认证人员范围: who is certified."""

from domain.vocabulary import Category


def test_retirees_and_their_survivors_are_certified_and_nobody_else() -> None:
    """二(一), 二(二): “机关事业单位离退休（职）人员”, “其遗属按规定享受遗属生活困难补助费”."""
    assert {category.value for category in Category} == {"RETIREE", "SURVIVOR"}
