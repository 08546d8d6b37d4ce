// Merging and validation. A later layer wins: defaults, then files, then the environment.
#include "core/config/builder.hpp"

#include <algorithm>
#include <limits>

#include "core/config/sources.hpp"
#include "core/config/value.hpp"

namespace cardea::config {

namespace {

// A file that is no configuration at all must not fill the terminal.
constexpr std::size_t kMaxErrors = 100;
constexpr std::size_t kMaxSecretFileBytes = 65536;
constexpr std::string_view kFileSuffix = "_FILE";

bool is_family(const cardea_config_key_t& key) {
  return std::string_view(key.section).ends_with('*');
}

bool covers(const cardea_config_key_t& key, std::string_view section) {
  std::string_view declared = key.section;
  if (!is_family(key)) {
    return declared == section;
  }
  declared.remove_suffix(1);
  return section.starts_with(declared) && section.size() > declared.size();
}

bool declares(const DeclarationSet& set, std::string_view section) {
  return std::any_of(set.keys.begin(), set.keys.end(),
                     [&](const cardea_config_key_t& key) { return covers(key, section); });
}

bool may_hold(const Source& source, const DeclarationSet& set) {
  return source.owner.empty() || source.owner == set.owner;
}

std::string variable_name(std::string_view section, std::string_view key) {
  std::string name = "CARDEA_" + std::string(section) + "_" + std::string(key);
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
      c = '_';
    }
  }
  return name;
}

std::string suggestion(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string near = nearest(wrong, names);
  return near.empty() ? "" : ", did you mean \"" + near + "\"?";
}

}  // namespace

void Builder::error(const std::string& where, const std::string& section, const std::string& key,
                    const std::string& reason) {
  std::string text = where + ":";
  text += section.empty() ? "" : " [" + section + "]";
  text += key.empty() ? "" : " " + key + ":";
  text += " " + reason;
  if (out_.errors.size() > kMaxErrors) {
    return;
  }
  if (out_.errors.size() == kMaxErrors) {
    text = "more mistakes follow, not shown";
  }
  // Two sets may share a section; its mistake is told once.
  if (out_.errors.empty() || out_.errors.back() != text) {
    out_.errors.push_back(std::move(text));
  }
}

void Builder::add_source(const Source& source) {
  IniText ini = read_ini(source.text);
  std::size_t next_error = 0;
  const auto report_up_to = [&](int line) {
    for (; next_error < ini.errors.size() && ini.errors[next_error].line <= line; ++next_error) {
      const IniError& bad = ini.errors[next_error];
      error(source.name + ":" + std::to_string(bad.line), bad.section, "", bad.reason);
    }
  };
  for (const IniEntry& entry : ini.entries) {
    report_up_to(entry.line);
    add_entry(source, entry);
  }
  report_up_to(std::numeric_limits<int>::max());
}

void Builder::add_entry(const Source& source, const IniEntry& entry) {
  bool section_known = false;
  bool key_known = false;
  for (const DeclarationSet& set : sets_) {
    if (!may_hold(source, set) || !declares(set, entry.section)) {
      continue;
    }
    section_known = true;
    Config::Section& section = out_.config.owners_[set.owner][entry.section];
    for (const Key& key : set.keys) {
      if (entry.key != key.key || !covers(key, entry.section)) {
        continue;
      }
      key_known = true;
      const std::string where = source.name + ":" + std::to_string(entry.line);
      if (const auto before = section.find(entry.key); before != section.end()) {
        error(where, entry.section, entry.key, "is set already at " + before->second.origin);
      } else if (put(set, key, entry.section, entry.value, where) && source.world_readable &&
                 key.type == CARDEA_CONFIG_SECRET && !entry.value.empty()) {
        out_.warnings.push_back(where + ": [" + entry.section + "] " + entry.key +
                                ": a secret in a file that everybody can read");
      }
      break;
    }
  }
  if (!section_known && entry.key.empty()) {
    report_unknown_section(source, entry);
  } else if (section_known && !key_known && !entry.key.empty()) {
    report_unknown_key(source, entry);
  }
}

void Builder::report_unknown_section(const Source& source, const IniEntry& entry) {
  std::vector<std::string> names;
  std::string elsewhere;
  for (const DeclarationSet& set : sets_) {
    for (const Key& key : set.keys) {
      if (may_hold(source, set)) {
        names.emplace_back(key.section);
      } else if (covers(key, entry.section)) {
        elsewhere = set.file;
      }
    }
  }
  const std::string where = source.name + ":" + std::to_string(entry.line);
  if (!elsewhere.empty()) {
    error(where, entry.section, "", "unknown section in this file, it belongs in " + elsewhere);
  } else if (unknown_ == Unknown::Report) {
    error(where, entry.section, "", "unknown section" + suggestion(entry.section, names));
  }
}

