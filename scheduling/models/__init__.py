"""Every model of the domain; import models from here."""

from scheduling.models.academic_year import AcademicYear
from scheduling.models.breaks import Break
from scheduling.models.checkpoint import Checkpoint
from scheduling.models.client_roster import ClientRoster
from scheduling.models.client_scopes import ClientScopes
from scheduling.models.day_override import DayOverride
from scheduling.models.district import District
from scheduling.models.feed_token import FeedToken
from scheduling.models.membership import Membership, Role
from scheduling.models.period_definition import PeriodDefinition
from scheduling.models.period_template import PeriodTemplate
from scheduling.models.quarter import Quarter
from scheduling.models.revision import Revision
from scheduling.models.roster import RosterOrg, RosterSession
from scheduling.models.schedule_rule import ScheduleRule
from scheduling.models.school import School
from scheduling.models.term import Term
from scheduling.models.webhook import Webhook
from scheduling.models.webhook_delivery import WebhookAttempt, WebhookDelivery, WebhookEvent

__all__ = [
    "AcademicYear",
    "Break",
    "Checkpoint",
    "ClientRoster",
    "ClientScopes",
    "DayOverride",
    "District",
    "FeedToken",
    "Membership",
    "PeriodDefinition",
    "PeriodTemplate",
    "Quarter",
    "Revision",
    "Role",
    "RosterOrg",
    "RosterSession",
    "ScheduleRule",
    "School",
    "Term",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEvent",
]
