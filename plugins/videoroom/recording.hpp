// One stream of a publisher being recorded: an observing tap writes it to a file.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <cardea/executor.h>
#include <cardea/media.h>

#include "plugins/videoroom/mjr_writer.hpp"
#include "plugins/videoroom/recording_budget.hpp"

namespace cardea::videoroom {

class RoomRegistry;
struct Publisher;

/// What a stopped recording could not go on for.
enum class RecordingEnd : int { None, Quota, DiskFull, CannotWrite };

class Recording : public std::enable_shared_from_this<Recording> {
 public:
  /// @param failed called [control] once when writing had to end.
  using Failed = void (*)(RoomRegistry& rooms, Recording& recording);

  Recording(RoomRegistry& rooms, std::string mid, MjrWriter writer,
            std::shared_ptr<RecordingBudget> budget)
      : mid(std::move(mid)),
        rooms_(rooms),
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

  RoomRegistry& rooms_;
  MjrWriter writer_;
  std::shared_ptr<RecordingBudget> budget_;
  Failed failed_ = nullptr;
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

/// Starts or ends the recordings of a publisher so that they fit `record` and its streams.
void follow_recording(Publisher& publisher);
void stop_recording(Publisher& publisher);

}  // namespace cardea::videoroom
