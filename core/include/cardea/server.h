/* What a module may know of the server that it lives in. */
#ifndef CARDEA_SERVER_H
#define CARDEA_SERVER_H

#include <cardea/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_SERVER "cardea.server/1"

/* The host's side. All calls [any]. */
typedef struct cardea_server {
  size_t size;
  /* Where the transports listen, as URLs separated by spaces; empty before all of them have
   * started. Writes at most `capacity` bytes and returns the whole length. */
  size_t (*addresses)(void* context, char* out, size_t capacity);
  /* The folder of files to be served or shown, without a final slash: "<prefix>/share/cardea". Same
   * form as above. */
  size_t (*share_folder)(void* context, char* out, size_t capacity);
  /* 0 when `[limits] enabled = no`: rate limits and caps per connection and address are off, bounds
   * of size never. */
  int (*limits_enabled)(void* context);
  /* The folder that everything is written under (`--data`), absolute, without a final slash; it may
   * not exist yet. Same form as above. */
  size_t (*data_folder)(void* context, char* out, size_t capacity);
  /* `[janus] origins` and `[host] trusted_proxies`, words separated by spaces, empty when not set.
   * Same form as above. */
  size_t (*origins)(void* context, char* out, size_t capacity);
  size_t (*trusted_proxies)(void* context, char* out, size_t capacity);
  /* Counts that a bound of the module was reached, in
   * cardea_limit_hits_total{limit="<module>_<limit>"}. For a few names known beforehand. */
  void (*limit_hit)(void* context, const char* limit);
} cardea_server_t;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
