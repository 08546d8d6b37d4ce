CREATE TABLE teams (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE team_members (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  is_admin INTEGER NOT NULL
);
CREATE INDEX team_members_team ON team_members (team_id);
-- Kept after their use until they expire: they are counted.
CREATE TABLE team_invites (
  hash TEXT NOT NULL PRIMARY KEY,
  team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  email_key TEXT NOT NULL,
  invited_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  used INTEGER NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX team_invites_by ON team_invites (invited_by, created_at);
CREATE INDEX team_invites_email ON team_invites (email_key, created_at);
-- Who may sign room tokens. The secrets are kept as they are: checking a signature needs them.
CREATE TABLE auth_api_keys (
  api_key TEXT NOT NULL PRIMARY KEY,
  secret TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
