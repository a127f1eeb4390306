"""Score → grade: thresholds with conditions, the cap of an open serious incident, and the unrated."""


def grade_of(rulebook, codes, open_serious_codes, values):
    """The grade code. An open serious incident caps it (even of an agency too new to be rated: its breach is not a
    matter of sample size); else too few effective orders means not rated; else the best grade whose conditions hold.
    """
    grades = rulebook["grades"]
    order = [g["code"] for g in grades]
    earned = next(g["code"] for g in grades if _holds(g, values))
    caps = [codes[c]["cap_grade"] for c in open_serious_codes if codes[c].get("cap_grade")]
    if caps:
        return max([earned, *caps], key=order.index)
    newcomer = rulebook["newcomer"]
    if values["effective_orders_milli"] < newcomer["orders_milli"]:
        return newcomer["code"]
    return earned


def _holds(grade, values):
    low = max(0, values["score_milli"] - values["half_width_milli"])
    return (
        values["score_milli"] >= grade["min_milli"]
        and low >= grade.get("low_milli", 0)
        and values["effective_orders_milli"] >= grade.get("orders_milli", 0)
        and values["clients"] >= grade.get("clients", 0)
    )
