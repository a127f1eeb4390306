"""Score → grade: thresholds with conditions, the cap of an open serious incident, and the unrated."""


def grade_of(rulebook, caps, values):
    """The grade code. caps: the grades that open serious incidents allow at best, each by its clause (one the rulebook
    does not know allows its lowest). They hold even for an agency too new to be rated: its breach is not a matter of
    sample size. Else too few effective orders means not rated; else the best grade whose conditions hold.
    """
    grades = rulebook["grades"]
    order = [g["code"] for g in grades]
    earned = next(g["code"] for g in grades if _holds(g, values))
    if caps:
        return max([earned, *(c if c in order else order[-1] for c in caps)], key=order.index)
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
