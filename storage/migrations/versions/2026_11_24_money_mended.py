"""Back pay for months before the ledger counts as paid; batches lock their clock and gather statistics.

Revision ID: 0010
"""

from storage.migrations import script

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None

OVERPAID = """
CREATE OR REPLACE VIEW overpaid_months WITH (security_invoker = true) AS
SELECT lost.beneficiary_id, lost.month, lost.established, paid.amount
FROM (SELECT l.beneficiary_id, out.month, bool_or(l.established) AS established
      FROM losses l
      JOIN (SELECT beneficiary_id, month FROM payments
            UNION ALL
            SELECT beneficiary_id, month FROM payment_lines WHERE kind = 'BACK_PAY') AS out
        ON out.beneficiary_id = l.beneficiary_id AND out.month >= l.from_month
           AND (l.until_month IS NULL OR out.month < l.until_month)
      GROUP BY l.beneficiary_id, out.month) AS lost
CROSS JOIN LATERAL (
    SELECT (SELECT coalesce(sum(p.amount), 0) FROM payments p
            WHERE p.beneficiary_id = lost.beneficiary_id AND p.month = lost.month)
           + (SELECT coalesce(sum(n.amount), 0) FROM payment_lines n
              WHERE n.beneficiary_id = lost.beneficiary_id AND n.month = lost.month) AS amount) AS paid
WHERE paid.amount > 0;
COMMENT ON VIEW overpaid_months IS
    'What was paid for months in which nothing was owed, with their own payroll or as back pay; rules 5.7';
"""

MAINTENANCE = """
GRANT MAINTAIN ON batch_clock TO renzheng_batch;  -- LOCK TABLE
"""


def upgrade() -> None:
    for statements in (OVERPAID, MAINTENANCE):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
