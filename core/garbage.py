"""Looking for garbage seldom: what a process has loaded stays, and requests leave little behind.

Python counts new objects and, by default, looks for unreachable cycles after every 700. A calendar
has thousands, all of which stay: a tenth of the time that it takes to compile one went by so.
"""

import gc

THRESHOLDS = (10_000, 10, 10)


def collect_seldom() -> None:
    """Leave out of every later search what there is by now; call it once all is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
