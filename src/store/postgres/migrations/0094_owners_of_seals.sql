-- Whose job it was: its user alone is told which archive has it. Of what left before nobody knows.
ALTER TABLE ledger_seals ADD COLUMN owner TEXT;
