/* A feature plugin: what it declares, what the host calls, what it may ask of the host. */
#ifndef CARDEA_FEATURE_H
#define CARDEA_FEATURE_H

#include <cardea/abi.h>
#include <cardea/sdp.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_FEATURE "cardea.feature/1"           /* the module's side */
#define CARDEA_FEATURE_HOST "cardea.feature_host/1" /* the host's side */

/* A handle: one client attached to one feature. Zero is none. */
typedef uint64_t cardea_handle_t;
/* One message under way, to be answered once by reply() or any number of times by event(). Zero is
 * none. */
typedef uint64_t cardea_request_id_t;

typedef enum cardea_param_type {
  CARDEA_PARAM_ANY = 0,
  CARDEA_PARAM_BOOL = 1,
  CARDEA_PARAM_INT = 2,    /* within min and max */
  CARDEA_PARAM_STRING = 3, /* at most max bytes when max > 0 */
  CARDEA_PARAM_ID = 4,     /* an integer 1 .. 2^53-1; 0 too when min is 0 and max is not */
  CARDEA_PARAM_ID_OR_STRING = 5,
  CARDEA_PARAM_OBJECT = 6, /* its members by `fields` when given */
  /* at most max elements when max > 0; each an object by `fields` when given, or what a single
   * field with an empty name declares */
  CARDEA_PARAM_ARRAY = 7
} cardea_param_type_t;

typedef struct cardea_param {
  const char* name;
  cardea_param_type_t type;
  int required; /* 1: absent is an error */
  int64_t min, max;
  const struct cardea_param* fields;
  size_t field_count;
  const char* help;
} cardea_param_t;

/* Who may call an operation when no policy module says more. */
typedef enum cardea_access {
  CARDEA_ACCESS_ANYONE = 0,
  /* Makes or enters something that others see: anonymous clients only where `[janus] open` says so.
   */
  CARDEA_ACCESS_ENTER = 1,
  /* Destructive or administrative; the feature checks its own secrets. */
  CARDEA_ACCESS_MANAGE = 2
} cardea_access_t;

/* One request that a feature answers. From this come validation, the guard, documentation and the
 * fuzzer's grammar. */
typedef struct cardea_operation {
  const char* name; /* value of "request" in the message */
  /* Only for handles with this role (set by set_role); null: for any. The same name may stand once
   * per role. */
  const char* role;
  int synchronous; /* 1: answered by reply() before message() returns; 0: acknowledged, answered by
                      event() */
  cardea_access_t access;
  const cardea_param_t* params;
  size_t param_count;
  const char* help;
} cardea_operation_t;

/* The numbers with which this feature reports errors that the host finds:
 * {"<event_key>":"event","error_code":N,"error":"..."} */
typedef struct cardea_error_codes {
  int no_message;      /* the body is missing */
  int invalid_request; /* no such operation */
  int wrong_role;      /* a handle without a role asks for an operation of some role; 0: as
                          invalid_request */
  int missing_element;
  int invalid_element;
  int unauthorized; /* refused by the guard */
  int internal;     /* the feature failed: exception or no answer */
} cardea_error_codes_t;

typedef struct cardea_request {
  size_t size;
  cardea_request_id_t id;
  const cardea_operation_t*
      operation;      /* null: the feature declared none, or default_operation is off */
  cardea_str_t body;  /* a JSON object that passed its declaration */
  cardea_jsep_t jsep; /* parsed; type CARDEA_JSEP_NONE without one */
} cardea_request_t;

/* One thing that the media core saw on a handle's peer; rates are low, all on control. */
typedef enum cardea_media_event_type {
  CARDEA_MEDIA_UP = 0, /* the peer is connected: ICE and DTLS done */
  CARDEA_MEDIA_DOWN =
      1, /* it is gone; `text` says why. Routes from and to it are removed already. */
  CARDEA_MEDIA_FLOW = 2, /* media on `mline` starts (value 1) or stopped (value 0) arriving */
  CARDEA_MEDIA_SLOW = 3, /* many losses on `mline`; value = lost packets of the last second */
  /* What goes out on `mline` is another layer now: value = the simulcast or spatial layer,
   * `temporal` = the temporal one; -1 where there are none. */
  CARDEA_MEDIA_LAYER = 4,
  /* Who sends on `mline` began (value 1) or ended (value 0) to talk; see
   * cardea_source_settings_t. */
  CARDEA_MEDIA_TALKING = 5,
  CARDEA_MEDIA_DATA_UP = 6,  /* data channels can be used: the SCTP association stands */
  CARDEA_MEDIA_DATA_ROOM = 7 /* after a send was refused for want of room: there is some again */
} cardea_media_event_type_t;

