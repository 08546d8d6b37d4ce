/* Rooms and the like that belong to a module: it says which clients may do what with them, whatever
 * the feature and however they come. */
#ifndef CARDEA_ADMISSION_H
#define CARDEA_ADMISSION_H

#include <cardea/feature.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_ADMISSION "cardea.admission/1" /* the module's side */

typedef enum cardea_admission_verdict {
  CARDEA_ADMISSION_NOT_MINE = 0, /* as without the module */
  CARDEA_ADMISSION_GRANTED = 1,  /* also for anonymous clients of a server that is not open */
  CARDEA_ADMISSION_REFUSED = 2
} cardea_admission_verdict_t;

typedef struct cardea_admission {
  size_t size;
  /* [control] A client with this handle asks a feature ("janus.plugin.videoroom") for an
   * operation; `body` is a JSON object that nobody has checked yet. Not asked for modules, the API
   * secret and the Admin API. */
  cardea_admission_verdict_t (*judge)(void* instance, cardea_str_t feature, cardea_handle_t handle,
                                      cardea_str_t operation, cardea_str_t body);
} cardea_admission_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
