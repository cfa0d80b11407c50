"""Rosters in and out of files: what is told in OneRoster, as CSV."""

from scheduling.rosters.exporting import RosterExport, exported_roster
from scheduling.rosters.importing import RosterOptions, RosterReport, import_roster

__all__ = [
    "RosterExport",
    "RosterOptions",
    "RosterReport",
    "exported_roster",
    "import_roster",
]
