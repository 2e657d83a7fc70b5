"""EcoIndex of a page, 0 to 100, by the published method (cnumr/ecoindex_reference): quantiles of the web of 2019."""

from itertools import pairwise

ELEMENTS = (
    0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601,
)  # fmt: skip
REQUESTS = (0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920)
KILOBYTES = (
    0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27, 1876.08, 2142.06,
    2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26,
)  # fmt: skip
LEAST_OF_A = 80


def ecoindex(*, elements: int, requests: int, kilobytes: float) -> float:
    """Above 80 is an A. Elements of the document, requests, kilobytes over the network."""
    weighted = 3 * _quantile(ELEMENTS, elements) + 2 * _quantile(REQUESTS, requests) + _quantile(KILOBYTES, kilobytes)
    return 100 - 5 * weighted / 6


def _quantile(bounds: tuple[float, ...], value: float) -> float:
    for number, (low, high) in enumerate(pairwise(bounds)):
        if value < high:
            return number + (value - low) / (high - low)
    return len(bounds) - 1
