#include "core/peer/path_set.hpp"

#include <algorithm>

namespace cardea::peer {

bool PathSet::contains(const Path& path) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.path == path; });
}

std::vector<Path> PathSet::list() const {
  std::vector<Path> paths;
  for (const Entry& entry : entries_) {
    paths.push_back(entry.path);
  }
  return paths;
}

Path PathSet::newest() const {
  const auto found =
      std::max_element(entries_.begin(), entries_.end(),
                       [](const Entry& a, const Entry& b) { return a.checked < b.checked; });
  return found == entries_.end() ? Path() : found->path;
}

std::optional<Path> PathSet::checked(const Path& path, const Path& keep, Time now) {
  for (Entry& entry : entries_) {
    if (entry.path == path) {
      entry.checked = now;
      return std::nullopt;
    }
  }
  std::optional<Path> pushed_out;
  if (entries_.size() == kMax) {
    const auto rank = [&](const Entry& entry) {
      return entry.path == keep ? Time::max() : entry.checked;
    };
    const auto oldest =
        std::min_element(entries_.begin(), entries_.end(),
                         [&](const Entry& a, const Entry& b) { return rank(a) < rank(b); });
    pushed_out = oldest->path;
    entries_.erase(oldest);
  }
  entries_.push_back({path, now});
  return pushed_out;
}

void PathSet::remove(const Path& path) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.path == path; });
}

std::vector<Path> PathSet::forget(const Path& keep, Time now) {
  std::vector<Path> forgotten;
  std::erase_if(entries_, [&](const Entry& entry) {
    const bool old = !(entry.path == keep) && now - entry.checked >= kForgotten;
    if (old) {
      forgotten.push_back(entry.path);
    }
    return old;
  });
  return forgotten;
}

}  // namespace cardea::peer
