#include "plugins/videoroom/room_registry.hpp"

#include <charconv>
#include <stdexcept>

#include <cardea/sdk/server.hpp>

namespace cardea::videoroom {

namespace {

constexpr std::string_view kRoomPrefix = "room-";
constexpr std::uint64_t kDemoRoom = 1234;
constexpr std::uint64_t kMebibyte = 1024 * 1024;
constexpr char kRealm[] = "janus.plugin.videoroom";

Id id_in(std::string_view section, bool text) {
  const std::string_view digits = section.substr(kRoomPrefix.size());
  if (text) {
    return Id(digits);
  }
  std::uint64_t id = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (failure != std::errc{} || end != digits.data() + digits.size() || id == 0 ||
      id > static_cast<std::uint64_t>(sdk::param::kLargestId)) {
    throw std::runtime_error("section [" + std::string(section) +
                             "]: a room's number is an integer from 1 to 2^53-1");
  }
  return id;
}

/// Empty when the host knows none.
std::string below(const std::string& folder, const char* name) {
  return folder.empty() ? "" : folder + "/" + name;
}

}  // namespace

RoomRegistry::RoomRegistry(const cardea_host_t& host_table, Json given)
    : Plugin(host_table, std::move(given)),
      server_(host()),
      store_(below(server_.data_folder(), "videoroom")) {
  const Json general = config()["general"];
  const bool events = general["events"].as_bool(true);
  events_ = events ? host().get_interface<cardea_events_t>(CARDEA_EVENTS) : nullptr;
  tokens_ = host().get_interface<cardea_tokens_t>(CARDEA_TOKENS);
  text_ids_ = general["string_ids"].as_bool(false);
  lock_rtp_forward_ = general["lock_rtp_forward"].as_bool(false);
  admin_key_ = general["admin_key"].text_or();
  recordings_ = general["recordings"].text_or(below(server_.data_folder(), "recordings"));
  recording_quota_ = general["recording_quota"].as_uint(0) * kMebibyte;
  bounds_.rooms = general["max_rooms"].as_uint(10'000);
  bounds_.participants = general["max_participants"].as_uint(1'000);
  bounds_.streams = general["max_streams"].as_uint(128);
  bounds_.forwarders = general["max_forwarders"].as_uint(256);
  bounds_.remotes = general["max_remotes"].as_uint(16);
  bounds_.tokens = general["max_tokens"].as_uint(1'000);
  add_configured();
  add_saved();
}

RoomRegistry::~RoomRegistry() {
  for (const auto& [id, room] : rooms_) {
    room->close();
  }
}

bool RoomRegistry::has_place(std::size_t count, std::size_t bound, const char* name) const {
  const bool within = count < bound;
  if (!within) {
    server_.limit_hit(name);
  }
  return within;
}

void RoomRegistry::add_configured() {
  config().for_each_member([&](std::string_view section, const Json& keys) {
    if (!section.starts_with(kRoomPrefix)) {
      return;
    }
    const Id id = id_in(section, text_ids_);
    auto options = read_options(keys, id);
    if (!options) {
      throw std::runtime_error("section [" + std::string(section) +
                               "]: " + options.error().message);
    }
    add(id, std::move(*options));
  });
  const Id demo = text_ids_ ? Id(std::to_string(kDemoRoom)) : Id(kDemoRoom);
  if (find(demo) == nullptr && config()["general"]["demo_room"].as_bool(true)) {
    RoomOptions options;
    options.description = "Demo Room";
    options.publishers = 6;
    options.fir_freq = 10;
    add(demo, std::move(options));
  }
}

void RoomRegistry::add_saved() {
  std::vector<std::string> faults;
  for (const Json& each : store_.load(faults)) {
    const Json room = each["room"];
    const Id id = Id::of(room);
    auto options = read_options(each, id);
    if (!options || room.is_string() != text_ids_ || !id) {
      faults.push_back("room " + id.text() + ": " +
                       (options ? "its id is of the wrong type" : options.error().message));
      continue;
    }
    // What was saved is later than the configuration.
    remove(id);
    if (!each["destroyed"].as_bool()) {
      add(id, std::move(*options));
    }
  }
  for (const std::string& fault : faults) {
    host().warn("a saved room is left out: " + fault);
  }
}

Room* RoomRegistry::find(const Id& id) const {
  const auto found = rooms_.find(id);
  return found == rooms_.end() ? nullptr : found->second.get();
}

Id RoomRegistry::free_id() const {
  for (;;) {
    Id id = random_id(text_ids_);
    if (find(id) == nullptr) {
      return id;
    }
  }
}

Room& RoomRegistry::add(const Id& id, RoomOptions options) {
  if (options.signed_tokens && !signs_tokens()) {
    host().warn("room " + id.text() +
                ": signed_tokens has no effect without [api] token_auth_secret");
    options.signed_tokens = false;
  }
  return *(rooms_[id] = std::make_unique<Room>(*this, id, std::move(options)));
}

bool RoomRegistry::save(const Room& room) const {
  return store_.save(room.id, saved(room.options));
}

bool RoomRegistry::forget(const Id& id) const {
  const bool demo =
      id.text() == std::to_string(kDemoRoom) && config()["general"]["demo_room"].as_bool(true);
  return store_.forget(id, demo || config().has((std::string(kRoomPrefix) + id.text()).c_str()));
}

bool RoomRegistry::signs_tokens() const {
  return tokens_ != nullptr && tokens_->signing(host().context()) != 0;
}

bool RoomRegistry::good_token(std::string_view token, const Id& room, const Id& participant) const {
  if (!signs_tokens()) {
    return false;
  }
  const auto valid = [&](const std::string& word) {
    return tokens_->valid(host().context(), sdk::to_str(token), sdk::to_str(kRealm),
                          sdk::to_str(word)) != 0;
  };
  if (!valid("room=" + room.text())) {
    return false;
  }
  // A token that names users lets nobody take another one's id.
  const bool named = token.substr(0, token.find(':')).find(",user=") != std::string_view::npos;
  return !named || !participant || valid("user=" + participant.text());
}

void RoomRegistry::notify(cardea_handle_t handle, const Json& event) const {
  if (events_ != nullptr && events_->wanted(host().context()) != 0) {
    events_->emit(host().context(), handle, sdk::to_str(event.dump()));
  }
}

}  // namespace cardea::videoroom
