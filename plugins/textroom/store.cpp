#include "plugins/textroom/store.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <unistd.h>

namespace cardea::textroom {

namespace {

constexpr JsonLimits kLimits{.depth = 8, .members = 100'000, .nodes = 10'000'000};

// A new file takes the place of the old one as a whole. Readable by the owner only: secrets.
bool write_file(const std::string& path, const std::string& text) {
  std::error_code failure;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failure);
  const std::string next = path + ".new";
  const int file = open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return false;
  }
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = ::write(file, text.data() + done, text.size() - done);
    if (wrote <= 0) {
      break;
    }
    done += static_cast<std::size_t>(wrote);
  }
  const bool closed = ::close(file) == 0;
  return closed && done == text.size() && std::rename(next.c_str(), path.c_str()) == 0;
}

}  // namespace

Result<Json> Store::load() {
  std::ifstream file(path_, std::ios::binary);
  if (path_.empty() || !file) {
    return rooms_;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto read = Json::parse(text, kLimits);
  if (!read || !read->is_object()) {
    return Error{path_ + ": " + (read ? "no JSON object" : read.error().message)};
  }
  rooms_ = std::move(*read);
  return rooms_;
}

bool Store::keep(const std::string& key, const Json& options, std::size_t limit) {
  if (path_.empty() || (!rooms_.has(key.c_str()) && rooms_.size() >= limit)) {
    return false;
  }
  const Json before = rooms_[key];
  rooms_.set(key, options);
  if (write_file(path_, rooms_.dump())) {
    return true;
  }
  rooms_.remove(key.c_str());
  rooms_.set(key, before);
  return false;
}

}  // namespace cardea::textroom
