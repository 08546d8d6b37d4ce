// Configuration files on disk, and the process environment.
#include "core/config/sources.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/config/ini_reader.hpp"

namespace cardea::config {

namespace fs = std::filesystem;

namespace {

constexpr const char* kMainFile = "cardea.conf";

bool is_world_readable(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && (info.st_mode & S_IROTH) != 0;
}

void read_source(FoundSources& out, const std::string& path, std::string owner) {
  // One byte more than allowed, so that the reader sees and reports an overlong file.
  auto text = read_text_file(path, kMaxFileBytes + 1);
  if (!text) {
    out.errors.push_back(path + ": " + text.error().message);
    return;
  }
  out.sources.push_back({path, std::move(owner), std::move(*text), is_world_readable(path)});
}

void warn_of_strays(FoundSources& out, const fs::path& root, std::span<const DeclarationSet> sets) {
  for (const char* folder : {"plugins", "transports"}) {
    std::error_code ignored;
    std::vector<std::string> strays;
    for (const auto& entry : fs::directory_iterator(root / folder, ignored)) {
      const std::string file = (fs::path(folder) / entry.path().filename()).string();
      const bool owned = std::any_of(sets.begin(), sets.end(),
                                     [&](const DeclarationSet& set) { return set.file == file; });
      if (entry.path().extension() == ".conf" && !owned) {
        strays.push_back(entry.path().string() + ": no loaded module reads this file");
      }
    }
    std::sort(strays.begin(), strays.end());
    out.warnings.insert(out.warnings.end(), strays.begin(), strays.end());
  }
}

void find_in_folder(FoundSources& out, const fs::path& root, std::span<const DeclarationSet> sets,
                    Unknown unknown) {
  std::error_code ignored;
  if (fs::exists(root / kMainFile, ignored)) {
    read_source(out, (root / kMainFile).string(), "");
  }
  for (const DeclarationSet& set : sets) {
    if (set.file != kMainFile && fs::exists(root / set.file, ignored)) {
      read_source(out, (root / set.file).string(), set.owner);
    }
  }
  if (unknown == Unknown::Report) {
    warn_of_strays(out, root, sets);
  }
}

}  // namespace

FoundSources find_sources(const std::string& path, std::span<const DeclarationSet> sets,
                          Unknown unknown) {
  FoundSources out;
  if (path.empty()) {
    return out;
  }
  std::error_code failure;
  if (fs::is_directory(path, failure)) {
    find_in_folder(out, path, sets, unknown);
  } else {
    read_source(out, path, "");
  }
  return out;
}

Result<std::string> read_text_file(const std::string& path, std::size_t most) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Error{std::string("cannot be opened: ") + std::strerror(errno)};
  }
  std::string text(most, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < most && (got = read(fd, text.data() + size, most - size)) != 0) {
    if (got < 0 && errno != EINTR) {
      const std::string reason = std::strerror(errno);
      close(fd);
      return Error{"cannot be read: " + reason};
    }
    size += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  close(fd);
  text.resize(size);
  return text;
}

Environment process_environment() {
  Environment found;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const auto equals = text.find('=');
    if (text.starts_with("CARDEA_") && equals != std::string_view::npos) {
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return found;
}

}  // namespace cardea::config
