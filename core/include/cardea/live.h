/* Events to people's devices as they happen, and what these say in return: what the module that
 * owns the event sockets and streams offers to others. */
#ifndef CARDEA_LIVE_H
#define CARDEA_LIVE_H

#include <cardea/abi.h>
#include <cardea/identity.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_LIVE_MODULE "cardea.plugin.live" /* for `requires` */
#define CARDEA_LIVE "cardea.live/1"

/* One device of a person, over all its connections until it has been away too long. Never zero,
 * never used twice on a node. */
typedef uint64_t cardea_live_session_t;

/* What became of a session. */
typedef enum cardea_live_change {
  CARDEA_LIVE_BEGAN = 0, /* new, and connected */
  CARDEA_LIVE_BACK = 1,  /* connected again */
  CARDEA_LIVE_AWAY = 2,  /* its connection was lost; its events are kept for a while */
  CARDEA_LIVE_LEFT = 3,  /* it said that it goes */
  CARDEA_LIVE_ENDED = 4  /* nothing more will come: it left, was away too long, or was closed */
} cardea_live_change_t;

/* The side of a module that listens. All calls [control]; everything is borrowed. Any may be null.
 */
typedef struct cardea_live_listener {
  size_t size;
  void (*changed)(void* argument, cardea_live_session_t session, const cardea_principal_t* who,
                  cardea_live_change_t change);
  /* A message of one of its types; `payload` is a JSON object. */
  void (*message)(void* argument, cardea_live_session_t session, const cardea_principal_t* who,
                  cardea_str_t type, cardea_str_t payload);
} cardea_live_listener_t;

/* All calls [control]; texts are copied. `type` is a word ("user:online"), `payload` a JSON object
 * of at most 32 KiB. */
typedef struct cardea_live {
  size_t size;
  void* instance; /* goes first into every call */
  /* @param types of messages, null-terminated, or null; compared without case and underscores. -1:
   * another module has one of them. Lives as long as the module. */
  int (*listen)(void* instance, const cardea_live_listener_t* listener, void* argument,
                const char* const* types);
  /* To one session of this node. */
  void (*to_session)(void* instance, cardea_live_session_t session, cardea_str_t type,
                     cardea_str_t payload);
  /* To all sessions of a user, to those that joined a topic, to everybody; on all nodes. */
  void (*to_user)(void* instance, cardea_str_t user, cardea_str_t type, cardea_str_t payload);
  void (*to_topic)(void* instance, cardea_str_t topic, cardea_str_t type, cardea_str_t payload);
  void (*to_all)(void* instance, cardea_str_t type, cardea_str_t payload);
  /* A session may be in 64 topics. -1: it is unknown or has too many. */
  int (*join)(void* instance, cardea_live_session_t session, cardea_str_t topic);
  void (*leave)(void* instance, cardea_live_session_t session, cardea_str_t topic);
  /* Its connections are closed with code 1008, and it ends. */
  void (*close)(void* instance, cardea_live_session_t session, cardea_str_t reason);
  /* Milliseconds since its last sign of life; -1 when it is unknown. */
  int64_t (*silence)(void* instance, cardea_live_session_t session);
} cardea_live_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
