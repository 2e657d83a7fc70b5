from django.db import migrations

# What anyone relies on who votes is frozen with the publication. `text` may change within a correction, which sets
# `consultations.correcting` for its transaction and leaves a public version; `rules` (what a ballot offers, who may
# vote, how it is counted) only until the vote opens, by the database's clock.
FORWARDS = """
CREATE FUNCTION consultations_refuse(subject text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published consultation is frozen: %', subject USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION consultations_check_frozen(consultation bigint, part text, subject text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM consultations_consultation WHERE id = consultation AND published_at IS NOT NULL) THEN
        RETURN;
    END IF;
    IF coalesce(current_setting('consultations.correcting', true), '') <> consultation::text THEN
        PERFORM consultations_refuse(subject);
    END IF;
    IF part = 'rules' AND EXISTS (
        SELECT 1 FROM consultations_phase
        WHERE consultation_id = consultation AND kind = 'vote' AND opens_at <= clock_timestamp()
    ) THEN
        PERFORM consultations_refuse(subject);
    END IF;
END $$;

CREATE FUNCTION consultations_freeze_consultation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM consultations_refuse('consultation');
    END IF;
    -- A dated fact stays as it was first written.
    IF NEW.published_at IS DISTINCT FROM OLD.published_at
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
        OR OLD.counted_at IS NOT NULL AND NEW.counted_at IS DISTINCT FROM OLD.counted_at
        OR OLD.proclaimed_at IS NOT NULL AND NEW.proclaimed_at IS DISTINCT FROM OLD.proclaimed_at
        OR OLD.decided_at IS NOT NULL AND NEW.decided_at IS DISTINCT FROM OLD.decided_at
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawal_reason <> OLD.withdrawal_reason
        OR (NEW.space_id, NEW.stream_id, NEW.source) <> (OLD.space_id, OLD.stream_id, OLD.source)
    THEN
        PERFORM consultations_refuse('dates');
    END IF;
    IF (NEW.title, NEW.summary, NEW.description, NEW.easy_read) <>
            (OLD.title, OLD.summary, OLD.description, OLD.easy_read)
        OR NEW.theme_id IS DISTINCT FROM OLD.theme_id
        OR OLD.decided_at IS NOT NULL AND (NEW.decision, NEW.follows) <> (OLD.decision, OLD.follows)
    THEN
        PERFORM consultations_check_frozen(OLD.id, 'text', 'text');
    END IF;
    IF (NEW.secrecy, NEW.residence, NEW.only_quarters, NEW.minimum_age, NEW.scrutineers_needed) <>
            (OLD.secrecy, OLD.residence, OLD.only_quarters, OLD.minimum_age, OLD.scrutineers_needed)
        OR NEW.resident_list_id IS DISTINCT FROM OLD.resident_list_id
        OR NEW.quorum IS DISTINCT FROM OLD.quorum
        OR NEW.envelope_size IS DISTINCT FROM OLD.envelope_size
    THEN
        PERFORM consultations_check_frozen(OLD.id, 'rules', 'who votes and how');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultations_consultation_frozen BEFORE UPDATE OR DELETE ON consultations_consultation
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION consultations_freeze_consultation();

CREATE FUNCTION consultations_freeze_quarters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consultations_check_frozen(coalesce(NEW.consultation_id, OLD.consultation_id), 'rules', 'quarters');
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER consultations_quarters_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultations_consultation_quarters
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_quarters();

CREATE FUNCTION consultations_freeze_question() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part text := 'rules';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'text' - 'help' = to_jsonb(OLD) - 'text' - 'help' THEN
            part := 'text';
        END IF;
    END IF;
    PERFORM consultations_check_frozen(coalesce(NEW.consultation_id, OLD.consultation_id), part, 'questions');
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER consultations_question_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultations_question
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_question();

CREATE FUNCTION consultations_freeze_option() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part text := 'rules';
    words text[] := ARRAY['label', 'description', 'quarter_id', 'proposer'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - words = to_jsonb(OLD) - words THEN
            part := 'text';
        END IF;
    END IF;
    PERFORM consultations_check_frozen(
        (SELECT consultation_id FROM consultations_question WHERE id = coalesce(NEW.question_id, OLD.question_id)),
        part, 'options'
    );
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER consultations_option_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultations_option
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_option();

CREATE FUNCTION consultations_freeze_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consultations_check_frozen(coalesce(NEW.consultation_id, OLD.consultation_id), 'text', 'documents');
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER consultations_document_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultations_document
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_document();

-- Dates move later only; a vote that has opened is not closed again by moving its opening.
CREATE FUNCTION consultations_freeze_phase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM consultations_consultation
        WHERE id = coalesce(NEW.consultation_id, OLD.consultation_id) AND published_at IS NOT NULL
    ) THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'INSERT' AND NEW.kind NOT IN ('inform', 'debate', 'vote') THEN
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE'
        OR (NEW.consultation_id, NEW.kind) <> (OLD.consultation_id, OLD.kind)
        OR NEW.opens_at < OLD.opens_at
        OR NEW.opens_at > OLD.opens_at AND OLD.opens_at <= clock_timestamp()
        OR OLD.closes_at IS NOT NULL AND (NEW.closes_at IS NULL OR NEW.closes_at < OLD.closes_at)
    THEN
        PERFORM consultations_refuse('timeline');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultations_phase_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultations_phase
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_phase();

CREATE FUNCTION consultations_freeze_scrutineer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- An account may be erased; the key stays.
        IF NEW.user_id IS NULL AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id' THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (
        SELECT 1 FROM consultations_consultation
        WHERE id = coalesce(NEW.consultation_id, OLD.consultation_id) AND published_at IS NOT NULL
    ) THEN
        PERFORM consultations_refuse('scrutineers');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER consultations_scrutineer_frozen BEFORE INSERT OR UPDATE OR DELETE ON consultations_scrutineer
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_scrutineer();

CREATE FUNCTION consultations_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.by_id IS NULL AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM consultations_refuse(TG_TABLE_NAME);
END $$;
CREATE TRIGGER consultations_version_only_grows BEFORE UPDATE OR DELETE ON consultations_version
    FOR EACH ROW EXECUTE FUNCTION consultations_only_grows();
CREATE TRIGGER consultations_extension_only_grows BEFORE UPDATE OR DELETE ON consultations_extension
    FOR EACH ROW EXECUTE FUNCTION consultations_only_grows();

-- Proclaimed ballots and results are what anyone may have downloaded.
CREATE FUNCTION consultations_freeze_proclaimed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM consultations_consultation WHERE id = OLD.consultation_id AND proclaimed_at IS NOT NULL
    ) THEN
        PERFORM consultations_refuse(TG_TABLE_NAME);
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER consultations_ballot_proclaimed BEFORE UPDATE OR DELETE ON consultations_ballot
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_proclaimed();
CREATE TRIGGER consultations_result_proclaimed BEFORE UPDATE OR DELETE ON consultations_result
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_proclaimed();
-- Asked once for each statement: a count writes many thousands of rows by one.
CREATE FUNCTION consultations_refuse_late_ballots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM consultations_consultation
        WHERE proclaimed_at IS NOT NULL AND id IN (SELECT DISTINCT consultation_id FROM added)
    ) THEN
        PERFORM consultations_refuse(TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_ballot_late AFTER INSERT ON consultations_ballot
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION consultations_refuse_late_ballots();
"""
TRIGGERS = {
    "consultations_ballot_late": "ballot",
    "consultations_result_proclaimed": "result",
    "consultations_ballot_proclaimed": "ballot",
    "consultations_extension_only_grows": "extension",
    "consultations_version_only_grows": "version",
    "consultations_scrutineer_frozen": "scrutineer",
    "consultations_phase_frozen": "phase",
    "consultations_document_frozen": "document",
    "consultations_option_frozen": "option",
    "consultations_question_frozen": "question",
    "consultations_quarters_frozen": "consultation_quarters",
    "consultations_consultation_frozen": "consultation",
}
FUNCTIONS = [
    *("refuse_late_ballots()", "freeze_proclaimed()", "only_grows()", "freeze_scrutineer()", "freeze_phase()"),
    *("freeze_document()", "freeze_option()", "freeze_question()", "freeze_quarters()", "freeze_consultation()"),
    *("check_frozen(bigint, text, text)", "refuse(text)"),
]
BACKWARDS = "".join(
    f"DROP TRIGGER {trigger} ON consultations_{table};" for trigger, table in TRIGGERS.items()
) + "".join(f"DROP FUNCTION consultations_{function};" for function in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0002_rules_of_budgets")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
