// Which operation answers a method and a path.
#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/rest.h>
#include <cardea/sdk/result.hpp>

namespace cardea::rest {

inline constexpr std::string_view kBase = "/api/v1";

/// Words of the path by the names that stand in the template's braces.
using PathValues = std::vector<std::pair<std::string, std::string>>;

/// A method and a path with an operation behind it. Texts point into the module's constant data.
struct Route {
  const void* owner = nullptr;
  std::string method;
  std::string path;                ///< whole: "/api/v1/rooms/{id}"
  std::vector<std::string> words;  ///< of the path, split at slashes
  const cardea_rest_operation_t* operation = nullptr;
  bool alias = false;
};

/// [control] but for matches().
class Catalog {
 public:
  /// @param aliases names of the replaced systems whose paths are served as well.
  explicit Catalog(std::set<std::string> aliases) : aliases_(std::move(aliases)) {}

  /// Takes the operations of a module. An error names a declaration that is malformed or taken;
  /// then none of them is in.
  Result<void> add(const void* owner, const cardea_rest_t& table);
  void forget(const void* owner);

  struct Found {
    const Route* route = nullptr;  ///< null: the path, if there is one, lacks this method
    PathValues values;
    std::string methods;  ///< that the path has, for Allow; empty: no such path
  };
  [[nodiscard]] Found find(std::string_view method, std::string_view path) const;

  /// Whether any method answers the path. [any] once the modules are made.
  [[nodiscard]] bool matches(std::string_view path) const;

  [[nodiscard]] const std::deque<Route>& routes() const { return routes_; }

 private:
  Result<void> insert(const void* owner, const cardea_rest_operation_t& operation,
                      std::string_view method, std::string path, bool alias);
  Result<void> insert_all(const void* owner, const cardea_rest_operation_t& operation);

  std::set<std::string> aliases_;
  std::deque<Route> routes_;
};

}  // namespace cardea::rest
