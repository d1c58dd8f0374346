"""A file, or files of a folder, replaced whole or not at all, whenever a run is stopped.

New contents are written beside the old ones and are on the disk before they take their places.
What waits has a name of its own in the folder that it is for:

    .planner-XXXX.tmp    a file, or a set of files, that is not complete: nothing of it counts
    .planner-XXXX.put    a complete set whose files are being put in their places
    .planner-XXXX.undo   a set that is taken back, because one of its files was refused

The run that works on one holds a lock on it. The system frees the lock when the run ends, however
it ends; so the next run that writes into the folder can tell what nobody works on any more. It
removes the first, and finishes the other two.
"""

from planner.files.replacing import Prepared as Prepared
from planner.files.replacing import PreparedFolder as PreparedFolder
from planner.files.replacing import is_special as is_special
from planner.files.replacing import put_folders as put_folders
from planner.files.replacing import refusals as refusals
from planner.files.replacing import replacing as replacing
from planner.files.sets import FileSet as FileSet
from planner.files.sets import finish_interrupted as finish_interrupted
from planner.files.sets import sync_folder as sync_folder
from planner.files.waiting import is_left_over as is_left_over
from planner.files.waiting import remove_unfinished as remove_unfinished
