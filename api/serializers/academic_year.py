"""Academic years, as JSON."""

from django.utils.translation import gettext_lazy as _

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer
from api.serializers.brief import SchoolBriefSerializer
from api.serializers.fields import NamedKeyField, ShortListField, TextField
from scheduling.models import AcademicYear, School
from scheduling.models.abstracts import CYCLE_DAY_LENGTH


class AcademicYearSerializer(ModelSerializer[AcademicYear]):
    """One school year, with its rotation if it has one."""

    EXPANDABLE = {"school": SchoolBriefSerializer}
    EXAMPLE = examples.ACADEMIC_YEAR

    school = NamedKeyField(
        queryset=School.objects.all(),
        help_text=_("The school: its id or its slug. It cannot change."),
    )
    cycle_days = ShortListField(
        child=TextField(max_length=CYCLE_DAY_LENGTH),
        required=False,
        max_length=100,
        help_text=_('The days of the rotation in order, such as ["A", "B"]; none without one.'),
    )

    class Meta:
        model = AcademicYear
        fields = [
            "id",
            "school",
            "name",
            "start_date",
            "end_date",
            "cycle_days",
            "cycle_policy",
            "cycle_start",
            *TRACKING,
        ]
