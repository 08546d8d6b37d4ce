/* TLS ends here: a service that turns encrypted connections into plain ones for any transport. */
#ifndef CARDEA_TLS_H
#define CARDEA_TLS_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_TLS "cardea.tls/1"

/* The module's side; the table lives as long as the module. */
typedef struct cardea_tls {
  size_t size;
  void* instance;
  /* [control] 1 when there is a certificate. Before that terminate() refuses. */
  int (*ready)(void* instance);
  /* [control] `[tls] port`: where the public HTTP listener speaks TLS. */
  int (*port)(void* instance);
  /* [any] Takes over a connected TCP socket. When the handshake is done `plain` is called with a
   * stream socket that carries the plain bytes, and belongs to the callee; when it fails, with -1.
   * Called exactly once, on a thread of the service, which must not be blocked. Negative when it is
   * not taken: the socket is still the caller's, and `plain` is not called. */
  int (*terminate)(void* instance, int fd, void (*plain)(void* argument, int fd), void* argument);
  /* [any] Bytes that have gone to a plain socket that was given away; 0 for any other. */
  uint64_t (*received)(void* instance, int fd);
} cardea_tls_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
