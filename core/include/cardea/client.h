/* A Janus client inside the server: a module that speaks the Janus API to other modules' features
 * as any client does, without a connection. */
#ifndef CARDEA_CLIENT_H
#define CARDEA_CLIENT_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_CLIENT "cardea.client/1"

typedef uint64_t cardea_inner_client_t; /* zero is none */

/* The host's side. All calls [control]; texts are copied. */
typedef struct cardea_client_host {
  size_t size;
  /* A new client; `text` gets every answer and event, always from the event loop, never while one
   * of these functions or any other call of the module runs. It needs neither API secret nor token,
   * its sessions never time out and cannot be claimed, and it may do whatever Janus allows anybody:
   * the module answers for whom it acts. Zero when there are too many. */
  cardea_inner_client_t (*open)(void* context, void (*text)(void* argument, cardea_str_t json),
                                void* argument);
  /* One Janus message; it is looked at after the module's call is over. 0, or -1 for an unknown
   * client and when too many messages wait. A client that the host closed (the server ends) is
   * unknown. */
  int (*send)(void* context, cardea_inner_client_t client, cardea_str_t json);
  /* Ends it with all its sessions; no text comes after. */
  void (*close)(void* context, cardea_inner_client_t client);
} cardea_client_host_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
