CREATE TABLE things (id BIGINT PRIMARY KEY, data BYTEA, weight DOUBLE PRECISION, word TEXT REFERENCES words (word));
CREATE TABLE log (text TEXT NOT NULL);
CREATE FUNCTION log_thing() RETURNS trigger AS $$
BEGIN
  INSERT INTO log (text) VALUES ('thing; ' || new.id);
  RETURN new;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER things_logged AFTER INSERT ON things FOR EACH ROW EXECUTE FUNCTION log_thing();
