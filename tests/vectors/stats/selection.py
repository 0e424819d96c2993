"""Writes selection.json: effects corrected for having been selected. Needs mpmath and numpy.

Z is normal with mean mu and standard deviation 1, and is seen only if |Z| >= c. The corrected effect of a seen z
is the mu at which z is the median of what is seen. Solved with 60 digits; checked by draws.
"""

import json
import pathlib

import mpmath as mp
import numpy as np

mp.mp.dps = 60


def above(z, mu):
    """P(Z >= z)."""
    return mp.erfc((mp.mpf(z) - mu) / mp.sqrt(2)) / 2


def seen_above(z, mu, c):
    """P(Z >= z, given |Z| >= c), for z >= c."""
    return above(z, mu) / (above(c, mu) + above(c, -mu))


def corrected(z, c):
    low, high = mp.mpf(0), mp.mpf(z)
    if z == c:
        return low
    for _ in range(200):
        middle = (low + high) / 2
        if seen_above(mp.mpf(z), middle, mp.mpf(c)) < mp.mpf(1) / 2:
            low = middle
        else:
            high = middle
    return low


def drawn(z, c, mu, seed, draws=1_000_000):
    """Returns the share of drawn values beyond z among those that are seen, and its standard error."""
    values = np.random.default_rng(seed).normal(mu, 1, draws)
    values = values[np.abs(values) >= c]
    share = float(np.mean(values >= z))
    return share, 0.5 / len(values) ** 0.5


PAIRS = [
    (1.9599639845400545, 1.9599639845400545), (1.97, 1.9599639845400545), (2.1, 1.9599639845400545),
    (2.5, 1.9599639845400545), (3.0, 1.9599639845400545), (5.0, 1.9599639845400545), (8.0, 1.9599639845400545),
    (2.9, 2.8), (3.4, 2.8), (4.5, 2.8), (0.5, 0.1), (1.0, 0.5), (6.1, 6.0), (7.0, 6.0), (-2.5, 1.9599639845400545),
    (-3.1, 3.0),
]

cases, compared, largest = [], 0, 0.0
for z, c in PAIRS:
    found = float(corrected(abs(z), c))
    if abs(z) <= 5.0 and abs(z) != c:
        share, error = drawn(abs(z), c, found, seed=compared)
        compared, largest = compared + 1, max(largest, abs(share - 0.5) / error)
        assert abs(share - 0.5) < 4 * error, (z, c, found, share, error)
    cases.append({"id": f"z {z:g}, boundary {c:g}", "input": {"z": z, "critical": c},
                  "expect": {"corrected": found if z > 0 else -found}})
for z, c in [(1.0, 1.5), (1.0, 0.0)]:
    cases.append({"id": f"no finding: z {z:g}, boundary {c:g}", "input": {"z": z, "critical": c},
                  "expect": {"corrected": None}})

document = {
    "schema": 1,
    "file": "selection",
    "method": "The median-unbiased effect, in standard errors, of a normal estimate that is seen only if it is at "
              "least as far from 0 as a critical value.",
    "fields": "corrected: the mean at which z is the median of the estimates that are seen. null: z is not one of "
              "them, or there is no boundary.",
    "reference": {"primary": "mpmath, 60 significant digits",
                  "cross": {"numpy": f"{np.__version__}, 1,000,000 draws"}},
    "tolerance": {"default": "absolute 1e-9"},
    "crosschecks": {"share of draws beyond z is one half": {"compared": compared,
                                                          "max_standard_errors": round(largest, 2)}},
    "cases": cases,
}
path = pathlib.Path(__file__).with_name("selection.json")
path.write_text(json.dumps(document, indent=1) + "\n")
