"""The OpenAPI document, shown to people."""

from drf_spectacular.views import SpectacularSwaggerSplitView


class DocsView(SpectacularSwaggerSplitView):
    """A page to read the document and to try its operations.

    All of it comes from this host, and none of it is inline: a strict policy lets it through.
    """

    schema = None
    authentication_classes = []
    permission_classes = []
    template_name = "api/docs.html"
