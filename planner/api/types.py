"""What the functions take and give back, for those who annotate with it; no model is loaded here.

Import from here under ``TYPE_CHECKING`` only, or each type from where it stands.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.api.recording import ProposedChange as ProposedChange
    from planner.checks.finding import Finding as Finding
    from planner.checks.report import FileReport as FileReport
    from planner.config.reading import ConfigFile as ConfigFile
    from planner.formats.sdtm import SubjectVisits as SubjectVisits
    from planner.protocol.file import ProtocolFile as ProtocolFile
    from planner.protocol.model import Protocol as Protocol
    from planner.site.model import Site as Site
    from planner.store import Store as Store
    from planner.timeline.amended_records import AmendedRecords as AmendedRecords
    from planner.timeline.enrolment import NewParticipant as NewParticipant
    from planner.timeline.model import Timeline as Timeline
    from planner.timeline.record import RecordFile as RecordFile
    from planner.timeline.whatif import WhatIf as WhatIf
