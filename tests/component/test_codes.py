"""Items carry the codes that FHIR asks for."""

from __future__ import annotations

from tests.component.drafted import drafted

SAID = (
    "[doctor] Blood pressure is 128 over 72, temperature 98.4, weight 180 pounds.\n[doctor] What do you take?\n"
    "[patient] Levothyroxine, 75 micrograms, once a day.\n"
)


def test_vital_signs_and_doses_carry_their_codes() -> None:
    items = {str(p.item["name"]): p.item for p in drafted(SAID) if p.item and "name" in p.item}
    codes = {name: (item.get("code"), item.get("unit_code")) for name, item in items.items()}
    assert codes["Blood pressure"] == ("85354-9", "mm[Hg]")
    assert codes["Temperature"] == ("8310-5", "[degF]")
    assert codes["Weight"] == ("29463-7", "[lb_av]")
    assert codes["levothyroxine"] == (None, "ug")
