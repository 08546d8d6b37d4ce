// One client of TextRoom: its data channel, and the rooms that it is in.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>

#include <cardea/sdk/plugin.hpp>

#include "plugins/textroom/config.hpp"
#include "plugins/textroom/requests/table.hpp"
#include "plugins/textroom/rooms.hpp"

namespace cardea::textroom {

class TextHandle final : public sdk::Handle {
 public:
  using Plugin = Rooms;

  TextHandle(Rooms& rooms, cardea_handle_t handle) : Handle(rooms, handle), rooms_(rooms) {}
  ~TextHandle() override;

  void on_media_down(std::string_view reason) override;
  void on_media(const cardea_media_event_t& event) override;
  void on_data(const cardea_data_message_t& message) override;
  [[nodiscard]] Json describe() const override;

  // Requests of the Janus API that make and renew the connection.
  sdk::Answer set_up(const sdk::Request& request);
  sdk::Answer restart(const sdk::Request& request);
  sdk::Answer acknowledge(const sdk::Request& request);
  /// Every request of the table that may come by the Janus API.
  sdk::Answer by_api(const sdk::Request& request);

  [[nodiscard]] Rooms& rooms() const { return rooms_; }
  /// Room keys, each with the name that this client has there.
  [[nodiscard]] const std::map<std::string, std::string>& joined() const { return joined_; }
  void joined(const std::string& room, const std::string& username) { joined_[room] = username; }
  void left(const std::string& room) { joined_.erase(room); }

  /// A text to the client. Kept for a while when the channel is full, then lost.
  void write(const std::string& text);

  static constexpr sdk::FeatureInfo kFeature = kFeatureInfo;
  static constexpr auto kOperations = requests::operations<TextHandle>();

 private:
  sdk::Answer offer(const sdk::Request& request, bool restart);
  sdk::Answer by_channel(const Json& body);
  [[nodiscard]] bool within_rate();
  void leave_all();

  Rooms& rooms_;
  std::map<std::string, std::string> joined_;
  bool set_up_ = false;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::chrono::steady_clock::time_point second_{};
  std::size_t in_second_ = 0;
};

}  // namespace cardea::textroom
