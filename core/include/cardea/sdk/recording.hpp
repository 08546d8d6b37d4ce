// One source being recorded: an observing tap writes it to a file in the format of Janus.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sys/statvfs.h>

#include <cardea/executor.h>
#include <cardea/media.h>
#include <cardea/sdk/feature_host.hpp>
#include <cardea/sdk/mjr_writer.hpp>
#include <cardea/sdk/recording_budget.hpp>

namespace cardea::sdk {

namespace detail {

inline constexpr std::uint64_t kFreeFloor = std::uint64_t{1}
                                            << 30U;       // bytes, or 5 % of a smaller disk
inline constexpr std::uint64_t kCheckEvery = 256 * 1024;  // bytes

inline std::int64_t wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace detail

/// What a stopped recording could not go on for.
enum class RecordingEnd : int { None, Quota, DiskFull, CannotWrite };

class Recording : public std::enable_shared_from_this<Recording> {
 public:
  /// @param failed called [control] once when writing had to end.
  using Failed = std::function<void(Recording& recording)>;

  Recording(const FeatureHost& host, std::string of_mid, MjrWriter writer,
            std::shared_ptr<RecordingBudget> budget)
      : mid(std::move(of_mid)),
        host_(host),
        writer_(std::move(writer)),
        budget_(std::move(budget)) {}

  const std::string mid;

  /// [control] @returns false when the media core knows no such source.
  [[nodiscard]] bool start(cardea_handle_t source, std::uint32_t line, Failed failed);
  /// [control] What came before is still written.
  void stop();

  [[nodiscard]] RecordingEnd end() const { return end_; }
  [[nodiscard]] const std::string& path() const { return writer_.path(); }

 private:
  static void packets(void* self, const cardea_tap_packet_t* packets, std::size_t count,
                      std::uint64_t lost);
  static void ended(void* self);
  // All [work], never two at once.
  void write(const cardea_tap_packet_t* packets, std::size_t count);
  [[nodiscard]] RecordingEnd write_one(const cardea_tap_packet_t& packet);
  [[nodiscard]] bool disk_has_room();
  void fail(RecordingEnd why);

  FeatureHost host_;
  MjrWriter writer_;
  std::shared_ptr<RecordingBudget> budget_;
  Failed failed_;
  const cardea_executor_t* executor_ = nullptr;
  cardea_tap_t tap_ = 0;
  std::atomic<RecordingEnd> end_ = RecordingEnd::None;
  bool open_ = false;
  std::uint64_t unchecked_ = 0;  ///< bytes written since the disk was asked
};

/// A name for people and events.
const char* name_of(RecordingEnd end);

/// Where a recording of this name would lie; `name` and `rec_dir` come from clients.
/// @returns none when that is outside of `root`, or when root is empty.
std::optional<std::string> recording_path(const std::string& root, const std::string& rec_dir,
                                          const std::string& name);

inline bool Recording::start(cardea_handle_t source, std::uint32_t line, Failed failed) {
  failed_ = std::move(failed);
  executor_ = host_.get_interface<cardea_executor_t>(CARDEA_EXECUTOR);
  cardea_tap_settings_t settings{};
  settings.size = sizeof settings;
  settings.route = FeatureHost::kWholeRoute;
  settings.packets = packets;
  settings.ended = ended;
  // The tap holds the recording until ended().
  auto held = std::make_unique<std::shared_ptr<Recording>>(shared_from_this());
  settings.argument = held.get();
  tap_ = host_.tap_add(source, line, settings);
  if (tap_ == 0) {
    return false;
  }
  static_cast<void>(held.release());
  return true;
}

inline void Recording::stop() {
  if (tap_ != 0) {
    host_.tap_remove(std::exchange(tap_, 0));
  }
}

inline void Recording::packets(void* self, const cardea_tap_packet_t* packets, std::size_t count,
                               std::uint64_t) {
  const auto& recording = *static_cast<std::shared_ptr<Recording>*>(self);
  guarded(recording->host_, "recording", [&] { recording->write(packets, count); });
}

inline void Recording::ended(void* self) {
  const std::unique_ptr<std::shared_ptr<Recording>> held(
      static_cast<std::shared_ptr<Recording>*>(self));
}

inline void Recording::write(const cardea_tap_packet_t* packets, std::size_t count) {
  if (end_ != RecordingEnd::None) {
    return;
  }
  if (!open_) {
    open_ = disk_has_room() && writer_.open();
    if (!open_) {
      fail(RecordingEnd::CannotWrite);
      return;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (const RecordingEnd why = write_one(packets[i]); why != RecordingEnd::None) {
      fail(why);
      return;
    }
  }
  if (!writer_.flush()) {
    fail(RecordingEnd::DiskFull);
  }
}

inline RecordingEnd Recording::write_one(const cardea_tap_packet_t& packet) {
  const std::uint64_t bytes = packet.packet.size + MjrWriter::kOverhead;
  if (!budget_->take(bytes)) {
    return RecordingEnd::Quota;
  }
  unchecked_ += bytes;
  if (unchecked_ >= detail::kCheckEvery && !disk_has_room()) {
    return RecordingEnd::DiskFull;
  }
  return writer_.write(to_view(packet.packet), packet.arrival_us, detail::wall_clock())
             ? RecordingEnd::None
             : RecordingEnd::DiskFull;
}

inline bool Recording::disk_has_room() {
  unchecked_ = 0;
  namespace fs = std::filesystem;
  std::error_code failed;
  const fs::path folder = fs::path(writer_.path()).parent_path();
  fs::create_directories(folder, failed);
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) {
    return false;
  }
  const std::uint64_t whole = std::uint64_t{disk.f_blocks} * disk.f_frsize;
  const std::uint64_t left = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  return left > std::min(detail::kFreeFloor, whole / 20);
}

inline void Recording::fail(RecordingEnd why) {
  end_ = why;
  if (executor_ == nullptr) {
    return;
  }
  // The way back to the control thread.
  auto held = std::make_unique<std::shared_ptr<Recording>>(shared_from_this());
  const auto done = [](void* argument) {
    const std::unique_ptr<std::shared_ptr<Recording>> mine(
        static_cast<std::shared_ptr<Recording>*>(argument));
    Recording& self = **mine;
    if (self.tap_ != 0) {
      self.failed_(self);
    }
  };
  if (executor_->run(
          host_.context(), [](void*) {}, done, held.get()) == 0) {
    static_cast<void>(held.release());
  }
}

inline const char* name_of(RecordingEnd end) {
  switch (end) {
    case RecordingEnd::Quota:
      return "quota";
    case RecordingEnd::DiskFull:
      return "disk full";
    case RecordingEnd::CannotWrite:
      return "cannot write";
    case RecordingEnd::None:
      break;
  }
  return "stopped";
}

inline std::optional<std::string> recording_path(const std::string& root,
                                                 const std::string& rec_dir,
                                                 const std::string& name) {
  namespace fs = std::filesystem;
  if (root.empty()) {
    return std::nullopt;
  }
  const fs::path base = fs::path(root).lexically_normal();
  const fs::path path = (base / rec_dir / name).lexically_normal();
  const fs::path relative = path.lexically_relative(base);
  const bool inside = !relative.empty() && *relative.begin() != ".." && relative != ".";
  return inside ? std::optional(path.string()) : std::nullopt;
}

}  // namespace cardea::sdk
