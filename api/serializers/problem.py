"""The one shape of every error."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.base import Shape


class ProblemErrorSerializer(Shape):
    """One thing that is wrong with what was sent."""

    pointer = serializers.CharField(
        help_text=_(
            "A JSON pointer to it: into the body, or to a parameter of the URL by its name; "
            "empty if it is the whole."
        )
    )
    code = serializers.CharField(help_text=_("What is wrong, for programs."))
    detail = serializers.CharField(help_text=_("What is wrong, for people."))


class ProblemSerializer(Shape):
    """An error, as RFC 9457 describes them."""

    type = serializers.CharField(help_text=_("A URI reference that names the kind of problem."))
    title = serializers.CharField(help_text=_("The kind of problem, for people."))
    status = serializers.IntegerField(help_text=_("The HTTP status."))
    code = serializers.CharField(help_text=_("The kind of problem, for programs."))
    detail = serializers.CharField(help_text=_("What happened this time."))
    instance = serializers.CharField(help_text=_("The path that was asked for."))
    errors_ = ProblemErrorSerializer(
        many=True, help_text=_("Everything that is wrong with what was sent, at once.")
    )
