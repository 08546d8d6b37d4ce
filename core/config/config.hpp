// Typed settings from INI files, the environment and declared defaults; every mistake is reported
// at once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/abi.h>

namespace cardea::config {

/// The keys that one part of the program understands.
struct DeclarationSet {
  /// "core", or the module's short name ("websocket").
  std::string owner;
  /// Its file inside a configuration folder: "cardea.conf", "transports/websocket.conf".
  std::string file;
  /// Static, outlives the Config.
  std::span<const cardea_config_key_t> keys;
};

using Environment = std::map<std::string, std::string>;

/// [any] All variables of this process whose name begins with CARDEA_.
Environment process_environment();

/// One configuration file's text, from disk or from a test.
struct Source {
  /// As shown in errors and origins.
  std::string name;
  /// The set that alone may appear in it; empty for a file that may hold all sections.
  std::string owner;
  std::string text;
  /// Readable by everybody on the machine: a secret in it earns a warning.
  bool world_readable = false;
};

enum class Unknown : std::uint8_t {
  /// Unknown sections and keys are errors, unknown CARDEA_ variables are warnings.
  Report,
  /// Unknown sections, files and variables are passed over: for the first look, before modules
  /// declare theirs.
  IgnoreSections,
};

struct Loaded;

/// What was set, after validation. A value; reading needs no lock.
class Config {
 public:
  /// Reads a folder (`cardea.conf` and each set's own file; missing ones are skipped), a single
  /// file that may hold all sections, or nothing when `path` is empty. [any]
  static Loaded load(const std::string& path, std::span<const DeclarationSet> sets,
                     const Environment& environment, Unknown unknown = Unknown::Report);

  /// The same from texts in memory. A section that several sets declare goes to each of them.
  static Loaded from_sources(std::span<const Source> sources, std::span<const DeclarationSet> sets,
                             const Environment& environment, Unknown unknown = Unknown::Report);

  /// Typed access. A key that has neither a value nor a default reads as 0, false, "" or an empty
  /// list.
  [[nodiscard]] std::int64_t integer(std::string_view section, std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view section, std::string_view key) const;
  /// STRING, ENUM and SECRET as they are, others as written.
  [[nodiscard]] std::string text(std::string_view section, std::string_view key) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view section, std::string_view key) const;
  [[nodiscard]] bool has(std::string_view section, std::string_view key) const;

  /// Sections present whose names begin with `prefix`, sorted: sections("room-").
  [[nodiscard]] std::vector<std::string> sections(std::string_view prefix) const;

  /// "conf/cardea.conf:12", "CARDEA_HTTP_PORT", "default", or "" for a key without value.
  [[nodiscard]] std::string origin(std::string_view section, std::string_view key) const;

  /// All sections of one set as a JSON object of objects with typed values, defaults filled in:
  /// {"websocket":{"port":8188},"room-1234":{...}}. Wildcard sections appear only when present in a
  /// file; keys with neither value nor default are left out.
  [[nodiscard]] std::string module_json(std::string_view owner) const;

 private:
  friend class Builder;

  struct Value {
    std::string text;
    std::string origin;
    cardea_config_type_t type = CARDEA_CONFIG_STRING;
  };
  using Section = std::map<std::string, Value, std::less<>>;
  using Sections = std::map<std::string, Section, std::less<>>;

  [[nodiscard]] const Value* find(std::string_view section, std::string_view key) const;

  // By owner, because two modules may declare sections of one name in their own files.
  std::map<std::string, Sections, std::less<>> owners_;
};

struct Loaded {
  Config config;
  /// Each "file:line: [section] key: reason", in the order of the files. Any entry must stop the
  /// start.
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};

}  // namespace cardea::config
