"""Hypothesis strategies for credit events, and the shipped rulebook and calibration they are scored with."""

import os
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from credit.rulebook import CALIBRATION_DEFAULT, RULEBOOK_DEFAULT, calibration_load, rulebook_load
from credit.scoring import Event, Terms

# How hard to try: a thorough run is CREDIT_EXAMPLES=2000 on these files alone.
promise = settings(max_examples=int(os.environ.get("CREDIT_EXAMPLES", "40")), deadline=None)

RULEBOOK = rulebook_load(RULEBOOK_DEFAULT).content
CALIBRATION = calibration_load(CALIBRATION_DEFAULT, RULEBOOK).content
# A category with a median and a prior of its own, so that scopes differ.
CALIBRATION["categories"]["eia"] = {
    "fee_median_fen": 1_500_000,
    "pillars": {"R": {"m": 760, "kappa_milli": 9000, "sigma2": 30000}},
}
TERMS = Terms(RULEBOOK, CALIBRATION)
AS_OF = date(2026, 10, 31)
CODES = {e["code"]: e for e in RULEBOOK["events"]}
OF_KIND = {kind: [c for c, e in CODES.items() if e["kind"] == kind] for kind in ("evidence", "incident", "bonus")}
OF_CLASS = {
    level: [c for c in OF_KIND["incident"] if CODES[c]["class"] == level] for level in ("minor", "general", "serious")
}
SCOPES = st.sampled_from([None, "eia"])

days = st.integers(0, 1200).map(lambda n: AS_OF - timedelta(days=n))
fees = st.none() | st.integers(0, 5_000_000)


def evidence(code=None, *, x=None, agency="a", on=None, client=None):
    return st.builds(
        Event,
        ref=st.just("?"),
        agency=st.just(agency),
        code=st.sampled_from(OF_KIND["evidence"]) if code is None else st.just(code),
        on=days if on is None else st.just(on),
        client=st.sampled_from(["c1", "c2", "c3", "c4", "c5", "c6"]) if client is None else st.just(client),
        category=st.sampled_from([None, "eia", "survey"]),
        fee_fen=fees,
        x=st.integers(0, 1000) if x is None else st.just(x),
        party=st.sampled_from(["owner", "department", "centre"]),
    )


def incidents(codes=None, *, agency="a"):
    return st.builds(
        Event,
        ref=st.just("?"),
        agency=st.just(agency),
        code=st.sampled_from(codes or OF_KIND["incident"]),
        on=days,
        category=st.sampled_from([None, "eia", "survey"]),
    )


def bonuses(*, agency="a"):
    return st.builds(Event, ref=st.just("?"), agency=st.just(agency), code=st.sampled_from(OF_KIND["bonus"]), on=days)


def numbered(events, prefix="e"):
    """The events with references of their own."""
    return [Event(**{**e.__dict__, "ref": f"{prefix}{i}"}) for i, e in enumerate(events)]


def acts(events, picks):
    """Voids and repairs of some of the events: [(index, 'void' | 'repair', days later)]."""
    rows = []
    for n, (index, code, later) in enumerate(picks):
        if events:
            target = events[index % len(events)]
            on = target.on + timedelta(days=later)
            rows.append(Event(ref=f"act{n}", agency=target.agency, code=code, on=on, target=target.ref))
    return rows


@st.composite
def histories(draw, *, max_size=25, serious=True, agency="a", prefix="e"):
    """One agency's history: evidence, incidents, honours, and voids and repairs of some of them."""
    levels = OF_KIND["incident"] if serious else OF_CLASS["minor"] + OF_CLASS["general"]
    events = numbered(
        draw(st.lists(evidence(agency=agency), max_size=max_size))
        + draw(st.lists(incidents(levels, agency=agency), max_size=4))
        + draw(st.lists(bonuses(agency=agency), max_size=6)),
        prefix,
    )
    pick = st.tuples(st.integers(0, 50), st.sampled_from(["void", "repair"]), st.integers(0, 400))
    return events + acts(events, draw(st.lists(pick, max_size=3)))
