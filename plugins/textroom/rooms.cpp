#include "plugins/textroom/rooms.hpp"

#include <charconv>
#include <stdexcept>

#include <cardea/sdk/ids.hpp>
#include <cardea/sdk/server.hpp>

#include "plugins/textroom/requests/table.hpp"

namespace cardea::textroom {

namespace {

constexpr std::string_view kRoomPrefix = "room-";
constexpr const char* kDemoRoom = "1234";

Bounds read_bounds(const Json& general) {
  return {general["max_rooms"].as_uint(10'000),      general["max_permanent"].as_uint(1'000),
          general["max_members"].as_uint(1'000),     general["max_joined"].as_uint(64),
          general["max_text"].as_uint(16'384),       general["history_bytes"].as_uint(1 << 20),
          general["messages_per_second"].as_uint(50)};
}

std::string store_path(const sdk::Host& host) {
  const std::string folder = sdk::Server(host).data_folder();
  return folder.empty() ? folder : folder + "/textroom/rooms.json";
}

}  // namespace

Rooms::Rooms(const cardea_host_t& host_table, Json given)
    : Plugin(host_table, std::move(given)),
      text_ids_(config()["general"]["string_ids"].as_bool()),
      bounds_(read_bounds(config()["general"])),
      limited_(sdk::Server(host()).limits_enabled()),
      admin_key_(config()["general"]["admin_key"].text_or()),
      over_channel_(requests::kDeclared, text_ids_),
      store_(store_path(host())) {
  auto kept = store_.load();
  if (!kept) {
    throw std::runtime_error(kept.error().message);
  }
  config().for_each_member([&](std::string_view section, const Json& keys) {
    if (section.starts_with(kRoomPrefix)) {
      const std::string key(section.substr(kRoomPrefix.size()));
      if (!kept->has(key.c_str())) {
        add_keyed(key, keys);
      }
    }
  });
  kept->for_each_member([&](std::string_view key, const Json& options) {
    if (options.is_object()) {
      add_keyed(std::string(key), options);
    }
  });
  const bool demo = config()["general"]["demo_room"].as_bool(true);
  if (demo && find(std::string(kDemoRoom)) == nullptr && !kept->has(kDemoRoom)) {
    add_keyed(kDemoRoom, Json::object({{"description", "Demo Room"}}));
  }
}

Room* Rooms::find(const Json& id) const {
  return find(id.is_integer() ? std::to_string(id.as_int()) : id.text_or());
}

Room* Rooms::find(const std::string& key) const {
  const auto found = rooms_.find(key);
  return found == rooms_.end() ? nullptr : found->second.get();
}

Room& Rooms::add(const Json& id, const Json& options) {
  const bool chosen = id.is_integer() ? id.as_int() != 0 : !id.as_text().empty();
  if (!chosen) {
    return add_keyed(free_key(), options);
  }
  return add_keyed(id.is_integer() ? std::to_string(id.as_int()) : id.text_or(), options);
}

void Rooms::remove(const Room& room) { rooms_.erase(std::string(room.key)); }

bool Rooms::keep(const Room& room, bool exists) {
  const Json noted = exists ? write_options(room.options) : Json::adopt(json_null());
  return store_.keep(room.key, noted, bounds_.permanent);
}

Room& Rooms::add_keyed(const std::string& key, const Json& options) {
  return *(rooms_[key] = std::make_unique<Room>(key, id_of(key), read_options(options, key),
                                                bounds_.history_bytes));
}

std::string Rooms::free_key() const {
  for (;;) {
    std::string key = text_ids_ ? sdk::random_text() : std::to_string(sdk::random_id());
    if (find(key) == nullptr) {
      return key;
    }
  }
}

Json Rooms::id_of(const std::string& key) const {
  if (text_ids_) {
    return key;
  }
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), id);
  if (failure != std::errc{} || end != key.data() + key.size() || id < 1 ||
      id > sdk::param::kLargestId) {
    throw std::runtime_error("room " + key + ": a room's number is an integer from 1 to 2^53-1");
  }
  return id;
}

}  // namespace cardea::textroom
