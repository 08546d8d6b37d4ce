/* HTTP for modules: a module registers paths, whichever transport serves HTTP brings the requests.
 */
#ifndef CARDEA_HTTP_H
#define CARDEA_HTTP_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_HTTP "cardea.http/1"

/* One request under way; answered once by respond(), or by stream_begin() and stream_end(). Zero is
 * none. */
typedef uint64_t cardea_http_exchange_t;

typedef struct cardea_http_header {
  cardea_str_t name; /* of a request: lower case */
  cardea_str_t value;
} cardea_http_header_t;

typedef struct cardea_http_incoming {
  size_t size;
  cardea_http_exchange_t exchange;
  cardea_str_t method; /* upper case */
  cardea_str_t path;   /* decoded, begins with a slash */
  cardea_str_t query;  /* raw, without the question mark */
  cardea_str_t body;
  cardea_str_t remote_address; /* IP of the client; proxies that are trusted are looked through */
  const cardea_http_header_t* headers; /* at most 64 */
  size_t header_count;
  cardea_str_t
      base_url; /* "https://example.org": how the client reached the server; may be empty */
} cardea_http_incoming_t;

typedef struct cardea_http_route {
  size_t size;
  /* "GET", ..., or null for all; OPTIONS is answered by the host (CORS) unless asked for here. */
  const char* method;
  /* The path itself and everything below it; the longest prefix wins. Must begin with a slash. */
  const char* path;
  /* [control] Borrowed for the call. May answer later. */
  void (*request)(void* argument, const cardea_http_incoming_t* incoming);
  /* [control] The client went away before the answer was whole: write no more. May be null. */
  void (*gone)(void* argument, cardea_http_exchange_t exchange);
  void* argument;
  /* 1: pages of any origin may call it, because it looks at no cookie: the host answers their
   * preflights and adds the CORS headers to every answer. 0: pages of the same origin only. */
  int any_origin;
} cardea_http_route_t;

/* The host's side. All calls [control]; texts are copied. An exchange that is over is ignored. */
typedef struct cardea_http {
  size_t size;
  /* 0, or -1 when the method and path are taken. Lives as long as the module. */
  int (*route)(void* context, const cardea_http_route_t* route);
  void (*respond)(void* context, cardea_http_exchange_t exchange, int status,
                  const cardea_http_header_t* headers, size_t header_count, cardea_str_t body);
  /* An answer without an end (Server-Sent Events): 0, or negative when the client is gone or its
   * unread data is over the bound; then the stream is over. */
  int (*stream_begin)(void* context, cardea_http_exchange_t exchange,
                      const cardea_http_header_t* headers, size_t header_count);
  int (*stream_write)(void* context, cardea_http_exchange_t exchange, cardea_str_t chunk);
  void (*stream_end)(void* context, cardea_http_exchange_t exchange);
} cardea_http_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
