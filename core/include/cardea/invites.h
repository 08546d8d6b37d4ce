/* Codes that let somebody register: what the module of invitations offers to the one of accounts.
 */
#ifndef CARDEA_INVITES_H
#define CARDEA_INVITES_H

#include <cardea/abi.h>
#include <cardea/database.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_INVITES_MODULE "cardea.plugin.invites" /* for `requires` */
#define CARDEA_INVITES "cardea.invites/1"

typedef enum cardea_invite_status {
  CARDEA_INVITE_OK = 0,
  CARDEA_INVITE_UNKNOWN = 1,
  CARDEA_INVITE_USED = 2,
  CARDEA_INVITE_EXPIRED = 3,
  CARDEA_INVITE_FAILED = 4 /* the transaction has failed */
} cardea_invite_status_t;

typedef struct cardea_invites {
  size_t size;
  void* instance; /* goes first into every call */
  /* [any] 1 when an account needs a code. */
  int (*required)(void* instance);
  /* [work] Uses a code up for `user_id`, within the transaction that makes the account. */
  cardea_invite_status_t (*redeem)(void* instance, cardea_transaction_t* transaction,
                                   cardea_str_t code, cardea_str_t user_id);
  /* [work] The codes that a new account may give away; 0, or -1 when the transaction has failed. */
  int (*grant)(void* instance, cardea_transaction_t* transaction, cardea_str_t user_id);
  /* [work] The account ends, and its codes with it; 0, or -1 when the transaction has failed. */
  int (*forget)(void* instance, cardea_transaction_t* transaction, cardea_str_t user_id);
} cardea_invites_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
