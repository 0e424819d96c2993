"""Computes what reports of three published tests must say: published.json.

    pip install statsmodels
    python3 published.py > published.json

The counts are those of the publications. The numbers are computed by statsmodels and scipy, with the multiplier and the
p-value that hold at every look (Waudby-Smith et al. 2024) written out here. Score intervals (Mee 1984, Koopman 1984) are
inverted here, too: those of statsmodels 0.15 are only exact to five digits.
"""

import json
import math

from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

ALPHA, TUNED_FOR, CONCENTRATION = 0.05, 10_000, 1_000

# Units and converters of each track, control first.
TESTS = [
    {
        "name": "cookie-cats",
        "source": "Cookie Cats, a mobile game: the first gate at level 30 or 40 (DataCamp 2017)",
        "tracks": {"gate-30": 44_700, "gate-40": 45_489},
        "primary": "retention-1",
        "goals": {
            "retention-1": {"gate-30": 20_034, "gate-40": 20_119},
            "retention-7": {"gate-30": 8_502, "gate-40": 8_279},
        },
    },
    {
        "name": "landing-page",
        "source": "A new landing page of a shop (Udacity 2017), without visitors of two pages",
        "tracks": {"old": 145_274, "new": 145_310},
        "primary": "converted",
        "goals": {"converted": {"old": 17_489, "new": 17_264}},
    },
    {
        "name": "e-mail",
        "source": "E-mails to 64,000 customers (Hillstrom 2008)",
        "tracks": {"none": 21_306, "mens": 21_307, "womens": 21_387},
        "primary": "visit",
        "goals": {
            "visit": {"none": 2_262, "mens": 3_894, "womens": 3_238},
            "conversion": {"none": 122, "mens": 267, "womens": 189},
        },
    },
]


def always_valid(z, units, comparisons):
    """Returns the multiplier at a level that is shared, and the p-value."""
    rho = (-2 * math.log(ALPHA) + math.log(-2 * math.log(ALPHA) + 1)) / TUNED_FOR
    q = units * rho
    multiplier = math.sqrt((q + 1) / q * (math.log(q + 1) - 2 * math.log(ALPHA / comparisons)))
    return multiplier, min(1.0, math.exp(math.log(q + 1) / 2 - z * z * q / (2 * (q + 1))))


def sample_ratio(units):
    """Returns the p-value of the Bayes factor against equal shares (Lindon & Malek 2022)."""
    total, share, k = sum(units), 1 / len(units), CONCENTRATION
    log = gammaln(k) - gammaln(k + total)
    for n in units:
        log += gammaln(k * share + n) - gammaln(k * share) - n * math.log(share)
    return min(1.0, math.exp(-log))


def score_limits(statistic, seen, multiplier, ends):
    """Returns the values at which the score statistic is the multiplier, up and down."""
    lower = brentq(lambda value: statistic(value) - multiplier, ends[0], seen, xtol=1e-15)
    upper = brentq(lambda value: statistic(value) + multiplier, seen, ends[1], xtol=1e-15)
    return [lower, upper]


def score_of_difference(control, track):
    (n0, x0), (n1, x1) = control, track

    def statistic(d):
        # The rate of control that is most likely under this difference.
        def slope(q):
            return x0 / q - (n0 - x0) / (1 - q) + x1 / (q + d) - (n1 - x1) / (1 - q - d)

        q = brentq(slope, max(0, -d) + 1e-12, min(1, 1 - d) - 1e-12, xtol=1e-15)
        return (x1 / n1 - x0 / n0 - d) / math.sqrt((q + d) * (1 - q - d) / n1 + q * (1 - q) / n0)

    return statistic


def score_of_ratio(control, track):
    (n0, x0), (n1, x1) = control, track

    def statistic(r):
        # The same under this ratio.
        def slope(q):
            return x0 / q - (n0 - x0) / (1 - q) + x1 / q - (n1 - x1) * r / (1 - q * r)

        q = brentq(slope, 1e-12, min(1, 1 / r) - 1e-12, xtol=1e-15)
        return (x1 / n1 - r * x0 / n0) / math.sqrt(q * r * (1 - q * r) / n1 + r * r * q * (1 - q) / n0)

    return statistic


def compared(control, track, comparisons):
    (n0, x0), (n1, x1) = control, track
    z, _ = proportions_ztest([x1, x0], [n1, n0])
    multiplier, p = always_valid(z, n0 + n1, comparisons)
    alpha = 2 * norm.sf(multiplier)
    difference, ratio = x1 / n1 - x0 / n0, (x1 / n1) / (x0 / n0)
    differences = score_limits(score_of_difference(control, track), difference, multiplier, [-0.5, 0.5])
    ratios = score_limits(score_of_ratio(control, track), ratio, multiplier, [0.1, 10])
    return {
        "z": z,
        "p": p,
        "difference": difference,
        "difference_limits": differences,
        "lift": ratio - 1,
        "lift_limits": [limit - 1 for limit in ratios],
        "wilson": list(proportion_confint(x1, n1, alpha, method="wilson")),
    }


def main():
    for test in TESTS:
        tracks = list(test["tracks"])
        test["sample_ratio_p"] = sample_ratio(list(test["tracks"].values()))
        control, others = tracks[0], tracks[1:]
        # Of the primary goal, the tracks share the level.
        test["answers"] = {
            goal: {
                track: compared(
                    (test["tracks"][control], reached[control]),
                    (test["tracks"][track], reached[track]),
                    len(others) if goal == test["primary"] else 1,
                )
                for track in others
            }
            for goal, reached in test["goals"].items()
        }
    print(json.dumps(TESTS, indent=1))


if __name__ == "__main__":
    main()
