"""Which rows a list shows: what a URL says, turned into questions of the querysets."""
