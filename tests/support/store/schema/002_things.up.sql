CREATE TABLE things (id INTEGER PRIMARY KEY, data BLOB, weight REAL, word TEXT REFERENCES words (word)) STRICT;
CREATE TABLE log (text TEXT NOT NULL) STRICT;
CREATE TRIGGER things_logged AFTER INSERT ON things BEGIN
  INSERT INTO log (text) VALUES ('thing; ' || new.id);
END;
