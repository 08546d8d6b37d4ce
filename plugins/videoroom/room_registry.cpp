#include "plugins/videoroom/room_registry.hpp"

#include <charconv>
#include <stdexcept>

#include "plugins/videoroom/ids.hpp"

namespace cardea::videoroom {

namespace {

constexpr std::string_view kRoomPrefix = "room-";
constexpr std::uint64_t kDemoRoom = 1234;

std::uint64_t number_in(std::string_view section) {
  const std::string_view digits = section.substr(kRoomPrefix.size());
  std::uint64_t id = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (failure != std::errc{} || end != digits.data() + digits.size() || id == 0 ||
      id > static_cast<std::uint64_t>(sdk::param::kLargestId)) {
    throw std::runtime_error("section [" + std::string(section) +
                             "]: a room's number is an integer from 1 to 2^53-1");
  }
  return id;
}

}  // namespace

RoomRegistry::RoomRegistry(const cardea_host_t& host_table, Json given)
    : Plugin(host_table, std::move(given)) {
  const Json general = config()["general"];
  admin_key_ = general["admin_key"].text_or();
  max_rooms_ = general["max_rooms"].as_uint(10'000);
  max_participants_ = general["max_participants"].as_uint(1'000);
  max_streams_ = general["max_streams"].as_uint(128);
  config().for_each_member([&](std::string_view section, const Json& keys) {
    if (!section.starts_with(kRoomPrefix)) {
      return;
    }
    const std::uint64_t id = number_in(section);
    auto options = read_options(keys, id);
    if (!options) {
      throw std::runtime_error("section [" + std::string(section) +
                               "]: " + options.error().message);
    }
    add(id, std::move(*options));
  });
  if (find(kDemoRoom) == nullptr && general["demo_room"].as_bool(true)) {
    RoomOptions options;
    options.description = "Demo Room";
    options.publishers = 6;
    options.fir_freq = 10;
    add(kDemoRoom, std::move(options));
  }
}

Room* RoomRegistry::find(std::uint64_t id) const {
  const auto found = rooms_.find(id);
  return found == rooms_.end() ? nullptr : found->second.get();
}

std::uint64_t RoomRegistry::free_id() const {
  for (;;) {
    const std::uint64_t id = random_id();
    if (find(id) == nullptr) {
      return id;
    }
  }
}

Room& RoomRegistry::add(std::uint64_t id, RoomOptions options) {
  if (options.record) {
    host().warn("room " + std::to_string(id) + ": `record` is set, but this build records nothing");
  }
  return *(rooms_[id] = std::make_unique<Room>(id, std::move(options)));
}

}  // namespace cardea::videoroom
