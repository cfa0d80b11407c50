"""What PostgreSQL needs for the constraints: an extension, and ranges of times and of tracks."""

from django.db import migrations

RANGES = {
    "schoolday_timerange": "subtype = time",
    # A range of one text is a track; the unbounded range is everybody's.
    "schoolday_trackrange": 'subtype = text, collation = "C"',
}


def create_ranges(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # Django's own operation cannot be reversed on SQLite. It stays: others may use it.
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for name, definition in RANGES.items():
            schema_editor.execute(f"CREATE TYPE {name} AS RANGE ({definition})")


def drop_ranges(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in RANGES:
            schema_editor.execute(f"DROP TYPE {name}")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunPython(create_ranges, drop_ranges),
    ]
