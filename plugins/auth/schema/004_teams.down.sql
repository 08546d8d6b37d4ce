DROP TABLE auth_api_keys;
DROP TABLE team_invites;
DROP TABLE team_members;
DROP TABLE teams;
