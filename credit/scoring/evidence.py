"""How a fact becomes evidence x in 0…1000. Steps and sizes come from the rulebook's `evidence` part."""

from fractions import Fraction

from .integers import clamp, half_up


def rating_x(rulebook, stars_milli):
    """x of a rating: stars in milli-stars, 1000…5000 (a mean of dimensions is allowed)."""
    if not 1000 <= stars_milli <= 5000:
        raise ValueError("stars run from 1 to 5")
    return half_up(Fraction((stars_milli - 1000) * rulebook["evidence"]["rating"]["star_step"], 1000))


def timeliness_x(rulebook, days_used, days_limit):
    """x of a delivery: 1000 within the statutory or category limit, linear to 0 at zero_at × limit (working days,
    agreed pauses already taken out). Never the agency's own promise: else whoever promises more time scores better."""
    if days_limit <= 0:
        raise ValueError("a limit has at least one day")
    zero_at = Fraction(rulebook["evidence"]["timeliness"]["zero_at_milli"], 1000) * days_limit
    if days_used <= days_limit:
        return 1000
    return half_up(clamp(1000 * (zero_at - days_used) / (zero_at - days_limit), 0, 1000))


def performance_x(rulebook, *, review="first_pass", rework_rounds=0, fee_within=True, complaint_upheld=False):
    """x of the work: how the external review or the buyer's approval went (first_pass, revised, returned), rounds of
    rework beyond the first delivery, whether the fee stayed within the published price; an upheld complaint is 0."""
    rule = rulebook["evidence"]["performance"]
    if complaint_upheld:
        return 0
    if rework_rounds < 0:
        raise ValueError("rounds of rework are counted from 0")
    x = rule[review] - rework_rounds * rule["rework_step"] - (0 if fee_within else rule["fee_over"])
    return clamp(x, 0, 1000)
