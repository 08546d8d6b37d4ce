DROP TABLE profile_words;
DROP TABLE profiles;
