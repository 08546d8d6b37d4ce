/* Mail to people: what the module that sends it offers. */
#ifndef CARDEA_MAIL_H
#define CARDEA_MAIL_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The id that mail modules answer to, for `requires`, and their interface. */
#define CARDEA_MAIL_MODULE "cardea.mail"
#define CARDEA_MAIL "cardea.mail/1"

typedef struct cardea_mail {
  size_t size;
  void* instance; /* goes first into every call */
  /* [any] 1 when a server for mail is configured. */
  int (*ready)(void* instance);
  /* [control] Sends a plain text later, with retries. `to` is one address. 0, or -1 when mail is
   * off, the address is malformed or too much waits. Texts are copied and never logged. */
  int (*send)(void* instance, cardea_str_t to, cardea_str_t subject, cardea_str_t text);
} cardea_mail_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
