-- What happened, in order: each row holds the hash of the row before it, and no row is ever changed.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    UNIQUE (stream, version)
) STRICT;
-- Free texts, the only rows that a redaction may clear; events hold their commitments.
CREATE TABLE free_text (
    id TEXT PRIMARY KEY,
    stream TEXT NOT NULL,
    number INTEGER NOT NULL,
    salt TEXT,
    value TEXT,
    UNIQUE (stream, number),
    CHECK ((salt IS NULL) = (value IS NULL))
) STRICT;
-- The records as the events leave them: can be thrown away, and is made again.
CREATE TABLE state (
    stream TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TRIGGER event_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
-- REPLACE deletes without a trigger, so a row that would be replaced refuses the new one.
CREATE TRIGGER event_insert BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
    OR EXISTS (SELECT 1 FROM event WHERE stream = NEW.stream AND version = NEW.version)
    OR EXISTS (SELECT 1 FROM event WHERE hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'events are only appended'); END;
CREATE TRIGGER free_text_update BEFORE UPDATE ON free_text
WHEN NEW.id IS NOT OLD.id OR NEW.stream IS NOT OLD.stream OR NEW.number IS NOT OLD.number
    OR NEW.value IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'free texts are only cleared'); END;
CREATE TRIGGER free_text_delete BEFORE DELETE ON free_text
BEGIN SELECT RAISE(ABORT, 'free texts are never deleted'); END;
CREATE TRIGGER free_text_insert BEFORE INSERT ON free_text
WHEN EXISTS (
    SELECT 1 FROM free_text
    WHERE id = NEW.id OR (stream = NEW.stream AND number = NEW.number)
)
BEGIN SELECT RAISE(ABORT, 'free texts are never replaced'); END;
