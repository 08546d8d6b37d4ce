// The web app's files from one folder that no path can leave.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace cardea::http {

/// An open regular file; the receiver of `fd` closes it.
struct StaticFile {
  int fd = -1;
  std::uint64_t size = 0;
  std::string etag;
  std::string_view content_type;
  /// Its name changes with its content, so a browser may keep it for good.
  bool immutable = false;
};

class StaticFiles {
 public:
  /// @param root a folder; empty or missing serves nothing.
  explicit StaticFiles(const std::string& root);
  ~StaticFiles();
  StaticFiles(const StaticFiles&) = delete;
  StaticFiles& operator=(const StaticFiles&) = delete;

  /// [any] The file of a request path, undecoded. A path without a dot that names no file is a
  /// page: the index.html of the folder of that name, or else the app's.
  [[nodiscard]] std::optional<StaticFile> open(std::string_view path) const;

 private:
  [[nodiscard]] std::optional<StaticFile> open_below(const std::string& name) const;

  int root_ = -1;
};

}  // namespace cardea::http
