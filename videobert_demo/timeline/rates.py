"""Frame rates as exact fractions. Knows how seconds and frames go together; knows nothing about timecode."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

# A decoder's time and the same time counted in frames differ by rounding: FFmpeg's finest usual clock ticks 90,000
# times a second, Matroska's only 1000 times.
_MAX_ROUNDING_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames a second as numerator / denominator, such as 30000 / 1001. It is kept in lowest terms.

    Attributes:
        numerator: At least 1.
        denominator: At least 1.
    """

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.numerator < 1 or self.denominator < 1:
            raise ValueError(f"a frame rate must be positive, got {self.numerator}/{self.denominator}")
        rate = Fraction(self.numerator, self.denominator)
        object.__setattr__(self, "numerator", rate.numerator)
        object.__setattr__(self, "denominator", rate.denominator)

    @property
    def fraction(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.numerator, self.denominator)

    @property
    def frames_per_timecode_second(self) -> int:
        """How many frames timecode counts before it goes to the next second: 30 for 29.97 frames a second."""
        return max(1, round(self.fraction))

    def frame_at(self, seconds: float) -> int:
        """The number of the frame nearest to a moment; frame 0 comes at 0 seconds."""
        return round(Fraction(seconds) * self.fraction)

    def seconds_at(self, frame: int) -> float:
        """When a frame comes on screen, in seconds."""
        return float(frame / self.fraction)

    def holds(self, seconds: float) -> bool:
        """Whether a frame comes at this moment, up to the rounding of a file's clock."""
        return abs(self.seconds_at(self.frame_at(seconds)) - seconds) <= _MAX_ROUNDING_SECONDS
