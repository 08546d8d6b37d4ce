/* Who is here: what the module of presence offers to others. */
#ifndef CARDEA_PRESENCE_H
#define CARDEA_PRESENCE_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_PRESENCE_MODULE "cardea.plugin.presence" /* for `requires` */
#define CARDEA_PRESENCE "cardea.presence/1"

/* All calls [control]; texts are copied. */
typedef struct cardea_presence {
  size_t size;
  void* instance; /* goes first into every call */
  /* 1 when `viewer` sees the user as here: on any node, not invisible, and within the scope. */
  int (*is_online)(void* instance, cardea_str_t viewer, cardea_str_t user);
  /* The user is in a room of this node from now on, until leave(); no word to anybody. */
  void (*enter)(void* instance, cardea_str_t user, cardea_str_t name, cardea_str_t room);
  void (*leave)(void* instance, cardea_str_t user, cardea_str_t room);
  /* Calls `each` for everybody in that room, on all nodes, each once; texts are borrowed. */
  void (*members)(void* instance, cardea_str_t room, void* sink,
                  void (*each)(void* sink, cardea_str_t user, cardea_str_t name));
} cardea_presence_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
