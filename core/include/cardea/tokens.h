/* Tokens that a secret signs, in Janus's form: "<expiry>,<realm>[,<word>...]:<base64 of
 * HMAC-SHA1>". */
#ifndef CARDEA_TOKENS_H
#define CARDEA_TOKENS_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_TOKENS "cardea.tokens/1"

/* The host's side. All calls [control]. */
typedef struct cardea_tokens {
  size_t size;
  /* 1 when a secret for signed tokens is configured. */
  int (*signing)(void* context);
  /* 1 when the token's signature is right, it has not expired, it is for this realm ("janus", or a
   * plugin's id), and `word` is empty or among its words ("room=1234"). */
  int (*valid)(void* context, cardea_str_t token, cardea_str_t realm, cardea_str_t word);
} cardea_tokens_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
