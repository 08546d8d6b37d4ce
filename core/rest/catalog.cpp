#include "core/rest/catalog.hpp"

#include <algorithm>
#include <array>

namespace cardea::rest {

namespace {

constexpr std::array<std::string_view, 5> kMethods{"GET", "POST", "PUT", "PATCH", "DELETE"};

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> words;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    words.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return words;
}

bool is_value(const std::string& word) { return word.starts_with('{') && word.ends_with('}'); }

// Whether a path fits a template; fixed words weigh more than values, from the left.
bool fits(const Route& route, const std::vector<std::string>& words) {
  return std::equal(route.words.begin(), route.words.end(), words.begin(), words.end(),
                    [](const std::string& pattern, const std::string& word) {
                      return pattern == word || (is_value(pattern) && !word.empty());
                    });
}

// "/rooms/presence" goes before "/rooms/{id}".
bool more_exact(const Route& one, const Route& other) {
  for (std::size_t i = 0; i < one.words.size(); ++i) {
    if (is_value(one.words[i]) != is_value(other.words[i])) {
      return is_value(other.words[i]);
    }
  }
  return false;
}

bool same_shape(const Route& route, std::string_view method,
                const std::vector<std::string>& words) {
  return route.method == method &&
         std::equal(route.words.begin(), route.words.end(), words.begin(), words.end(),
                    [](const std::string& a, const std::string& b) {
                      return a == b || (is_value(a) && is_value(b));
                    });
}

}  // namespace

Result<void> Catalog::add(const void* owner, const cardea_rest_t& table) {
  for (std::size_t i = 0; i < table.operation_count; ++i) {
    if (auto added = insert_all(owner, table.operations[i]); !added) {
      forget(owner);
      return added;
    }
  }
  return {};
}

void Catalog::forget(const void* owner) {
  std::erase_if(routes_, [&](const Route& route) { return route.owner == owner; });
}

Result<void> Catalog::insert_all(const void* owner, const cardea_rest_operation_t& operation) {
  if (operation.id == nullptr || operation.method == nullptr || operation.path == nullptr) {
    return Error{"a REST operation without id, method or path"};
  }
  if (auto added =
          insert(owner, operation, operation.method, std::string(kBase) + operation.path, false);
      !added) {
    return added;
  }
  for (const char* const* alias = operation.aliases; alias != nullptr && *alias != nullptr;
       ++alias) {
    const std::string_view text(*alias);
    const std::size_t first = text.find(' ');
    const std::size_t second = text.find(' ', first + 1);
    if (second == std::string_view::npos) {
      return Error{"operation " + std::string(operation.id) + ": alias \"" + std::string(text) +
                   "\" is not \"SYSTEM METHOD /path\""};
    }
    const std::string system(text.substr(0, first));
    if (system != "*" && !aliases_.contains(system)) {
      continue;
    }
    if (auto added = insert(owner, operation, text.substr(first + 1, second - first - 1),
                            std::string(text.substr(second + 1)), true);
        !added) {
      return added;
    }
  }
  return {};
}

Result<void> Catalog::insert(const void* owner, const cardea_rest_operation_t& operation,
                             std::string_view method, std::string path, bool alias) {
  const std::string place =
      "operation " + std::string(operation.id) + " (" + std::string(method) + " " + path + ")";
  const bool known = std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
  if (!known || !path.starts_with('/') || (path.size() > 1 && path.ends_with('/'))) {
    return Error{place + ": no such method, or the path is malformed"};
  }
  std::vector<std::string> words = split(path);
  const bool taken = std::any_of(routes_.begin(), routes_.end(), [&](const Route& route) {
    return same_shape(route, method, words);
  });
  // Two replaced systems may have had the same path; the first one has it here.
  if (taken && !alias) {
    return Error{place + ": another operation answers it"};
  }
  if (!taken) {
    routes_.push_back(
        {owner, std::string(method), std::move(path), std::move(words), &operation, alias});
  }
  return {};
}

Catalog::Found Catalog::find(std::string_view method, std::string_view path) const {
  const std::vector<std::string> words = split(path);
  // HEAD is GET without the body.
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  Found found;
  const Route* best = nullptr;
  for (const Route& route : routes_) {
    if (fits(route, words) && (best == nullptr || more_exact(route, *best))) {
      best = &route;
    }
  }
  for (const Route& route : routes_) {
    // Methods of the same template only: "/users/me" has nothing to do with "/users/{id}".
    if (best != nullptr && fits(route, words) && !more_exact(*best, route)) {
      found.methods += (found.methods.empty() ? "" : ", ") + route.method;
      found.route = route.method == wanted ? &route : found.route;
    }
  }
  for (std::size_t i = 0; found.route != nullptr && i < words.size(); ++i) {
    const std::string& pattern = found.route->words[i];
    if (is_value(pattern)) {
      found.values.emplace_back(pattern.substr(1, pattern.size() - 2), words[i]);
    }
  }
  return found;
}

bool Catalog::matches(std::string_view path) const {
  if (path == kBase || path.starts_with(std::string(kBase) + "/")) {
    return true;
  }
  const std::vector<std::string> words = split(path);
  return std::any_of(routes_.begin(), routes_.end(),
                     [&](const Route& route) { return route.alias && fits(route, words); });
}

}  // namespace cardea::rest
