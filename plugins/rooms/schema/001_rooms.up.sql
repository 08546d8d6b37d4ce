-- Rooms. Times are seconds since 1970; 0 as a number of people or bit/s means no bound.
CREATE TABLE rooms (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  slug TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  visibility TEXT NOT NULL,
  owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
  password_hash TEXT NOT NULL,
  topic TEXT NOT NULL,
  description TEXT NOT NULL,
  capacity BIGINT NOT NULL,
  max_publishers BIGINT NOT NULL,
  bitrate BIGINT NOT NULL,
  locked INTEGER NOT NULL,
  lobby INTEGER NOT NULL,
  guests INTEGER NOT NULL,
  slow_mode BIGINT NOT NULL,
  janus_room BIGINT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  last_active BIGINT NOT NULL
);
CREATE INDEX rooms_active ON rooms (last_active, id);
-- Who has more than everybody may, or is let in where it takes an invitation.
CREATE TABLE room_enrollments (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (room_id, user_id)
);
CREATE INDEX room_enrollments_user ON room_enrollments (user_id);
-- Whom a ban is about: an account or guest, and perhaps the address and the cookie of a guest.
CREATE TABLE room_bans (
  id TEXT NOT NULL PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  username TEXT NOT NULL,
  address TEXT NOT NULL,
  cookie TEXT NOT NULL,
  reason TEXT NOT NULL,
  banned_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX room_bans_room ON room_bans (room_id, created_at);
CREATE TABLE room_audit (
  id TEXT NOT NULL PRIMARY KEY,
  room_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  target TEXT NOT NULL,
  act TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX room_audit_room ON room_audit (room_id, created_at);
-- What signs the cookies of guests.
CREATE TABLE room_keys (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
