/* Words on the command line that a module answers to: `cardea admin create ...`. They run in a
 * process of their own that serves nothing, beside a running server or without one. */
#ifndef CARDEA_COMMAND_H
#define CARDEA_COMMAND_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_COMMANDS "cardea.commands/1"

/* Ends a command, once. `code` is the process's exit code; `text` goes to standard output, or to
 * standard error when the code is not 0. [control] */
typedef void (*cardea_command_finish_t)(void* call, int code, cardea_str_t text);

typedef struct cardea_command {
  const char* name;      /* one or more words: "admin create" */
  const char* arguments; /* for people: "NAME [--email ADDRESS]" */
  const char* help;      /* one sentence */
  /* [control] With the words behind the name, borrowed; all tables are up to date. Calls `finish`
   * then or later. */
  void (*run)(void* instance, const cardea_str_t* arguments, size_t count, void* call,
              cardea_command_finish_t finish);
} cardea_command_t;

/* The module's side. */
typedef struct cardea_commands {
  size_t size;
  const cardea_command_t* commands; /* constant data */
  size_t count;
} cardea_commands_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
