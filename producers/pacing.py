"""The rate of trade by time of day, from the source year folded into one trading day."""

from datetime import datetime

import numpy as np

from producers.source_dataset import SourceDataset


class DayCurve:
    """The rate in lines a second at each minute of the stores' clock, with the shape of the source year."""

    def __init__(self, dataset: SourceDataset, average: float, floor: float) -> None:
        lines = dataset.lines_by_minute_of_day
        # A single minute has only about 1,000 lines, so the curve is smoothed over a quarter of an hour.
        smooth = np.convolve(np.r_[lines[-7:], lines, lines[:7]], np.ones(15) / 15, mode="valid")
        self._rates = np.maximum(smooth / smooth.mean() * average, floor)
        self._mean = float(self._rates.mean())

    def rate(self, local: datetime) -> float:
        """Return the rate at a time of the stores' clock, in lines a second."""
        return float(self._rates[local.hour * 60 + local.minute])

    def share(self, local: datetime) -> float:
        """Return the rate as a multiple of the day's average."""
        return float(self._rates[local.hour * 60 + local.minute] / self._mean)
