DROP TABLE room_keys;
DROP TABLE room_audit;
DROP TABLE room_bans;
DROP TABLE room_enrollments;
DROP TABLE rooms;
