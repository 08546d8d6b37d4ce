/* Blocking work off the control thread: SQL, password hashing, outgoing HTTP. */
#ifndef CARDEA_EXECUTOR_H
#define CARDEA_EXECUTOR_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_EXECUTOR "cardea.executor/1"

/* The host's side. */
typedef struct cardea_executor {
  size_t size;
  /* [any] Runs work(argument) on a thread of the pool [work], then done(argument) [control]. 0, or
   * -1 when the queue is full: then neither is called. At the host's end queued work is dropped,
   * and done is not called for it. */
  int (*run)(void* context, void (*work)(void* argument), void (*done)(void* argument),
             void* argument);
  /* [any] Runs call(argument) [control], soon and not within this call: how a thread of a module's
   * own comes back. 0, or -1 when too much waits. At the host's end it may not come. */
  int (*post)(void* context, void (*call)(void* argument), void* argument);
} cardea_executor_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
