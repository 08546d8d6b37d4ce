-- What proves something once: links for a new password ('reset'), for an address ('verify').
CREATE TABLE auth_codes (
  hash TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  about TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX auth_codes_user ON auth_codes (user_id, kind);
CREATE INDEX auth_codes_end ON auth_codes (expires_at);
-- Second factors. last_step is the newest time step whose code was taken: none counts twice.
CREATE TABLE auth_totp (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  secret TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  last_step BIGINT NOT NULL
);
CREATE TABLE auth_backup_codes (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  PRIMARY KEY (user_id, hash)
);
