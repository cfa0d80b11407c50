"""Tell the cursor of the page that begins behind a row of the list of all quarters."""

import sys

from django.http import QueryDict

from api.pagination import page_of
from api.viewsets.quarter import QuarterViewSet
from bench.probes import tell
from scheduling.models import Quarter


def main(row: int) -> None:
    """Narrow the list to the row and the next one: its page of one row ends where ours begins."""
    asked = QuarterViewSet.parameters("list").read({}, QueryDict())
    ordered = Quarter.objects.order_by(asked["ordering"], "id").values_list("pk", flat=True)
    two = Quarter.objects.filter(pk__in=list(ordered[row - 1 : row + 1]))
    tell(page_of(two, {**asked, "page_size": 1}).next_cursor)


if __name__ == "__main__":
    main(int(sys.argv[1]))
