#include "plugins/videoroom/room_store.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cardea::videoroom {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".json";
constexpr std::size_t kLongestName = 200;  // bytes; file systems take 255

}  // namespace

// A room's id may hold any character: all but letters, digits and '-' are written as %XX.
std::string RoomStore::path(const Id& room) const {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string name;
  for (const char c : room.text()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    if (plain) {
      name += c;
    } else {
      name += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return name.size() > kLongestName ? "" : folder_ + "/" + name + std::string(kSuffix);
}

std::vector<Json> RoomStore::load(std::vector<std::string>& faults) const {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder_, none)) {
    if (entry.path().extension() == kSuffix) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<Json> out;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto read = Json::parse(text);
    if (read && read->is_object() && (*read)["room"]) {
      out.push_back(std::move(*read));
    } else {
      faults.push_back(file.string() + ": " + (read ? "no room in it" : read.error().message));
    }
  }
  return out;
}

bool RoomStore::save(const Id& room, Json options) const {
  const std::string target = path(room);
  if (folder_.empty() || target.empty()) {
    return false;
  }
  std::error_code failed;
  fs::create_directories(folder_, failed);
  // Written beside it and renamed, so that a crash leaves the old or the new one.
  const std::string fresh = target + ".new";
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out << options.set("room", room).dump() << '\n';
    out.close();
    if (!out) {
      return false;
    }
  }
  fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write, failed);
  fs::rename(fresh, target, failed);
  return !failed;
}

bool RoomStore::forget(const Id& room, bool configured) const {
  if (configured) {
    return save(room, Json::object({{"destroyed", true}}));
  }
  std::error_code failed;
  const std::string file = path(room);
  fs::remove(file, failed);
  return !folder_.empty() && !file.empty() && !failed;
}

}  // namespace cardea::videoroom
