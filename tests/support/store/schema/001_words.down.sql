DROP TABLE numbers;
DROP TABLE words;
