CREATE TABLE profiles (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  expertise TEXT NOT NULL,
  compute TEXT NOT NULL,
  p2p_uri_hint TEXT NOT NULL,
  is_public INTEGER NOT NULL,
  discoverable INTEGER NOT NULL,
  show_compute INTEGER NOT NULL,
  updated_at BIGINT NOT NULL
);
-- The words that a profile is found by. Of a skill with its level, of other texts with 1.
CREATE TABLE profile_words (
  word TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES profiles (user_id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  PRIMARY KEY (word, user_id)
);
CREATE INDEX profile_words_user ON profile_words (user_id);
