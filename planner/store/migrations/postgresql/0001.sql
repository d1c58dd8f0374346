-- The same tables as in SQLite; texts stay texts, so that hashes are made of the same bytes.
CREATE TABLE event (
    seq BIGINT PRIMARY KEY CHECK (seq > 0),
    stream TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    UNIQUE (stream, version)
);
CREATE TABLE free_text (
    id TEXT PRIMARY KEY,
    stream TEXT NOT NULL,
    number BIGINT NOT NULL,
    salt TEXT,
    value TEXT,
    UNIQUE (stream, number),
    CHECK ((salt IS NULL) = (value IS NULL))
);
CREATE TABLE state (
    stream TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE FUNCTION planner_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what is recorded is only appended to'; END $$;
CREATE FUNCTION planner_next() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM event) THEN
        RAISE EXCEPTION 'events are only appended';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION planner_clear() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.stream IS DISTINCT FROM OLD.stream
        OR NEW.number IS DISTINCT FROM OLD.number OR NEW.value IS NOT NULL THEN
        RAISE EXCEPTION 'free texts are only cleared';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_change BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION planner_refuse();
CREATE TRIGGER event_truncate BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION planner_refuse();
CREATE TRIGGER event_insert BEFORE INSERT ON event
    FOR EACH ROW EXECUTE FUNCTION planner_next();
CREATE TRIGGER free_text_update BEFORE UPDATE ON free_text
    FOR EACH ROW EXECUTE FUNCTION planner_clear();
CREATE TRIGGER free_text_delete BEFORE DELETE ON free_text
    FOR EACH ROW EXECUTE FUNCTION planner_refuse();
CREATE TRIGGER free_text_truncate BEFORE TRUNCATE ON free_text
    FOR EACH STATEMENT EXECUTE FUNCTION planner_refuse();