void Builder::report_unknown_key(const Source& source, const IniEntry& entry) {
  std::vector<std::string> names;
  for (const DeclarationSet& set : sets_) {
    for (const Key& key : set.keys) {
      if (may_hold(source, set) && covers(key, entry.section)) {
        names.emplace_back(key.key);
      }
    }
  }
  error(source.name + ":" + std::to_string(entry.line), entry.section, entry.key,
        "unknown key" + suggestion(entry.key, names));
}

void Builder::add_environment(const Environment& environment) {
  for (const auto& [name, value] : environment) {
    // Orchestrators pass unset variables on as empty ones.
    if (name.starts_with("CARDEA_") && !value.empty()) {
      add_variable(name, value, environment);
    }
  }
}

void Builder::add_variable(const std::string& name, const std::string& value,
                           const Environment& environment) {
  if (set_from_variable(name, name, value)) {
    return;
  }
  const std::vector<std::string> names = variable_names();
  const std::string target =
      name.ends_with(kFileSuffix) ? name.substr(0, name.size() - kFileSuffix.size()) : "";
  if (target.empty() || std::find(names.begin(), names.end(), target) == names.end()) {
    if (unknown_ == Unknown::Report) {
      out_.warnings.push_back(name + ": unknown variable" + suggestion(name, names));
    }
    return;
  }
  if (const auto direct = environment.find(target);
      direct != environment.end() && !direct->second.empty()) {
    error(name, "", "", "set only one of this and " + target);
    return;
  }
  auto text = read_text_file(value, kMaxSecretFileBytes);
  if (!text) {
    error(name, "", "", "file " + value + " " + text.error().message);
    return;
  }
  while (text->ends_with('\n') || text->ends_with('\r')) {
    text->pop_back();
  }
  set_from_variable(target, name, *text);
}

bool Builder::set_from_variable(const std::string& target, const std::string& variable,
                                const std::string& value) {
  bool known = false;
  for (const DeclarationSet& set : sets_) {
    for (const Key& key : set.keys) {
      for (const std::string& section : sections_of(set, key)) {
        if (variable_name(section, key.key) == target) {
          known = true;
          put(set, key, section, value, variable);
        }
      }
    }
  }
  return known;
}

void Builder::add_defaults() {
  for (const DeclarationSet& set : sets_) {
    for (const Key& key : set.keys) {
      if (!is_family(key)) {
        // Sections of fixed name are always there, so that a module can read without asking.
        out_.config.owners_[set.owner].try_emplace(key.section);
      }
      if (key.default_value == nullptr ||
          (*key.default_value == '\0' && key.type != CARDEA_CONFIG_STRING &&
           key.type != CARDEA_CONFIG_SECRET && key.type != CARDEA_CONFIG_LIST)) {
        continue;
      }
      for (const std::string& section : sections_of(set, key)) {
        add_default(set, key, section);
      }
    }
  }
}

void Builder::add_default(const DeclarationSet& set, const Key& key, const std::string& section) {
  Config::Section& keys = out_.config.owners_[set.owner][section];
  if (keys.contains(key.key)) {
    return;
  }
  // An empty default means "nothing given", which a shortest length does not forbid.
  if (*key.default_value == '\0') {
    keys[key.key] = {"", "default", key.type};
    return;
  }
  put(set, key, section, key.default_value, "default");
}

bool Builder::put(const DeclarationSet& set, const Key& key, const std::string& section,
                  const std::string& value, const std::string& origin) {
  const std::string reason = reason_against(key, value);
  if (!reason.empty()) {
    error(origin == "default" ? "default of " + set.owner : origin, section, key.key, reason);
    return false;
  }
  out_.config.owners_[set.owner][section][key.key] = {value, origin, key.type};
  return true;
}

std::vector<std::string> Builder::sections_of(const DeclarationSet& set, const Key& key) const {
  if (!is_family(key)) {
    return {key.section};
  }
  std::vector<std::string> found;
  if (const auto owner = out_.config.owners_.find(set.owner); owner != out_.config.owners_.end()) {
    for (const auto& [section, keys] : owner->second) {
      if (covers(key, section)) {
        found.push_back(section);
      }
    }
  }
  return found;
}

std::vector<std::string> Builder::variable_names() const {
  std::vector<std::string> names;
  for (const DeclarationSet& set : sets_) {
    for (const Key& key : set.keys) {
      for (const std::string& section : sections_of(set, key)) {
        names.push_back(variable_name(section, key.key));
      }
    }
  }
  return names;
}

}  // namespace cardea::config
