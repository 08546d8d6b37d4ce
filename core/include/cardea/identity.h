/* Who somebody is: the service that turns a token into a principal, for REST, sockets and sessions.
 */
#ifndef CARDEA_IDENTITY_H
#define CARDEA_IDENTITY_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_IDENTITY "cardea.identity/1"

/* The bus channel on which the provider says that tokens count no more, as JSON: {"kind": "session"
 * or "user", "id": that of the login or the user}. When it is heard, resolve() refuses them. */
#define CARDEA_IDENTITY_REVOKED "auth.revoked"

/* What somebody may be, each including those before it. */
typedef enum cardea_rank {
  CARDEA_RANK_NOBODY = 0,
  CARDEA_RANK_GUEST = 1,     /* has a name, no account */
  CARDEA_RANK_USER = 2,      /* has an account */
  CARDEA_RANK_MODERATOR = 3, /* of every room of this server */
  CARDEA_RANK_ADMIN = 4
} cardea_rank_t;

typedef struct cardea_principal {
  size_t size;
  cardea_rank_t rank;
  cardea_str_t id;      /* of the user or guest, for ever the same; never empty */
  cardea_str_t name;    /* user name or a guest's handle */
  cardea_str_t session; /* of the login, the same after a refresh */
  cardea_str_t token;   /* the id (jti) of the token that was shown */
  int64_t expires;      /* of that token, seconds since 1970 */
  /* Of a room token, whose bearer has the rank CARDEA_RANK_NOBODY and may what stands here alone:
   * JSON {"identity","name","metadata","attributes","video": LiveKit's grants}. Empty for others.
   */
  cardea_str_t grants;
} cardea_principal_t;

/* The module's side. */
typedef struct cardea_identity {
  size_t size;
  void* instance; /* goes first into every call */
  /* [control] 0, and `out` (whose size the caller has set) borrows its texts until the next call;
   * -1: not a token of ours, expired or revoked. Does not block. */
  int (*resolve)(void* instance, cardea_str_t token, cardea_principal_t* out);
} cardea_identity_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
