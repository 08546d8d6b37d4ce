/* REST operations of a module. Each is declared once; from that the host makes the route below
 * /api/v1, the checks of access, rate, size and parameters, and its part of the OpenAPI document.
 */
#ifndef CARDEA_REST_H
#define CARDEA_REST_H

#include <cardea/abi.h>
#include <cardea/feature.h>
#include <cardea/http.h>
#include <cardea/identity.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_REST "cardea.rest/1"           /* the module's side */
#define CARDEA_REST_HOST "cardea.rest_host/1" /* the host's side */

/* One request under way, answered once by respond() or fail(). Zero is none. */
typedef uint64_t cardea_rest_call_t;

/* How often somebody may ask. Operations with the same name share the count. */
typedef struct cardea_rest_limit {
  const char* name; /* "login" */
  uint32_t count;   /* requests within `seconds`; 0: no limit */
  uint32_t seconds;
  int per_account; /* 1: counted for each principal; 0: for each address */
} cardea_rest_limit_t;

/* All texts and tables live as long as the module. */
typedef struct cardea_rest_operation {
  const char* id;     /* "auth.login": names it in the document, the log and the metrics */
  const char* method; /* "GET", "POST", "PUT", "PATCH" or "DELETE" */
  const char* path;   /* below /api/v1: "/rooms/{id}"; what stands in braces is a parameter */
  /* Further "METHOD /whole/path", each behind the name of the replaced system that had it ("hopp
   * POST /api/sign-in"); served when `[compat] aliases` holds that name, and always when it is "*".
   * Null-terminated, or null. */
  const char* const* aliases;
  cardea_rank_t access; /* the least rank */
  /* Of the path; of the query for GET and DELETE; of the JSON body (an object) otherwise, and for
   * DELETE too. In an ARRAY a single field with an empty name declares the elements themselves.
   * What is not declared does not reach the module. */
  const cardea_param_t* params;
  size_t param_count;
  const cardea_rest_limit_t* limits;
  size_t limit_count;
  uint32_t max_body; /* bytes; 0: [http] max_rest_body */
  /* Content types separated by '|' ("image/png|image/jpeg"): the body is handed over as it is.
   * Null: JSON. "form": JSON or application/x-www-form-urlencoded. */
  const char* body_types;
  int query_token;              /* 1: the token may stand in the query: upgrades, event streams */
  int uncounted;                /* 1: not among [limits] rest_per_minute */
  int status;                   /* of success: 200, 201, 202, 204, 302 */
  const cardea_param_t* result; /* an OBJECT or an ARRAY with its fields; null: no body */
  const char* result_type;      /* null: application/json; else the body's content type */
  const char* help;             /* one sentence */
} cardea_rest_operation_t;

/* Borrowed for the call. */
typedef struct cardea_rest_request {
  size_t size;
  cardea_rest_call_t call;
  const cardea_rest_operation_t* operation;
  cardea_str_t params;                 /* a JSON object that passed the declaration */
  const cardea_principal_t* principal; /* null: nobody */
  cardea_str_t remote_address;
  cardea_str_t request_id; /* X-Request-ID */
  cardea_str_t base_url;   /* "https://example.org": how the client reached this server */
  cardea_str_t body;       /* of an operation with body_types */
  cardea_str_t body_type;
  const cardea_http_header_t* headers; /* names in lower case */
  size_t header_count;
} cardea_rest_request_t;

/* The module's side. */
typedef struct cardea_rest {
  size_t size;
  const cardea_rest_operation_t* operations;
  size_t operation_count;
  /* [control] May answer later. */
  void (*call)(void* instance, const cardea_rest_request_t* request);
  /* [control] The client of a stream went away: write no more. Null where no stream is made. */
  void (*gone)(void* instance, cardea_rest_call_t call);
} cardea_rest_t;

/* The host's side. All calls [control]; `context` is cardea_host_t.context; texts are copied. A
 * call that is over is ignored. */
typedef struct cardea_rest_host {
  size_t size;
  /* status 0: the declared one. The body is JSON unless `headers` hold a Content-Type. */
  void (*respond)(void* context, cardea_rest_call_t call, int status,
                  const cardea_http_header_t* headers, size_t header_count, cardea_str_t body);
  /* An error as RFC 9457 has it. `code` is for programs ("invite_required"), `detail` for people;
   * `more` is null or a JSON object whose members are added. */
  void (*fail)(void* context, cardea_rest_call_t call, int status, cardea_str_t code,
               cardea_str_t detail, cardea_str_t more, const cardea_http_header_t* headers,
               size_t header_count);
  /* An answer without an end (Server-Sent Events), as in <cardea/http.h>: 0, or negative when the
   * client is gone or reads too slowly; then the call is over. */
  int (*stream_begin)(void* context, cardea_rest_call_t call, const cardea_http_header_t* headers,
                      size_t header_count);
  int (*stream_write)(void* context, cardea_rest_call_t call, cardea_str_t chunk);
  void (*stream_end)(void* context, cardea_rest_call_t call);
} cardea_rest_host_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
