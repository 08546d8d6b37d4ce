/* WebSockets of modules: an upgrade comes as a REST call, and the module makes it a socket. */
#ifndef CARDEA_SOCKETS_H
#define CARDEA_SOCKETS_H

#include <cardea/rest.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_SOCKETS "cardea.sockets/1"

/* One WebSocket, never zero, never used twice. */
typedef uint64_t cardea_socket_t;

/* The module's side. All calls [control]; texts are borrowed. */
typedef struct cardea_socket_events {
  size_t size;
  /* The handshake is done: texts may be sent. */
  void (*opened)(void* argument, cardea_socket_t socket);
  void (*message)(void* argument, cardea_socket_t socket, cardea_str_t text);
  /* The last call for this socket, also when it never opened. */
  void (*closed)(void* argument, cardea_socket_t socket);
} cardea_socket_events_t;

/* The host's side. All calls [control]; texts are copied. A socket that is over is ignored. */
typedef struct cardea_sockets {
  size_t size;
  /* Answers `call` with the handshake. Zero when it is no upgrade or is over: then the call is
   * still to be answered. `events` and `argument` live as long as the module. */
  cardea_socket_t (*accept)(void* context, cardea_rest_call_t call,
                            const cardea_socket_events_t* events, void* argument);
  /* A client that reads too slowly is cut; closed() follows. */
  void (*send)(void* context, cardea_socket_t socket, cardea_str_t text);
  /* What was sent before is delivered first if the client reads; closed() follows. Codes of RFC
   * 6455 7.4. */
  void (*close)(void* context, cardea_socket_t socket, int code, cardea_str_t reason);
} cardea_sockets_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
