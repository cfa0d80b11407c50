"""Schools, as JSON."""

from django.utils.translation import gettext_lazy as _

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer
from api.serializers.brief import DistrictBriefSerializer
from api.serializers.fields import NamedKeyField, WeekdaysField, WholeNumberField
from scheduling.models import District, School


class SchoolSerializer(ModelSerializer[School]):
    """One school. Its `revision` grows with every change of anything below it."""

    EXPANDABLE = {"district": DistrictBriefSerializer}
    EXAMPLE = examples.FULL_SCHOOL

    district = NamedKeyField(
        queryset=District.objects.all(), help_text=_("The district: its id or its slug.")
    )
    weekdays = WeekdaysField(
        required=False, help_text=_("The days of the week on which school is held.")
    )
    passing_minutes_cap = WholeNumberField(
        0,
        30,
        required=False,
        help_text=_("The most of one passing time that counts as instruction, in minutes."),
    )

    class Meta:
        model = School
        fields = [
            "id",
            "district",
            "name",
            "slug",
            "timezone",
            "weekdays",
            "is_public",
            "passing_minutes_cap",
            *TRACKING,
        ]
