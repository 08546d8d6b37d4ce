-- One row for each login; its refresh tokens are one family, of which only the newest is unused.
CREATE TABLE auth_sessions (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  device_name TEXT NOT NULL,
  ip_masked TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_activity BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX auth_sessions_user ON auth_sessions (user_id, last_activity);
CREATE INDEX auth_sessions_end ON auth_sessions (expires_at);
CREATE TABLE auth_refresh_tokens (
  hash TEXT NOT NULL PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES auth_sessions (id) ON DELETE CASCADE,
  used_at BIGINT,
  expires_at BIGINT NOT NULL
);
CREATE INDEX auth_refresh_tokens_session ON auth_refresh_tokens (session_id);
CREATE INDEX auth_refresh_tokens_end ON auth_refresh_tokens (expires_at);
-- Logins ('session') and users ('user') whose access tokens count no more, until the last of these would have expired
-- anyway. Of a user those that are older than `generation`.
CREATE TABLE auth_revocations (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  generation BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX auth_revocations_end ON auth_revocations (expires_at);
