"""Districts, as JSON."""

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer
from scheduling.models import District


class DistrictSerializer(ModelSerializer[District]):
    """What schools belong to."""

    EXAMPLE = examples.DISTRICT

    class Meta:
        model = District
        fields = ["id", "name", "slug", *TRACKING]
