/* A transport: carries JSON texts (and plain HTTP requests) between clients and the host. It parses
 * no Janus message. */
#ifndef CARDEA_TRANSPORT_H
#define CARDEA_TRANSPORT_H

#include <cardea/http.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_TRANSPORT "cardea.transport/1"           /* the module's side */
#define CARDEA_TRANSPORT_HOST "cardea.transport_host/1" /* the host's side */

/* One connection (WebSocket) or one HTTP exchange, chosen by the transport, never zero, never used
 * twice. */
typedef uint64_t cardea_client_t;

typedef struct cardea_client_info {
  size_t size;
  cardea_str_t address; /* IP without port */
  int pushes; /* 1: texts may be sent at any time (WebSocket); 0: each message gets one answer,
                 events are polled */
  int admin;  /* 1: came by the admin port */
  cardea_str_t ticket; /* what the host's answer 101 to an upgrade named; empty: it speaks Janus */
} cardea_client_info_t;

/* An HTTP request with "Upgrade: websocket" for a path of a module is handed to http() like any
 * other. When the answer's status is 101, this header of it is the ticket: the transport opens the
 * WebSocket and tells opened() with it. */
#define CARDEA_SOCKET_TICKET "Cardea-Socket-Ticket"

/* One JSON text from a client. session and handle come from the path where the transport has paths;
 * 0 none. */
typedef struct cardea_client_message {
  size_t size;
  cardea_client_t client;
  uint64_t session, handle; /* merged into the message; a different id inside it is an error */
  cardea_str_t text;
} cardea_client_message_t;

/* A long poll: answered by one send() with an event, with an array of up to max_events when
 * max_events > 1, or with a keepalive after the host's poll deadline. */
typedef struct cardea_client_poll {
  size_t size;
  cardea_client_t client;
  uint64_t session;
  uint32_t max_events;
  cardea_str_t apisecret, token; /* what a message would carry under these names; empty: nothing */
} cardea_client_poll_t;

/* A plain HTTP request that is not the transport's own business: /metrics, /healthz, the paths of
 * modules. */
typedef struct cardea_http_request {
  size_t size;
  /* Answered by one respond() or one stream; closed() must come when it is over, in every case. */
  cardea_client_t client;
  cardea_str_t method, path, query, body, remote_address; /* path: decoded */
  int admin;
  const cardea_http_header_t* headers; /* at most 64, names in lower case */
  size_t header_count;
  /* "https://example.org": how the client reached the server, through trusted proxies; empty when
   * its Host header is missing or no name. */
  cardea_str_t base_url;
} cardea_http_request_t;

/* The host's side. All calls [any]; texts are copied. 0, or negative when the host's mailbox is
 * full: then refuse the client. */
typedef struct cardea_transport_host {
  size_t size;
  /* Before the client's first message. */
  int (*opened)(void* context, cardea_client_t client, const cardea_client_info_t* info);
  int (*message)(void* context, const cardea_client_message_t* message);
  int (*poll)(void* context, const cardea_client_poll_t* poll);
  int (*closed)(void* context, cardea_client_t client);
  int (*http)(void* context, const cardea_http_request_t* request);
  /* 1 when the host or a module answers requests for this path (decoded): then hand them to http().
   */
  int (*http_path)(void* context, cardea_str_t path);
  /* Counts something for /metrics as cardea_transport_events_total{module,event}; at most 32 names
   * per module. */
  void (*count)(void* context, const char* event);
} cardea_transport_host_t;

/* The module's side. Calls [control], must not block: hand over to the transport's own thread. */
typedef struct cardea_transport {
  size_t size;
  /* Opens the ports. 0, or negative after an error in the log: the start stops. */
  int (*start)(void* instance);
  /* Where it listens, for the `ready` line: "ws://127.0.0.1:8188". Several are separated by spaces.
   * Borrowed. */
  cardea_str_t (*addresses)(void* instance);
  /* One text to a client; to one that does not push it is the answer that ends the exchange.
   * Unknown clients are ignored. */
  void (*send)(void* instance, cardea_client_t client, cardea_str_t text);
  void (*respond)(void* instance, cardea_client_t client, int status,
                  const cardea_http_header_t* headers, size_t header_count, cardea_str_t body);
  /* An HTTP answer without an end, as in <cardea/http.h>. Negative when the client is gone or reads
   * too slowly: the transport then cuts it. */
  int (*stream_begin)(void* instance, cardea_client_t client, const cardea_http_header_t* headers,
                      size_t header_count);
  int (*stream_write)(void* instance, cardea_client_t client, cardea_str_t chunk);
  void (*stream_end)(void* instance, cardea_client_t client);
  /* Ends a connection with a reason that the client can read; texts sent before are delivered first
   * if the client reads. */
  void (*close)(void* instance, cardea_client_t client, int code, cardea_str_t reason);
  /* Takes no new connections; open ones live on until close() or destroy. */
  void (*drain)(void* instance);
  /* Where its Admin API can be reached, as `addresses`. Null: nowhere. */
  cardea_str_t (*admin_addresses)(void* instance);
  /* Admin API's query_transport: a JSON object in, one out through `write`. Null: refused. */
  void (*query)(void* instance, cardea_str_t request, void* out,
                void (*write)(void* out, cardea_str_t json));
} cardea_transport_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
