CREATE TABLE words (
  word TEXT NOT NULL PRIMARY KEY,
  uses BIGINT NOT NULL CHECK (uses >= 0)
);
CREATE TABLE numbers (name TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL);
INSERT INTO numbers (name, number) VALUES ('counter', 0);
