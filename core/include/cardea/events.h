/* The event stream of Janus's event handlers: what the core and the plugins tell, and the modules
 * that carry it away. */
#ifndef CARDEA_EVENTS_H
#define CARDEA_EVENTS_H

#include <cardea/feature.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_EVENTS "cardea.events/1" /* the host's side, for whoever has news */
#define CARDEA_EVENT_SINK                                                \
  "cardea.event_sink/1" /* the module's side of one that takes them away \
                         */

/* Janus's numbers; a mask is their sum. */
typedef enum cardea_event_kind {
  CARDEA_EVENT_SESSION = 1,
  CARDEA_EVENT_HANDLE = 2,
  CARDEA_EVENT_EXTERNAL = 4,
  CARDEA_EVENT_JSEP = 8,
  CARDEA_EVENT_WEBRTC = 16,
  CARDEA_EVENT_MEDIA = 32,
  CARDEA_EVENT_PLUGIN = 64,
  CARDEA_EVENT_TRANSPORT = 128,
  CARDEA_EVENT_CORE = 256
} cardea_event_kind_t;

/* The host's side. */
typedef struct cardea_events {
  size_t size;
  /* [control] 1 when some sink takes plugin events: an event that nobody wants need not be made. */
  int (*wanted)(void* context);
  /* [control] An event of this plugin (type 64); `handle` 0: of none. `data` is a JSON object. */
  void (*emit)(void* context, cardea_handle_t handle, cardea_str_t data);
  /* [any] For sinks: counts what became of events ("sent", "lost", ...) for /metrics as
   * cardea_event_sink_total{module,what}; at most 16 literals per module. */
  void (*count)(void* context, const char* what, uint64_t events);
  /* [any] For sinks: the bound on waiting events was reached, one was dropped. Counted as
   * cardea_limit_hits_total{limit="<module>_queue"}. */
  void (*overflow)(void* context);
} cardea_events_t;

/* The module's side. All calls [control], must not block. */
typedef struct cardea_event_sink {
  size_t size;
  /* The kinds that it takes, as a mask; asked after create() and after each query(). */
  uint32_t (*mask)(void* instance);
  /* One whole event: {"emitter", "type", "subtype", "timestamp", "session_id", "handle_id",
   * "opaque_id", "event"}. */
  void (*event)(void* instance, uint32_t kind, cardea_str_t json);
  /* Admin API's query_eventhandler: a JSON object in, one out by calling `write` once. Null
   * function: not answered, and `info` does not tell of it. */
  void (*query)(void* instance, cardea_str_t request, void* out,
                void (*write)(void* out, cardea_str_t json));
} cardea_event_sink_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
