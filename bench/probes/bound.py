"""Tell how much the door may keep, in megabytes."""

from django.conf import settings

from bench.probes import tell


def main() -> None:
    """Read the setting; a service without a door keeps nothing."""
    tell({"megabytes": getattr(settings, "DOOR_MAX_BYTES", 0) / 1e6})


if __name__ == "__main__":
    main()
