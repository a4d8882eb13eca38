"""Those who propose and decide in these tests."""

from __future__ import annotations

from app.domain.account import Account, Role

ANNA = Account(1, "anna@desk.example", "Anna", Role.EDITOR, None)
BO = Account(2, "bo@desk.example", "Bo", Role.EDITOR, None)
CARA = Account(3, "cara@desk.example", "Cara", Role.ADMINISTRATOR, None)
ALI = Account(4, "ali@alpha.example", "Ali", Role.PROVIDER, "alpha")
AMINA = Account(5, "amina@alpha.example", "Amina", Role.PROVIDER, "alpha")
BEN = Account(6, "ben@beta.example", "Ben", Role.PROVIDER, "beta")
CROWD = tuple(
    Account(7 + n, f"operator{n}@desk.example", f"Operator {n}", Role.EDITOR, None)
    for n in range(50)
)
EVERYBODY = (ANNA, BO, CARA, ALI, AMINA, BEN, *CROWD)
