/* A word to modules that their tables are there: for what they load from them. */
#ifndef CARDEA_START_H
#define CARDEA_START_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_START "cardea.start/1"

/* The module's side. */
typedef struct cardea_start {
  size_t size;
  /* [control] Once, after every module's create() and with all tables up to date, before anything
   * is served. Must not block. */
  void (*start)(void* instance);
} cardea_start_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
