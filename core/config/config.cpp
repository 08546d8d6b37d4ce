// Reading a finished configuration.
#include "core/config/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <jansson.h>

#include "core/config/builder.hpp"
#include "core/config/sources.hpp"
#include "core/config/value.hpp"

namespace cardea::config {

namespace {

json_t* to_json(const std::string& text, cardea_config_type_t type) {
  switch (type) {
    case CARDEA_CONFIG_BOOL: {
      bool value = false;
      parse_bool(text, value);
      return json_boolean(value);
    }
    case CARDEA_CONFIG_INT: {
      std::int64_t value = 0;
      parse_integer(text, value);
      return json_integer(value);
    }
    case CARDEA_CONFIG_LIST: {
      json_t* list = json_array();
      for (const std::string& word : parse_list(text)) {
        json_array_append_new(list, json_stringn(word.data(), word.size()));
      }
      return list;
    }
    default:
      return json_stringn(text.data(), text.size());
  }
}

}  // namespace

Loaded Config::load(const std::string& path, std::span<const DeclarationSet> sets,
                    const Environment& environment, Unknown unknown) {
  FoundSources found = find_sources(path, sets, unknown);
  Loaded loaded = from_sources(found.sources, sets, environment, unknown);
  loaded.errors.insert(loaded.errors.begin(), found.errors.begin(), found.errors.end());
  loaded.warnings.insert(loaded.warnings.begin(), found.warnings.begin(), found.warnings.end());
  return loaded;
}

Loaded Config::from_sources(std::span<const Source> sources, std::span<const DeclarationSet> sets,
                            const Environment& environment, Unknown unknown) {
  Builder builder(sets, unknown);
  for (const Source& source : sources) {
    builder.add_source(source);
  }
  builder.add_environment(environment);
  builder.add_defaults();
  return builder.take();
}

const Config::Value* Config::find(std::string_view section, std::string_view key) const {
  for (const auto& [owner, sections] : owners_) {
    const auto found = sections.find(section);
    if (found == sections.end()) {
      continue;
    }
    if (const auto value = found->second.find(key); value != found->second.end()) {
      return &value->second;
    }
  }
  return nullptr;
}

std::int64_t Config::integer(std::string_view section, std::string_view key) const {
  const Value* value = find(section, key);
  std::int64_t number = 0;
  return value != nullptr && parse_integer(value->text, number) ? number : 0;
}

bool Config::boolean(std::string_view section, std::string_view key) const {
  const Value* value = find(section, key);
  bool yes = false;
  return value != nullptr && parse_bool(value->text, yes) && yes;
}

std::string Config::text(std::string_view section, std::string_view key) const {
  const Value* value = find(section, key);
  return value == nullptr ? std::string() : value->text;
}

std::vector<std::string> Config::list(std::string_view section, std::string_view key) const {
  return parse_list(text(section, key));
}

bool Config::has(std::string_view section, std::string_view key) const {
  return find(section, key) != nullptr;
}

std::vector<std::string> Config::sections(std::string_view prefix) const {
  std::vector<std::string> names;
  for (const auto& [owner, sections] : owners_) {
    for (const auto& [name, keys] : sections) {
      if (name.starts_with(prefix)) {
        names.push_back(name);
      }
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string Config::origin(std::string_view section, std::string_view key) const {
  const Value* value = find(section, key);
  return value == nullptr ? std::string() : value->origin;
}

std::string Config::module_json(std::string_view owner) const {
  json_t* root = json_object();
  if (const auto found = owners_.find(owner); found != owners_.end()) {
    for (const auto& [name, keys] : found->second) {
      json_t* section = json_object();
      for (const auto& [key, value] : keys) {
        json_object_set_new(section, key.c_str(), to_json(value.text, value.type));
      }
      json_object_set_new(root, name.c_str(), section);
    }
  }
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(root, JSON_COMPACT),
                                                         &std::free);
  json_decref(root);
  return text == nullptr ? "{}" : text.get();
}

}  // namespace cardea::config
