DROP TABLE things;
DROP TABLE log;
DROP FUNCTION log_thing();
