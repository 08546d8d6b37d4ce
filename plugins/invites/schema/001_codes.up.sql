CREATE TABLE registration_codes (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  code_hash TEXT NOT NULL UNIQUE,
  owner_id TEXT,
  note TEXT NOT NULL,
  max_uses INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  used_by TEXT,
  used_at BIGINT,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  CHECK (uses >= 0 AND uses <= max_uses)
);
CREATE INDEX registration_codes_owner ON registration_codes (owner_id);
CREATE INDEX registration_codes_used_by ON registration_codes (used_by);
CREATE INDEX registration_codes_expiry ON registration_codes (expires_at);
CREATE INDEX registration_codes_created ON registration_codes (created_at);
