"""A message that tells what is so no more has a word of its own, and nobody suspended anew is said to be paid.

Revision ID: 0028
"""

from storage.migrations import script

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = """
ALTER TABLE messages DROP CONSTRAINT messages_state_check;
ALTER TABLE messages ADD CONSTRAINT messages_state_check
    CHECK (state IN ('WAITING', 'SENT', 'GIVEN_UP', 'WITHDRAWN', 'OVERTAKEN'));
"""

ACTS = """
CREATE OR REPLACE VIEW acts_to_warn_of WITH (security_invoker = true) AS
    SELECT b.id, b.person_id, b.unit_id, 'SUSPENDED' AS kind, lower(s.held) AS month, s.version::bigint AS fact,
           c.survival_status AS status, c.acted_on AS done_on, c.at AS done_at
    FROM suspensions s
    JOIN certifications c USING (beneficiary_id, version)
    JOIN beneficiaries b ON b.id = s.beneficiary_id
    WHERE upper_inf(s.held) AND b.terminated_from IS NULL
    UNION ALL
    SELECT b.id, b.person_id, b.unit_id, 'REINSTATED',
           (date_trunc('month', r.reviewed_on) + interval '1 month')::date, r.id, NULL, r.reviewed_on, r.reviewed_at
    FROM reinstatements r JOIN beneficiaries b ON b.id = r.beneficiary_id
    WHERE r.status = 'APPROVED' AND b.terminated_from IS NULL
      AND (b.suspended_from > date_trunc('month', r.reviewed_on) + interval '1 month') IS NOT FALSE;
COMMENT ON VIEW acts_to_warn_of IS
    'Suspensions that hold and approved cases whose person is paid again, as the person is told of them';
"""


def upgrade() -> None:
    for statements in (STATES, ACTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
