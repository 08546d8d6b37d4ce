DROP TABLE auth_backup_codes;
DROP TABLE auth_totp;
DROP TABLE auth_codes;
