/* A relational database for modules. One service module answers; `[database] url` says which, and
 * that module finds the section [database] of the core in its configuration. */
#ifndef CARDEA_DATABASE_H
#define CARDEA_DATABASE_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The id that database modules answer to, for `requires`, and their interface. */
#define CARDEA_DATABASE_MODULE "cardea.database"
#define CARDEA_DATABASE "cardea.database/1"

typedef enum cardea_sql_type {
  CARDEA_SQL_NULL = 0,
  CARDEA_SQL_INTEGER = 1, /* also booleans, as 0 and 1 */
  CARDEA_SQL_REAL = 2,
  CARDEA_SQL_TEXT = 3,
  CARDEA_SQL_BLOB = 4
} cardea_sql_type_t;

typedef struct cardea_sql_value {
  cardea_sql_type_t type;
  int64_t integer;
  double real;
  cardea_str_t bytes; /* TEXT in UTF-8 without NUL, BLOB; borrowed for the call */
} cardea_sql_value_t;

/* How a statement or a transaction ended. */
typedef enum cardea_sql_status {
  CARDEA_SQL_OK = 0,
  CARDEA_SQL_CONSTRAINT = 1,  /* unique, foreign key, check, not null: the caller's data */
  CARDEA_SQL_UNAVAILABLE = 2, /* no connection, or too busy: nothing was changed */
  CARDEA_SQL_CONFLICT = 3,    /* with another transaction; run() repeats it by itself */
  CARDEA_SQL_UNKNOWN = 4,     /* the connection was lost during the commit: it may have happened */
  CARDEA_SQL_ERROR = 5        /* everything else: a fault of the program, details in the log */
} cardea_sql_status_t;

/* One transaction under way. Valid on the thread and for the time of `work`. */
typedef struct cardea_transaction cardea_transaction_t;

typedef struct cardea_sql_result {
  size_t size;
  cardea_sql_status_t status;
  int64_t changed;    /* rows that the statement inserted, updated or deleted */
  cardea_str_t error; /* never for clients; of a CONSTRAINT its name (Postgres) or its columns
                         (SQLite); borrowed until the next statement */
} cardea_sql_result_t;

/* One row of an answer; `values` are borrowed for the call. Non-zero: no more rows are wanted. */
typedef int (*cardea_sql_row_t)(void* sink, const cardea_sql_value_t* values, size_t count);

/* What the module of the database offers. */
typedef struct cardea_database {
  size_t size;
  void* instance; /* goes first into every call */
  /* "sqlite" or "postgres": for the few statements that differ. */
  const char* dialect;

  /* [control] Runs work(argument, transaction) on a thread of the executor [work] inside one
   * serializable transaction, then done(argument, status) [control]. work returns 0 to commit, a
   * positive number to roll back (then `status` is OK as well), a negative one for a failure of its
   * own (ERROR). After a statement that failed the end is a roll-back whatever work returns, and
   * `status` is that of the statement. After a CONFLICT work runs again, at most ten times, so it
   * sets its results anew. Returns 0, or -1 when too many wait: then neither is called. At the
   * host's end what has not begun is dropped, and done is not called for it. */
  int (*run)(void* instance, int (*work)(void* argument, cardea_transaction_t* transaction),
             void (*done)(void* argument, cardea_sql_status_t status), void* argument);

  /* [work] One statement with $1 to $n, in the subset that SQLite and Postgres share. After one
   * that failed, all further ones of the transaction fail with its status. `row` may be null. */
  void (*execute)(cardea_transaction_t* transaction, cardea_str_t sql,
                  const cardea_sql_value_t* parameters, size_t parameter_count,
                  cardea_sql_row_t row, void* sink, cardea_sql_result_t* result);

  /* [work] Statements without parameters and answers, separated by semicolons, as migrations have
   * them. None may begin or end a transaction. */
  void (*script)(cardea_transaction_t* transaction, cardea_str_t sql, cardea_sql_result_t* result);

  /* [any] 0 while the last attempt to reach the database failed. Only run() makes attempts. */
  int (*ready)(void* instance);
} cardea_database_t;

/* A module's side: its tables. The host brings them up to date after all modules' create() and
 * before anything is served, each step in a transaction of its own, under a lock that other nodes
 * respect. The module names the database in its `requires`. */
#define CARDEA_SCHEMA "cardea.schema/1"

typedef struct cardea_migration {
  const char* name; /* "accounts"; the first of the list is step 1, and so on */
  const char* up;   /* statements separated by semicolons */
  const char* down; /* null: there is no way back */
} cardea_migration_t;

typedef struct cardea_schema {
  size_t size;
  const char* module; /* the name in the history: "auth" */
  /* [control] All steps for a dialect, in order; constant data. */
  const cardea_migration_t* (*migrations)(const char* dialect, size_t* count);
} cardea_schema_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
