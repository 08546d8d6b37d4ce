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

/* All-zero is not a default: start from CARDEA_ROUTE_SETTINGS. */
typedef struct cardea_route_settings {
  size_t size;
  int paused;
  int32_t
      substream; /* highest simulcast or spatial layer wanted, 0 lowest; -1 the highest there is */
  int32_t temporal; /* highest temporal layer wanted; -1 all */
  /* After so long without packets of the wished simulcast layer a lower one is taken; 0: the
   * default of 250 ms. In microseconds. */
  uint32_t fallback_us;
  /* Playout-delay extension put on every packet, in milliseconds, 0 .. 40950; -1: none is added. */
  int32_t min_delay_ms, max_delay_ms;
} cardea_route_settings_t;

#define CARDEA_ROUTE_SETTINGS \
  { sizeof(cardea_route_settings_t), 0, -1, -1, 0, -1, -1 }

typedef struct cardea_source_settings {
  size_t size;
  uint32_t bitrate;          /* cap in bit/s that the sender is told by REMB; 0 none */
  uint32_t keyframe_seconds; /* ask for a key frame this often; 0 never */
  /* Talking is judged over this many packets of the audio-level extension (RFC 6464); 0: not at
   * all. */
  uint32_t talk_packets;
  uint32_t talk_level;     /* mean level below which somebody talks, -dBov 0 .. 127 */
  int require_bitrate_cap; /* 1: what goes well beyond `bitrate` is dropped (threat M11) */
} cardea_source_settings_t;

/* A plain-RTP destination outside WebRTC (Janus's rtp_forward). */
typedef struct cardea_forward_settings {
  size_t size;
  cardea_str_t address; /* IPv4 or IPv6, no names */
  uint16_t port;
  uint16_t rtcp_port;   /* where its RTCP comes from: its key frame requests are honoured; 0 none */
  uint32_t ssrc;        /* 0: that of the source */
  uint8_t payload_type; /* 0: that of the source */
  int simulcast;        /* 1: follows the layers as a route does; 0: only `substream` */
  int32_t substream;    /* of a simulcast source */
  int srtp_suite;       /* 0 plain, 32 or 80: AES_CM_128_HMAC_SHA1_<n> */
  cardea_str_t srtp_key; /* base64 of 30 bytes */
} cardea_forward_settings_t;

/* One stream that a plain receiver takes. */
typedef struct cardea_plain_line {
  size_t size;
  cardea_kind_t kind;
  const char* codec; /* lower case, see cardea_codec_t; null for data */
  uint8_t payload_type;
  uint32_t clock_rate;
  const uint32_t* ssrcs; /* one per simulcast layer, lowest first */
  size_t ssrc_count;
} cardea_plain_line_t;

/* A source without WebRTC: RTP comes to a UDP port of its own (Janus's remote publishers). */
typedef struct cardea_plain_receiver {
  size_t size;
  cardea_str_t address; /* to listen on; empty: the media address */
  uint16_t port;        /* 0: the system chooses */
  int srtp_suite;       /* as above */
  cardea_str_t srtp_key;
  const cardea_plain_line_t* lines;
  size_t line_count;
  uint64_t placement; /* see place() */
} cardea_plain_receiver_t;

typedef uint64_t cardea_tap_t; /* zero is none */

/* One packet of a tap: borrowed for the call. */
typedef struct cardea_tap_packet {
  int64_t arrival_us;  /* monotonic */
  cardea_str_t packet; /* RTP in the clear, header and extensions as the publisher sent them; of
                          data channels: the payload */
  int keyframe;        /* 1: a video key frame begins here */
} cardea_tap_packet_t;

/* What observes a source. It gets what a route with these settings would forward. */
typedef struct cardea_tap_settings {
  size_t size;
  cardea_route_settings_t route;
  /* [work] The next packets, oldest first; never two calls at once for one tap. What does not fit
   * into the bounded queue while this call is slow is dropped: `lost` says how many before these.
   */
  void (*packets)(void* argument, const cardea_tap_packet_t* packets, size_t count, uint64_t lost);
  /* [work] Last of all, after tap_remove() or the source's end: `argument` is not used again. */
  void (*ended)(void* argument);
  void* argument;
} cardea_tap_settings_t;

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

  /* Sends what arrives on (from, mline) as plain RTP as well; ended by route_remove(), paused and
   * so on by route_set(). Zero when the address is none, is refused, or the source is unknown. */
  cardea_route_t (*forward_add)(void* context, cardea_handle_t from, uint32_t mline,
                                const cardea_forward_settings_t* settings);
  /* Opens a UDP port for plain RTP. The number it returns stands for a handle in `from` of the
   * other calls, its lines count as m-lines; zero when the port could not be had. `port` is where
   * it listens. */
  cardea_handle_t (*receiver_add)(void* context, const cardea_plain_receiver_t* settings,
                                  uint16_t* port);
  void (*receiver_remove)(void* context, cardea_handle_t receiver);

  /* Observes a source. Zero when it is unknown; then `ended` is not called. */
  cardea_tap_t (*tap_add)(void* context, cardea_handle_t from, uint32_t mline,
                          const cardea_tap_settings_t* settings);
  void (*tap_remove)(void* context, cardea_tap_t tap);

  /* A message to the handle's client, on the data channel of that label; a channel that is missing
   * is opened. 0, or CARDEA_DATA_... Data m-lines can be routed too: then every message goes on
   * under its label without the plugin. */
  int (*data_send)(void* context, cardea_handle_t to, const cardea_data_message_t* message);
} cardea_media_t;

#define CARDEA_DATA_NO_CHANNEL (-1) /* no data m-line was negotiated, or the peer is not up */
#define CARDEA_DATA_FULL (-2)       /* its queue is full: CARDEA_MEDIA_DATA_ROOM follows */
#define CARDEA_DATA_TOO_BIG (-3)    /* beyond the bound on messages */

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
