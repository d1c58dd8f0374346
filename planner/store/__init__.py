"""Participants' records in a database, with everything that was ever changed in them."""

from planner.store.editable_files import EditableFiles as EditableFiles
from planner.store.event import StoredEvent as StoredEvent
from planner.store.places import RecordPlace as RecordPlace
from planner.store.places import opened_place as opened_place
from planner.store.store import NewEvent as NewEvent
from planner.store.store import Redaction as Redaction
from planner.store.store import Seal as Seal
from planner.store.store import Store as Store
from planner.store.store import StoreConflict as StoreConflict
from planner.store.store import StoredRecord as StoredRecord
from planner.store.store import is_store as is_store
from planner.store.store import make_store as make_store
from planner.store.store import open_store as open_store
from planner.store.store import read_seal as read_seal
from planner.store.verification import Verification as Verification
from planner.store.verification import verify as verify
from planner.timeline.record_changes import RecordChange as RecordChange
