"""What a roster's zip file is asked for with."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from typing_extensions import override

from api.serializers.base import Parameters
from api.serializers.fields import InstantField, SchoolKeyField
from scheduling.oneroster_csv.layout import BULK, DELTA, END_DATES, EXCLUSIVE, LATEST, VERSIONS


class OneRosterParameters(Parameters):
    """A district, and how its roster is to be told."""

    default_error_messages = {
        "since_required": _("Say since when: a delta holds what has changed."),
        "since_of_bulk": _(
            "A bulk file holds everything, whenever it has changed; leave this out."
        ),
    }

    district = SchoolKeyField(_("The district: its id or its slug."))
    mode = serializers.ChoiceField(
        [BULK, DELTA],
        default=BULK,
        help_text=_("`bulk`, everything that is there, or `delta`, what has changed since."),
    )
    since = InstantField(
        default=None,
        help_text=_("Of a delta: what has changed at this instant or later, or is gone, is told."),
    )
    version = serializers.ChoiceField(
        VERSIONS, default=LATEST, help_text=_("The version of OneRoster; `1.2` if left out.")
    )
    end_dates = serializers.ChoiceField(
        END_DATES,
        default=EXCLUSIVE,
        help_text=_(
            "What `endDate` names: the day after the last one (`exclusive`, as the standard has "
            "it), or the last one (`inclusive`)."
        ),
    )

    @override
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require `since` of a delta, and of nothing else."""
        if attrs["mode"] == DELTA and attrs["since"] is None:
            self._refuse("since_required", "required")
        if attrs["mode"] == BULK and attrs["since"] is not None:
            self._refuse("since_of_bulk", "since_of_bulk")
        return attrs

    def _refuse(self, message: str, code: str) -> None:
        detail = self.error_messages[message]
        raise serializers.ValidationError({"since": [detail]}, code)
