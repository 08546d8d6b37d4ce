// The features that clients can attach to, by id and by alias.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/session/feature_port.hpp"

namespace cardea::session {

class FeatureTable {
 public:
  /// @returns names that are taken already and stay with their first owner.
  std::vector<std::string> add(FeaturePort& feature) {
    std::vector<std::string> taken;
    const FeatureInfo& info = feature.info();
    std::vector<std::string> names{info.id};
    names.insert(names.end(), info.aliases.begin(), info.aliases.end());
    for (const std::string& name : names) {
      if (!by_name_.emplace(name, &feature).second) {
        taken.push_back(name);
      }
    }
    features_.push_back(&feature);
    return taken;
  }
  /// Null when nobody has that id or alias.
  [[nodiscard]] FeaturePort* find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }
  [[nodiscard]] const std::vector<FeaturePort*>& all() const { return features_; }

 private:
  std::map<std::string, FeaturePort*, std::less<>> by_name_;
  std::vector<FeaturePort*> features_;
};

}  // namespace cardea::session
