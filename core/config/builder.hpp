// Puts files, environment and defaults together into a Config, and collects what is wrong. Private
// to core/config.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/config/config.hpp"
#include "core/config/ini_reader.hpp"

namespace cardea::config {

/// Steps, in this order: each source, the environment, defaults.
class Builder {
 public:
  Builder(std::span<const DeclarationSet> sets, Unknown unknown) : sets_(sets), unknown_(unknown) {}

  void add_source(const Source& source);
  void add_environment(const Environment& environment);
  void add_defaults();
  Loaded take() { return std::move(out_); }

 private:
  using Key = cardea_config_key_t;

  void add_entry(const Source& source, const IniEntry& entry);
  void report_unknown_section(const Source& source, const IniEntry& entry);
  void report_unknown_key(const Source& source, const IniEntry& entry);
  void add_variable(const std::string& name, const std::string& value,
                    const Environment& environment);
  bool set_from_variable(const std::string& target, const std::string& variable,
                         const std::string& value);
  void add_default(const DeclarationSet& set, const Key& key, const std::string& section);
  bool put(const DeclarationSet& set, const Key& key, const std::string& section,
           const std::string& value, const std::string& origin);
  void error(const std::string& where, const std::string& section, const std::string& key,
             const std::string& reason);
  /// Sections of `set` that `key` can stand in: its own, or those present of its family.
  [[nodiscard]] std::vector<std::string> sections_of(const DeclarationSet& set,
                                                     const Key& key) const;
  [[nodiscard]] std::vector<std::string> variable_names() const;

  std::span<const DeclarationSet> sets_;
  Unknown unknown_;
  Loaded out_;
};

}  // namespace cardea::config
