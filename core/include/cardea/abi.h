/* The border between the host and a module: one exported symbol, C types only, integer handles.
 *
 * Words at the functions: [control] is called on the control thread only, [any] on every thread,
 * [media] on a worker. Strings are UTF-8 with a length, not terminated; they are borrowed for the
 * call unless said otherwise. Structs begin with their size: a side reads no field beyond the size
 * that the other side wrote. The interfaces are drafts until 1.0: rebuild modules at a change.
 * From 1.0 on they grow and never break. */
#ifndef CARDEA_ABI_H
#define CARDEA_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARDEA_ABI_MAJOR 1u

typedef struct cardea_str {
  const char* data;
  size_t size;
} cardea_str_t;

typedef enum cardea_log_level {
  CARDEA_LOG_DEBUG = 0,
  CARDEA_LOG_INFO = 1,
  CARDEA_LOG_WARN = 2,
  CARDEA_LOG_ERROR = 3
} cardea_log_level_t;

typedef enum cardea_config_type {
  CARDEA_CONFIG_BOOL = 0, /* yes or no */
  CARDEA_CONFIG_INT = 1,  /* within min and max */
  CARDEA_CONFIG_STRING = 2,
  CARDEA_CONFIG_ENUM = 3,  /* one of `values` */
  CARDEA_CONFIG_LIST = 4,  /* words separated by commas */
  CARDEA_CONFIG_SECRET = 5 /* a string that is never shown */
} cardea_config_type_t;

/* One key that a module understands. The host reads, checks and documents it; a key that nobody
 * declares is an error. */
typedef struct cardea_config_key {
  const char*
      section; /* the exact name, or a prefix that ends in '*' for a family of sections: "room-*" */
  const char* key;
  cardea_config_type_t type;
  const char* default_value; /* null: absent when not set */
  int64_t min, max;   /* INT: the range; STRING and SECRET: the length in bytes when max > 0 */
  const char* values; /* ENUM: allowed words separated by '|' */
  const char* help;   /* one sentence with the unit */
} cardea_config_key_t;

/* What the host gives every module. Lives until the module's destroy() has returned. */
typedef struct cardea_host {
  size_t size;
  void* context; /* the host's; handed back in every call */
  /* [control] A table of functions by id and revision ("cardea.media/1"), from the host or from a
   * module listed in `requires`; null when there is none. Its first field is its size. */
  const void* (*get_interface)(void* context, const char* id);
  /* [any] One line in the log under the module's name. */
  void (*log)(void* context, cardea_log_level_t level, cardea_str_t text);
} cardea_host_t;

/* The descriptor: constant data, read before any code of the module runs. */
typedef struct cardea_module_info {
  size_t size;
  uint32_t abi_major; /* CARDEA_ABI_MAJOR of the headers it was built with */
  uint32_t version;   /* the module's own number, growing with each release */
  const char* kind;   /* "feature", "transport" or "service" */
  const char* id;     /* "cardea.plugin.echotest" */
  const char* name;   /* for people */
  const char* version_text;
  const char* author;
  const char* licence; /* SPDX */
  const char* description;
  const char* const* aliases; /* other ids that it answers to ("janus.plugin.echotest"),
                                 null-terminated, or null */
  const char* const*
      requires_ids; /* modules that must be there first, null-terminated, or null; "?id": if any */
  const cardea_config_key_t* config_keys;
  size_t config_key_count;

  /* [control] Makes the one instance. `config` is the module's checked configuration as a JSON
   * object of sections, every default filled in. Null refuses the start; the reason belongs in the
   * log. Must return within 10 s. */
  void* (*create)(const cardea_host_t* host, cardea_str_t config);
  /* [control] Ends the instance; no call to it is under way or will come. */
  void (*destroy)(void* instance);
  /* [control] The module's side of an interface ("cardea.feature/1"); null when it has none. */
  const void* (*get_interface)(void* instance, const char* id);
} cardea_module_info_t;

/* The one exported symbol of a module is data of this type named `cardea_module`. */
#define CARDEA_MODULE_SYMBOL "cardea_module"

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
