#include "plugins/videoroom/recording.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include <sys/statvfs.h>

#include "plugins/videoroom/room_registry.hpp"

namespace cardea::videoroom {

namespace {

constexpr std::uint64_t kFreeFloor = std::uint64_t{1} << 30U;  // bytes, or 5 % of a smaller disk
constexpr std::uint64_t kCheckEvery = 256 * 1024;              // bytes

std::int64_t wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace

bool Recording::start(cardea_handle_t source, std::uint32_t line, Failed failed) {
  failed_ = failed;
  executor_ = rooms_.host().get_interface<cardea_executor_t>(CARDEA_EXECUTOR);
  cardea_tap_settings_t settings{};
  settings.size = sizeof settings;
  settings.route = sdk::FeatureHost::kWholeRoute;
  settings.packets = packets;
  settings.ended = ended;
  // The tap holds the recording until ended().
  auto held = std::make_unique<std::shared_ptr<Recording>>(shared_from_this());
  settings.argument = held.get();
  tap_ = rooms_.host().tap_add(source, line, settings);
  if (tap_ == 0) {
    return false;
  }
  static_cast<void>(held.release());
  return true;
}

void Recording::stop() {
  if (tap_ != 0) {
    rooms_.host().tap_remove(std::exchange(tap_, 0));
  }
}

void Recording::packets(void* self, const cardea_tap_packet_t* packets, std::size_t count,
                        std::uint64_t) {
  const auto& recording = *static_cast<std::shared_ptr<Recording>*>(self);
  sdk::guarded(recording->rooms_.host(), "recording", [&] { recording->write(packets, count); });
}

void Recording::ended(void* self) {
  const std::unique_ptr<std::shared_ptr<Recording>> held(
      static_cast<std::shared_ptr<Recording>*>(self));
}

void Recording::write(const cardea_tap_packet_t* packets, std::size_t count) {
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

RecordingEnd Recording::write_one(const cardea_tap_packet_t& packet) {
  const std::uint64_t bytes = packet.packet.size + MjrWriter::kOverhead;
  if (!budget_->take(bytes)) {
    return RecordingEnd::Quota;
  }
  unchecked_ += bytes;
  if (unchecked_ >= kCheckEvery && !disk_has_room()) {
    return RecordingEnd::DiskFull;
  }
  return writer_.write(sdk::to_view(packet.packet), packet.arrival_us, wall_clock())
             ? RecordingEnd::None
             : RecordingEnd::DiskFull;
}

bool Recording::disk_has_room() {
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
  return left > std::min(kFreeFloor, whole / 20);
}

void Recording::fail(RecordingEnd why) {
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
      self.failed_(self.rooms_, self);
    }
  };
  if (executor_->run(
          rooms_.host().context(), [](void*) {}, done, held.get()) == 0) {
    static_cast<void>(held.release());
  }
}

const char* name_of(RecordingEnd end) {
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

std::optional<std::string> recording_path(const std::string& root, const std::string& rec_dir,
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

}  // namespace cardea::videoroom
