from balans.geography.cbs_texts import parse_code_list, parse_renames

# Copied from the descriptions in CBS 03759ned, RegioSCodes.
KOGGENLAND = {
    "Identifier": "GM1598",
    "Title": "Koggenland",
    "Description": "Grenswijziging per 01-01-2015, overgegaan naar:\r\n- Hoorn (GM0405),\r\n"
    "... 6 hectare met 0 woningen en 0 inwoners\r\n\r\nOntstaan per 01-01-2007 uit:\r\n- Obdam (GM0429),\r\n"
    "... 2057 hectare met 2514 woningen en 6920 inwoners\r\nBegindatum 01-01-2007\r\n",
}
BINNENMAAS = {
    "Identifier": "GM0585",
    "Title": "Binnenmaas",
    "Description": "Gemeentelijke herindeling per 01-01-2007, ontvangen van:\r\n- 's-Gravendeel (GM0517),\r\n"
    "... 1885 hectare 3709 woningen en 9035 inwoners\r\n",
}
AMSTERDAM = {
    "Identifier": "GM0363",
    "Title": "Amsterdam",
    "Description": "Grenswijziging per 01-01-2006, ontvangen van:\r\n- Ouder-Amstel (GM0437),\r\n"
    "... 43 hectare met 9 inwoners\r\n",
}
DE_FRYSKE_MARREN = {
    "Identifier": "GM1940",
    "Title": "De Fryske Marren",
    "Description": "Naamswijziging per 01-07-2015,\r\noude naam: De Friese Meren (GM1921)\r\nBegindatum 01-07-2015\r\n",
}


def test_a_text_is_read_in_all_of_cbs_spellings() -> None:
    """Guards "Ontstaan … uit" without a comma, amounts without "met", and an amount that is left out (it is 0)."""
    table = parse_code_list([KOGGENLAND, BINNENMAAS, AMSTERDAM]).set_index(["from_code", "to_code"])
    amounts = ["hectares", "dwellings", "inhabitants"]
    assert table.loc[("GM1598", "GM0405"), amounts].tolist() == [6, 0, 0]
    assert table.loc[("GM0429", "GM1598"), amounts].tolist() == [2057, 2514, 6920]
    assert table.loc[("GM0517", "GM0585"), amounts].tolist() == [1885, 3709, 9035]
    assert table.loc[("GM0437", "GM0363"), amounts].tolist() == [43, 0, 9]
    assert table.loc[("GM0429", "GM1598"), "date"] == "2007-01-01"


def test_a_new_code_for_an_old_municipality_is_found() -> None:
    """Guards the renumbering of 1 July 2015, which no transfer mentions."""
    (row,) = parse_renames([DE_FRYSKE_MARREN, AMSTERDAM]).to_dict("records")
    assert (row["date"], row["from_code"], row["to_code"]) == ("2015-07-01", "GM1921", "GM1940")
