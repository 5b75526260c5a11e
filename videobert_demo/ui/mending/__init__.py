"""A caption or an answer that a person mends: kept with the clip if they want so, or taken away."""
