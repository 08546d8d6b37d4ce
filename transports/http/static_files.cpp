// Opening files beneath a folder, with type and tag.
#include "transports/http/static_files.hpp"

#include <array>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "transports/http/routes.hpp"

namespace cardea::http {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kTypes = {{
    {"html", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"webp", "image/webp"},
    {"ico", "image/x-icon"},
    {"woff2", "font/woff2"},
    {"wasm", "application/wasm"},
    {"txt", "text/plain; charset=utf-8"},
    {"mp3", "audio/mpeg"},
    {"ogg", "audio/ogg"},
    {"webm", "video/webm"},
}};

std::string_view content_type(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view ending =
      dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  for (const auto& [known, type] : kTypes) {
    if (ending == known) {
      return type;
    }
  }
  return "application/octet-stream";
}

int open_beneath(int root, const char* name) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(syscall(SYS_openat2, root, name, &how, sizeof how));
}

}  // namespace

StaticFiles::StaticFiles(const std::string& root)
    : root_(root.empty() ? -1 : ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

StaticFiles::~StaticFiles() {
  if (root_ >= 0) {
    close(root_);
  }
}

std::optional<StaticFile> StaticFiles::open(std::string_view path) const {
  const auto name = file_path(path);
  if (root_ < 0 || !name) {
    return std::nullopt;
  }
  if (!name->empty()) {
    if (auto file = open_below(*name)) {
      return file;
    }
    if (name->find('.') != std::string::npos) {
      return std::nullopt;
    }
    if (auto page = open_below(*name + "/index.html")) {
      return page;
    }
  }
  return open_below("index.html");
}

std::optional<StaticFile> StaticFiles::open_below(const std::string& name) const {
  const int fd = open_beneath(root_, name.c_str());
  if (fd < 0) {
    return std::nullopt;
  }
  struct stat status {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(fd);
    return std::nullopt;
  }
  StaticFile out;
  out.fd = fd;
  out.size = static_cast<std::uint64_t>(status.st_size);
  out.etag = "\"" + std::to_string(status.st_mtim.tv_sec) + "-" +
             std::to_string(status.st_mtim.tv_nsec) + "-" + std::to_string(out.size) + "\"";
  out.content_type = content_type(name);
  out.immutable = name.starts_with("assets/");
  return out;
}

}  // namespace cardea::http
