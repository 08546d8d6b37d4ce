DROP TABLE auth_external_accounts;
DROP TABLE auth_first_account;
DROP TABLE users;