typedef struct cardea_media_event {
  size_t size;
  cardea_media_event_type_t type;
  uint32_t mline;
  int64_t value;
  int uplink; /* SLOW: 1 when the client's own sending is meant */
  cardea_str_t text;
  int32_t temporal; /* LAYER */
  double level;     /* TALKING: mean of the last packets in -dBov, 0 loudest, 127 silence */
} cardea_media_event_t;

/* One message of a data channel. */
typedef struct cardea_data_message {
  size_t size;
  cardea_str_t label;    /* of the channel */
  cardea_str_t protocol; /* its subprotocol, usually empty */
  int binary;
  cardea_str_t payload;
} cardea_data_message_t;

/* The module's side. All calls [control]. `handle_object` is what attach returned. */
typedef struct cardea_feature {
  size_t size;
  const char* event_key; /* "videoroom": the member that names the kind of answer */
  const cardea_operation_t* operations;
  size_t operation_count;
  cardea_error_codes_t codes;
  /* 1: the "request" member may be missing; message() then gets operation = the first of the table
   * (EchoTest's form). */
  int request_optional;

  /* Null refuses the attach. */
  void* (*attach)(void* instance, cardea_handle_t handle);
  /* The last call for this handle: also when its session ends. Its routes and its peer are gone
   * after it. */
  void (*detach)(void* handle_object);
  void (*message)(void* handle_object, const cardea_request_t* request);
  void (*media)(void* handle_object, const cardea_media_event_t* event);
  /* JSON object for the admin API, written by calling `write` once; null function: nothing to tell.
   */
  void (*describe)(void* handle_object, void* sink, void (*write)(void* sink, cardea_str_t json));
  /* A message came on one of the peer's data channels. Null: they are dropped, but for routes. */
  void (*data)(void* handle_object, const cardea_data_message_t* message);
  /* What `event_key` says in errors that the host finds in the parameters of a known operation;
   * null: "event". */
  const char* error_word;
} cardea_feature_t;

/* The host's side. All calls [control]; `context` is cardea_host_t.context. */
typedef struct cardea_feature_host {
  size_t size;
  /* Answers a synchronous operation: the client gets "success" with `body` as plugindata. Once per
   * request. */
  void (*reply)(void* context, cardea_request_id_t request, cardea_str_t body);
  /* An event to the handle's client. `request` (or 0) lends its transaction. `plan` (or null) adds
   * a JSEP: its type says offer or answer; the host writes the SDP and makes the peer. Without a
   * plan the offer that came with `request` is given up, unless it was answered before. Returns 0,
   * or a negative CARDEA_EVENT_... error and then nothing was sent. Events made inside message()
   * leave after the ack. */
  int (*event)(void* context, cardea_handle_t handle, cardea_request_id_t request,
               cardea_str_t body, const cardea_jsep_plan_t* plan);
  /* Applies an answer that came with `request` to the offer made before. 0, or negative and nothing
   * has changed. */
  int (*accept_answer)(void* context, cardea_request_id_t request);
  /* Closes the handle's peer; CARDEA_MEDIA_DOWN follows with `reason`. */
  void (*hangup)(void* context, cardea_handle_t handle, cardea_str_t reason);
  /* The role that operations are looked up by; empty takes it away. */
  void (*set_role)(void* context, cardea_handle_t handle, const char* role);
  /* The negotiated m-lines of the handle's peer after the last offer/answer; borrowed until the
   * next call. */
  const cardea_mline_t* (*mlines)(void* context, cardea_handle_t handle, size_t* count);
  /* 1 when the guard would let the handle's principal do `access`-class things; for decisions
   * inside an operation. */
  int (*may)(void* context, cardea_handle_t handle, cardea_access_t access);
  /* Calls `fire(argument)` once after `milliseconds`; returns an id for timer_cancel. */
  uint64_t (*timer_start)(void* context, uint32_t milliseconds, void (*fire)(void* argument),
                          void* argument);
  void (*timer_cancel)(void* context, uint64_t timer);
} cardea_feature_host_t;

#define CARDEA_EVENT_BAD_PLAN \
  (-1) /* the plan does not fit the offer, or there is no offer to answer */
#define CARDEA_EVENT_NO_HANDLE (-2) /* the handle is gone */
#define CARDEA_EVENT_BUSY (-3)      /* an own offer is still unanswered */
#define CARDEA_EVENT_NO_MEDIA (-4)  /* the media core has no place for another peer */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
