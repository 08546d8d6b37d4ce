#include "plugins/videoroom/mjr_writer.hpp"

#include <filesystem>

#include <fcntl.h>

#include <cardea/sdk/json.hpp>

namespace cardea::videoroom {

namespace {

// Big endian.
template <typename T>
std::string number(T value) {
  std::string out(sizeof value, '\0');
  for (std::size_t i = sizeof value; i-- > 0; value = static_cast<T>(value >> 8U)) {
    out[i] = static_cast<char>(value & 0xffU);
  }
  return out;
}

constexpr mode_t kMode = 0640;
constexpr std::size_t kLongestPacket = 0xffff;

}  // namespace

bool MjrWriter::open() {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), failed);
  // A link in the folder must not lead out of it.
  const int descriptor =
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kMode);
  if (descriptor < 0) {
    return false;
  }
  file_.reset(::fdopen(descriptor, "wb"));
  return file_ != nullptr && put("MJR00002");
}

bool MjrWriter::write_header(std::int64_t now) {
  Json header = Json::object({{"t", std::string(1, stream_.kind)}, {"c", stream_.codec}});
  if (!stream_.fmtp.empty()) {
    header.set("f", stream_.fmtp);
  }
  if (!stream_.description.empty()) {
    header.set("d", stream_.description);
  }
  header.set("s", created_).set("u", now);
  if (stream_.encrypted) {
    header.set("e", true);
  }
  const std::string text = header.dump();
  return put(number(static_cast<std::uint16_t>(text.size()))) && put(text);
}

bool MjrWriter::write(std::string_view packet, std::int64_t arrival_us, std::int64_t now) {
  if (first_arrival_ < 0) {
    first_arrival_ = arrival_us;
    if (!write_header(now)) {
      return false;
    }
  }
  // Messages of data channels bear their wall clock time in front.
  const std::string stamp = stream_.kind == 'd' ? number(static_cast<std::uint64_t>(now)) : "";
  const std::size_t size = stamp.size() + packet.size();
  if (size > kLongestPacket) {
    return true;
  }
  const auto milliseconds = static_cast<std::uint32_t>((arrival_us - first_arrival_) / 1000);
  return put("MEET") && put(number(milliseconds)) &&
         put(number(static_cast<std::uint16_t>(size))) && put(stamp) && put(packet);
}

}  // namespace cardea::videoroom
