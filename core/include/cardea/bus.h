/* What nodes share for a short time: messages, keys that expire, counters. One service module
 * answers; `[bus] url` says which ("memory:" is one process alone), and that module finds the
 * section [bus] of the core in its configuration. */
#ifndef CARDEA_BUS_H
#define CARDEA_BUS_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The id that bus modules answer to, for `requires`, and their interface. */
#define CARDEA_BUS_MODULE "cardea.bus"
#define CARDEA_BUS "cardea.bus/1"

#define CARDEA_BUS_MAX_KEY 256u /* bytes of a key or a channel's name, at least 1 */
#define CARDEA_BUS_MAX_VALUE 65536u

typedef enum cardea_bus_status {
  CARDEA_BUS_OK = 0,
  CARDEA_BUS_ABSENT = 1,      /* get, remove: no such key. set_if_absent: there was one */
  CARDEA_BUS_UNAVAILABLE = 2, /* no connection, or no room: it may or may not have happened */
  CARDEA_BUS_REFUSED = 3      /* a key or value out of bounds; add to what is no number */
} cardea_bus_status_t;

typedef struct cardea_bus_answer {
  size_t size;
  cardea_bus_status_t status;
  cardea_str_t value; /* of get; borrowed for the call */
  int64_t number;     /* of add: the counter after it */
  int64_t ttl_ms;     /* of get and add: what is left; -1 without an end */
} cardea_bus_answer_t;

/* [control] Comes once for each call that returned 0, never within the call. Not at the host's end.
 */
typedef void (*cardea_bus_done_t)(void* argument, const cardea_bus_answer_t* answer);

/* [control] A message on a channel, also from this node itself. Borrowed. */
typedef void (*cardea_bus_message_t)(void* argument, cardea_str_t channel, cardea_str_t message);

/* What the module of the bus offers. All calls [control]; texts are copied; `done` may be null.
 * Those with `done` return 0, or -1 when too much waits: then nothing happens. */
typedef struct cardea_bus {
  size_t size;
  void* instance; /* goes first into every call */
  /* At most once to each node that listens; lost while a connection is. */
  int (*publish)(void* instance, cardea_str_t channel, cardea_str_t message, cardea_bus_done_t done,
                 void* argument);
  /* A number for unsubscribe, 0 when the name is out of bounds or there are too many. `message` is
   * called until unsubscribe(), which the module calls before its end. */
  uint64_t (*subscribe)(void* instance, cardea_str_t channel, cardea_bus_message_t message,
                        void* argument);
  void (*unsubscribe)(void* instance, uint64_t subscription);

  /* ttl_ms: 0 for none. */
  int (*set)(void* instance, cardea_str_t key, cardea_str_t value, int64_t ttl_ms,
             cardea_bus_done_t done, void* argument);
  int (*set_if_absent)(void* instance, cardea_str_t key, cardea_str_t value, int64_t ttl_ms,
                       cardea_bus_done_t done, void* argument);
  int (*get)(void* instance, cardea_str_t key, cardea_bus_done_t done, void* argument);
  int (*remove)(void* instance, cardea_str_t key, cardea_bus_done_t done, void* argument);
  /* Adds to a counter; one that is new begins at 0 and ends after ttl_ms, which later calls do not
   * move. */
  int (*add)(void* instance, cardea_str_t key, int64_t amount, int64_t ttl_ms,
             cardea_bus_done_t done, void* argument);

  /* 1 while the connection stands. */
  int (*ready)(void* instance);
} cardea_bus_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
