-- People. Times are seconds since 1970; what is compared without case has a folded twin.
CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  username TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  email TEXT,
  email_key TEXT UNIQUE,
  email_verified INTEGER NOT NULL DEFAULT 0,
  password_hash TEXT,
  is_admin INTEGER NOT NULL DEFAULT 0,
  is_moderator INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0,
  provider TEXT NOT NULL DEFAULT 'password',
  node_id TEXT UNIQUE,
  node_verified INTEGER NOT NULL DEFAULT 0,
  last_room_id TEXT,
  token_generation BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  last_seen BIGINT NOT NULL
);
CREATE INDEX users_created ON users (created_at, id);
-- The account that was the first one: the row is what two first registrations fight for.
CREATE TABLE auth_first_account (
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  user_id TEXT NOT NULL
);
-- Who somebody is at another provider.
CREATE TABLE auth_external_accounts (
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (provider, subject)
);
CREATE INDEX auth_external_accounts_user ON auth_external_accounts (user_id);
