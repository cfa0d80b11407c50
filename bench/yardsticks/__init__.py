"""What the service is compared with."""

VARIABLE = "BENCH_ANSWERS"
"""Names the folder of the constant answers, a file each."""
