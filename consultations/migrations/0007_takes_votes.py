from django.db import migrations

# Whether a vote on this revision of the text may go into the box now. VOLATILE: each call sees what is committed at
# that moment, where the statement that calls it sees what was when it began, before it waited at the gate.
FORWARDS = """
CREATE FUNCTION consultations_takes_votes(consultation bigint, read_revision integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM consultations_consultation AS c
        JOIN consultations_phase AS p ON p.consultation_id = c.id AND p.kind = 'vote'
        WHERE c.id = consultation AND c.revision = read_revision
            AND c.published_at IS NOT NULL AND c.withdrawn_at IS NULL AND c.counted_at IS NULL
            AND clock_timestamp() >= p.opens_at AND clock_timestamp() < p.closes_at
    );
END $$;
"""
BACKWARDS = "DROP FUNCTION consultations_takes_votes(bigint, integer);"


class Migration(migrations.Migration):
    dependencies = [("consultations", "0006_roll_destroyed")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
