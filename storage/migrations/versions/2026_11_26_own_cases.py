"""The PASS of a ruling against DISQUALIFIED is looked at, by another officer; nobody decides about their own benefit.

Revision ID: 0034
"""

from storage.migrations import script

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# With the ruling and never later: who rules cannot choose afterwards whether somebody looks.
OPENING = """
CREATE POLICY ruling ON compliance_reviews FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'OFFICER' AND kind = 'AGAINST_DISQUALIFIED' AND outcome IS NULL
    AND EXISTS (SELECT FROM objections o JOIN beneficiaries b ON b.id = o.beneficiary_id
                WHERE o.beneficiary_id = compliance_reviews.beneficiary_id AND b.unit_id = compliance_reviews.unit_id
                  AND o.passed_version = compliance_reviews.version AND o.taken_by = (SELECT caller_account())
                  AND o.xmin = pg_current_xact_id()::xid));
"""

DECIDING = """
CREATE OR REPLACE FUNCTION review_is_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome IS NOT NULL OR NEW.outcome IS NULL THEN
        RAISE EXCEPTION 'a compliance review is decided once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM accounts a JOIN units u ON u.district = a.district
        WHERE a.id = NEW.decided_by AND a.role = 'OFFICER' AND u.id = NEW.unit_id) THEN
        RAISE EXCEPTION 'a compliance review is decided by an officer of the district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM certifications c
        WHERE c.beneficiary_id = NEW.beneficiary_id AND c.version = NEW.version AND c.account_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'a compliance review is decided by another account than the one whose act it is about'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# Whoever decides may draw a benefit too. What they may do to others they may not do to themself.
OWN = """
CREATE FUNCTION is_about_caller(beneficiary bigint) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM beneficiaries b JOIN accounts a ON a.person_id = b.person_id
                       WHERE b.id = beneficiary AND a.id = caller_account());
    END;
COMMENT ON FUNCTION is_about_caller IS 'Whether the row is that of whoever the account belongs to, as far as known';
CREATE POLICY of_others ON certifications AS RESTRICTIVE FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) NOT IN ('WINDOW', 'OFFICER') OR NOT is_about_caller(beneficiary_id));
CREATE POLICY of_others ON objections AS RESTRICTIVE FOR UPDATE TO renzheng_app USING (true) WITH CHECK (
    NOT is_about_caller(beneficiary_id));
CREATE POLICY of_others ON compliance_reviews AS RESTRICTIVE FOR UPDATE TO renzheng_app USING (true) WITH CHECK (
    NOT is_about_caller(beneficiary_id));
CREATE POLICY of_others ON reinstatements AS RESTRICTIVE FOR UPDATE TO renzheng_app USING (true) WITH CHECK (
    status NOT IN ('APPROVED', 'REJECTED') OR NOT is_about_caller(beneficiary_id));
CREATE POLICY of_others ON settlements AS RESTRICTIVE FOR INSERT TO renzheng_app WITH CHECK (
    NOT is_about_caller(beneficiary_id));
"""


def upgrade() -> None:
    for statements in (OPENING, DECIDING, OWN):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
