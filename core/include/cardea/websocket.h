/* WebSocket upgrades that arrive on the port of another transport. */
#ifndef CARDEA_WEBSOCKET_H
#define CARDEA_WEBSOCKET_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_WEBSOCKET_UPGRADE "cardea.websocket_upgrade/1"

/* The module's side; the table lives as long as the module. */
typedef struct cardea_websocket_upgrade {
  size_t size;
  void* instance;
  /* [any] Takes over a connected stream socket on which nothing has been read yet; the upgrade
   * request may be waiting in it. `address` is the client's IP, `ticket` as in
   * cardea_client_info_t. Negative when it is not taken: the socket is still the caller's. */
  int (*adopt)(void* instance, int fd, cardea_str_t address, cardea_str_t ticket);
} cardea_websocket_upgrade_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
