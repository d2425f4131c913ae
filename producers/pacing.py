"""How much trade there is now: the source year folded onto one trading day."""

from datetime import datetime

import numpy as np

from producers.source_dataset import SourceDataset


class DayCurve:
    """Lines a second at each minute of the store's clock, with the year's real shape."""

    def __init__(self, dataset: SourceDataset, average: float, floor: float) -> None:
        lines = dataset.lines_by_minute_of_day
        # One minute of the fold is some 1,000 lines of chance; a quarter of an hour is the shape.
        smooth = np.convolve(np.r_[lines[-7:], lines, lines[:7]], np.ones(15) / 15, mode="valid")
        self._rates = np.maximum(smooth / smooth.mean() * average, floor)
        self._mean = float(self._rates.mean())

    def rate(self, local: datetime) -> float:
        """The rate at this time of the store's clock, lines a second."""
        return float(self._rates[local.hour * 60 + local.minute])

    def share(self, local: datetime) -> float:
        """The rate as a multiple of the day's average."""
        return float(self._rates[local.hour * 60 + local.minute] / self._mean)
