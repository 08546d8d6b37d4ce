/* SIGHUP for modules: files that may have changed are read again. */
#ifndef CARDEA_RELOAD_H
#define CARDEA_RELOAD_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_RELOAD "cardea.reload/1"

/* The module's side. */
typedef struct cardea_reload {
  size_t size;
  /* [control] Must not block for long; what is wrong goes to the log and changes nothing. */
  void (*reload)(void* instance);
} cardea_reload_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
