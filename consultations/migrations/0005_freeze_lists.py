from django.db import migrations

# Who is on the list of a published vote stays on it until the count; somebody who was forgotten may still be added.
FORWARDS = """
CREATE FUNCTION consultations_freeze_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.list_id, NEW.person_key) = (OLD.list_id, OLD.person_key)
            AND NEW.quarter_id IS NOT DISTINCT FROM OLD.quarter_id
        THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (
        SELECT 1 FROM consultations_consultation
        WHERE resident_list_id = OLD.list_id AND published_at IS NOT NULL AND withdrawn_at IS NULL AND counted_at IS NULL
    ) THEN
        PERFORM consultations_refuse('list');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER consultations_list_frozen BEFORE UPDATE OR DELETE ON accounts_listedperson
    FOR EACH ROW EXECUTE FUNCTION consultations_freeze_list();
"""
BACKWARDS = """
DROP TRIGGER consultations_list_frozen ON accounts_listedperson;
DROP FUNCTION consultations_freeze_list();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_record_of_the_count"), ("accounts", "0003_residence")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
