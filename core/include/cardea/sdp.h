/* Session descriptions as a plugin sees them: m-lines in, a plan for each m-line out. The core
 * alone writes SDP. */
#ifndef CARDEA_SDP_H
#define CARDEA_SDP_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cardea_jsep_type {
  CARDEA_JSEP_NONE = 0,
  CARDEA_JSEP_OFFER = 1,
  CARDEA_JSEP_ANSWER = 2
} cardea_jsep_type_t;
typedef enum cardea_kind {
  CARDEA_AUDIO = 0,
  CARDEA_VIDEO = 1,
  CARDEA_DATA = 2,
  CARDEA_OTHER = 3
} cardea_kind_t;

/* As seen from the one whose description it is; in a plan: ours. Bit 0 sends, bit 1 receives. */
typedef enum cardea_direction {
  CARDEA_INACTIVE = 0,
  CARDEA_SENDONLY = 1,
  CARDEA_RECVONLY = 2,
  CARDEA_SENDRECV = 3
} cardea_direction_t;

typedef struct cardea_codec {
  const char* name; /* lower case as Janus says it: opus, vp8, vp9, h264, av1, h265, pcmu ... */
  uint32_t clock_rate, channels;
  uint8_t payload_type;
  const char* fmtp; /* or null */
} cardea_codec_t;

/* One m-line of a remote description, or of a negotiated peer (then `codecs` holds the one in use).
 */
typedef struct cardea_mline {
  size_t size;
  uint32_t index; /* place in the description: the name of an m-line in all media calls */
  cardea_kind_t kind;
  cardea_direction_t direction; /* the client's */
  cardea_str_t mid;
  const cardea_codec_t* codecs; /* in the client's order, without rtx, red and fec */
  size_t codec_count;
  const char* const* rids; /* simulcast by rid, as the client lists them; or null */
  size_t rid_count;
  uint32_t ssrc_layers; /* simulcast by SSRC group: how many; 0 or 1: none */
  cardea_str_t msid_stream, msid_track;
} cardea_mline_t;

typedef struct cardea_jsep {
  cardea_jsep_type_t type;
  cardea_str_t sdp; /* raw text as received */
  const cardea_mline_t* mlines;
  size_t mline_count;
  int e2ee;    /* the client says that payloads are encrypted end to end */
  int restart; /* the ICE credentials differ from the description before */
} cardea_jsep_t;

/* What we want of one m-line. For an answer: one plan per m-line of the offer, in its order. For an
 * offer: the whole list of m-lines; earlier ones stay at their index, new ones come behind. */
typedef struct cardea_mline_plan {
  size_t size;
  cardea_kind_t kind;
  cardea_direction_t direction; /* ours; what the client does not offer is taken away */
  int reject;                   /* answer: 1 refuses the m-line */
  const char* const*
      codecs; /* names in order of preference, null-terminated; null: the client's own order */
  const char* fmtp;   /* wanted profile such as "profile-id=2", or an offer's fmtp; or null */
  int simulcast;      /* answer: 1 takes simulcast as offered */
  int audio_level;    /* 1 takes the audio-level extension */
  uint32_t bandwidth; /* b=TIAS in bit/s; 0 none */
  cardea_str_t msid_stream, msid_track; /* of what we send; empty: made up */
  cardea_str_t mid;                     /* offer: of a new m-line; empty: its index */
  int video_orientation;                /* 1 takes the video-orientation extension */
  int playout_delay; /* 1 takes the playout-delay extension; routes may then add it */
  int transport_cc;  /* 1 takes transport-wide congestion control, both ways of the m-line */
} cardea_mline_plan_t;

typedef struct cardea_jsep_plan {
  size_t size;
  cardea_jsep_type_t type; /* offer or answer */
  const cardea_mline_plan_t* mlines;
  size_t mline_count;
  int restart; /* offer: new ICE credentials */
  int e2ee;    /* say so in the JSEP */
} cardea_jsep_plan_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
