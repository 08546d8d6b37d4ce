/* Who gets what: routes between m-lines of peers. The packets themselves stay in the media workers.
 */
#ifndef CARDEA_MEDIA_H
#define CARDEA_MEDIA_H

#include <cardea/feature.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_MEDIA "cardea.media/1"

typedef uint64_t cardea_route_t; /* zero is none */

typedef struct cardea_route_settings {
  size_t size;
  int paused;
  int32_t substream; /* highest simulcast layer wanted, 0 lowest; -1 the highest there is */
  int32_t temporal;  /* highest temporal layer wanted; -1 all */
} cardea_route_settings_t;

typedef struct cardea_source_settings {
  size_t size;
  uint32_t bitrate;          /* cap in bit/s that the sender is told by REMB; 0 none */
  uint32_t keyframe_seconds; /* ask for a key frame this often; 0 never */
} cardea_source_settings_t;

/* The host's side. All calls [control]. An m-line is named by its index in the peer's description.
 */
typedef struct cardea_media {
  size_t size;
  /* Peers with the same key share a worker. Call before the handle's first offer or answer; a
   * room's id is a good key. */
  void (*place)(void* context, cardea_handle_t handle, uint64_t key);
  /* Sends what arrives on (from, from_mline) out on (to, to_mline); both may be the same handle. A
   * sink takes one route: a new one replaces the old and the stream goes on under the same SSRC.
   * Asks for a key frame. May be set before the peers are up. Zero when a handle has no peer or no
   * such m-line. */
  cardea_route_t (*route_add)(void* context, cardea_handle_t from, uint32_t from_mline,
                              cardea_handle_t to, uint32_t to_mline,
                              const cardea_route_settings_t* settings);
  void (*route_set)(void* context, cardea_route_t route, const cardea_route_settings_t* settings);
  void (*route_remove)(void* context, cardea_route_t route);
  /* What arrives on an m-line; a bitrate holds for the whole peer when mline is UINT32_MAX. */
  void (*source_set)(void* context, cardea_handle_t from, uint32_t mline,
                     const cardea_source_settings_t* settings);
  void (*request_keyframe)(void* context, cardea_handle_t from, uint32_t mline);
} cardea_media_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
