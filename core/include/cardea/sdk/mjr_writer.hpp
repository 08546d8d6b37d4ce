// One file in Janus's recording format: a header in JSON, then packets with their time of arrival.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>

#include <cardea/sdk/json.hpp>

namespace cardea::sdk {

namespace detail {

// Big endian.
template <typename T>
std::string mjr_number(T value) {
  std::string out(sizeof value, '\0');
  for (std::size_t i = sizeof value; i-- > 0; value = static_cast<T>(value >> 8U)) {
    out[i] = static_cast<char>(value & 0xffU);
  }
  return out;
}

inline constexpr mode_t kMjrMode = 0640;
inline constexpr std::size_t kLongestMjrPacket = 0xffff;

}  // namespace detail

/// What the header says.
struct MjrStream {
  char kind = 'a';  ///< 'a', 'v' or 'd'
  std::string codec;
  std::string fmtp;
  std::string description;
  bool encrypted = false;  ///< end to end
};

class MjrWriter {
 public:
  /// @param path absolute; folders are made. @param created wall clock, µs.
  MjrWriter(std::string path, MjrStream stream, std::int64_t created)
      : path_(std::move(path)), stream_(std::move(stream)), created_(created) {}

  /// Opens the file; an older one of that name is written over.
  [[nodiscard]] bool open();
  /// @param arrival_us monotonic. @param now wall clock, µs, for the first packet and for data.
  /// @returns false when it could not be written whole.
  [[nodiscard]] bool write(std::string_view packet, std::int64_t arrival_us, std::int64_t now);
  [[nodiscard]] bool flush() { return std::fflush(file_.get()) == 0; }

  [[nodiscard]] const std::string& path() const { return path_; }
  /// What one packet takes in the file, without its bytes.
  static constexpr std::uint64_t kOverhead = 10;

 private:
  struct Close {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };

  [[nodiscard]] bool put(std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
  }
  [[nodiscard]] bool write_header(std::int64_t now);

  std::string path_;
  MjrStream stream_;
  std::int64_t created_;
  std::unique_ptr<std::FILE, Close> file_;
  std::int64_t first_arrival_ = -1;
};

inline bool MjrWriter::open() {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), failed);
  // A link in the folder must not lead out of it.
  const int descriptor = ::open(
      path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, detail::kMjrMode);
  if (descriptor < 0) {
    return false;
  }
  file_.reset(::fdopen(descriptor, "wb"));
  return file_ != nullptr && put("MJR00002");
}

inline bool MjrWriter::write_header(std::int64_t now) {
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
  return put(detail::mjr_number(static_cast<std::uint16_t>(text.size()))) && put(text);
}

inline bool MjrWriter::write(std::string_view packet, std::int64_t arrival_us, std::int64_t now) {
  if (first_arrival_ < 0) {
    first_arrival_ = arrival_us;
    if (!write_header(now)) {
      return false;
    }
  }
  // Messages of data channels bear their wall clock time in front.
  const std::string stamp =
      stream_.kind == 'd' ? detail::mjr_number(static_cast<std::uint64_t>(now)) : "";
  const std::size_t size = stamp.size() + packet.size();
  if (size > detail::kLongestMjrPacket) {
    return true;
  }
  const auto milliseconds = static_cast<std::uint32_t>((arrival_us - first_arrival_) / 1000);
  return put("MEET") && put(detail::mjr_number(milliseconds)) &&
         put(detail::mjr_number(static_cast<std::uint16_t>(size))) && put(stamp) && put(packet);
}

}  // namespace cardea::sdk
