DROP TABLE user_blocks;
DROP TABLE user_avatars;
DROP TABLE user_settings;
