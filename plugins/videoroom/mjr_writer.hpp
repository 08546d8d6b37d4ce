// One file in Janus's recording format: a header in JSON, then packets with their time of arrival.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace cardea::videoroom {

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

}  // namespace cardea::videoroom
