// Loads one feature module without a server, plays its clients, and records what it asks for.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <cardea/feature.h>
#include <cardea/media.h>
#include <cardea/sdk/json.hpp>

#include "core/session/feature_port.hpp"

namespace cardea::tests {

/// One m-line of a client's offer.
struct OfferedLine {
  cardea_kind_t kind = CARDEA_AUDIO;
  std::string mid = {};
  std::vector<std::string> codecs = {};
  cardea_direction_t direction = CARDEA_SENDONLY;
};
using Offer = std::vector<OfferedLine>;

/// An offer of one audio and one video m-line as Chromium makes it.
Offer audio_and_video();

/// One m-line of what the feature planned.
struct PlannedLine {
  cardea_kind_t kind = CARDEA_AUDIO;
  cardea_direction_t direction = CARDEA_INACTIVE;
  bool reject = false;
  std::vector<std::string> codecs = {};
  std::string msid_stream = {};
  bool simulcast = false;
  bool audio_level = false;
  bool video_orientation = false;
  bool playout_delay = false;
};

/// A reply, an event, or an error that the host itself found.
struct Said {
  Json body;
  bool asked = false;        ///< it answers a request
  bool synchronous = false;  ///< by reply()
  cardea_jsep_type_t jsep = CARDEA_JSEP_NONE;
  std::vector<PlannedLine> lines = {};
};

struct RouteMade {
  cardea_handle_t from = 0;
  std::uint32_t from_mline = 0;
  cardea_handle_t to = 0;
  std::uint32_t to_mline = 0;
  cardea_route_settings_t settings{};
};

struct ForwardMade {
  cardea_handle_t from = 0;
  std::uint32_t mline = 0;
  std::string address = {};
  std::string srtp_key = {};
  cardea_forward_settings_t settings{};  ///< without texts
};

struct ReceiverLine {
  cardea_kind_t kind = CARDEA_AUDIO;
  std::string codec = {};
  std::uint8_t payload_type = 0;
  std::vector<std::uint32_t> ssrcs = {};
};

struct TapMade {
  cardea_handle_t from = 0;
  std::uint32_t mline = 0;
  cardea_tap_settings_t settings{};
};

/// What the feature sent on a data channel.
struct DataSent {
  std::string label = {};
  std::string protocol = {};
  bool binary = false;
  std::string payload = {};
};

class FakeHost {
 public:
  /// Aborts the test program when the module does not load.
  /// @param path of the .so. @param config sections of keys; defaults are not filled in.
  /// @param more interfaces of the host by id; the context of their calls is this object.
  explicit FakeHost(const char* path, const Json& config = Json::object(),
                    std::map<std::string, const void*, std::less<>> more = {});
  ~FakeHost();
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  /// Whether create() took the configuration; else nothing below may be called.
  [[nodiscard]] bool created() const { return instance_ != nullptr; }

  cardea_handle_t attach();
  void detach(cardea_handle_t handle);
  /// Sends a message, checked as the server checks it. @returns the answer: the reply, or the first
  /// event with its transaction; the absent body when there was none.
  Said message(cardea_handle_t handle, const Json& body);
  /// The same with an offer, or with the answer to the feature's offer.
  Said offer(cardea_handle_t handle, const Json& body, const Offer& offer);
  Said answer(cardea_handle_t handle, const Json& body);
  void media_up(cardea_handle_t handle);
  void media_down(cardea_handle_t handle);
  /// Any event but UP and DOWN.
  void media(cardea_handle_t handle, cardea_media_event_t event);
  /// The client's data channels can be used from now on.
  void data_up(cardea_handle_t handle);
  /// The client sends a message on a channel; a feature that takes none gets none.
  void data(cardea_handle_t handle, const DataSent& message);
  /// There is room again after `data_answer` was CARDEA_DATA_FULL.
  void data_room(cardea_handle_t handle);
  /// What a client got on its data channels since the last call.
  std::vector<DataSent> take_data(cardea_handle_t handle);

  /// What a client has been told without asking since the last call.
  std::vector<Said> unasked(cardea_handle_t handle);

  std::map<cardea_route_t, RouteMade> routes;
  std::map<cardea_route_t, ForwardMade> forwards;
  std::map<cardea_handle_t, std::vector<ReceiverLine>> receivers;
  /// Tests may call `packets`; a tap's end calls `ended`.
  std::map<cardea_tap_t, TapMade> taps;
  std::map<cardea_handle_t, cardea_source_settings_t> sources;  ///< of the whole peer
  std::map<std::pair<cardea_handle_t, std::uint32_t>, cardea_source_settings_t> line_sources;
  std::vector<cardea_handle_t> keyframe_requests;
  std::vector<std::string> log;
  int data_answer = 0;  ///< of data_send() while the channels are up; 0 or CARDEA_DATA_...

 private:
  struct Line {
    std::string mid, codec;
    cardea_codec_t in_c{};
  };
  struct Client {
    void* object = nullptr;
    std::string role = {};
    std::vector<Said> said = {};
    bool has_peer = false;
    bool data_up = false;
    std::vector<DataSent> data = {};
    bool offered = false;          ///< the feature's offer is unanswered
    const Offer* offer = nullptr;  ///< of the message under way
    std::deque<Line> lines = {};
    std::vector<cardea_mline_t> mlines = {};
  };

  Said send(cardea_handle_t handle, const Json& body, cardea_jsep_type_t type, const Offer& offer);
  int take_plan(Client& client, const cardea_jsep_plan_t& plan);
  void negotiate(Client& client, const cardea_jsep_plan_t& plan);
  void drop_peer(cardea_handle_t handle);
  void end_tap(cardea_tap_t tap);
  [[nodiscard]] bool is_source(cardea_handle_t from) const;
  void media_event(cardea_handle_t handle, cardea_media_event_type_t type);

  static const void* host_interface(void* context, const char* id);
  static const cardea_feature_host_t kFeatureHost;
  static const cardea_media_t kMedia;

  std::map<std::string, const void*, std::less<>> more_;
  void* library_ = nullptr;
  void* instance_ = nullptr;
  const cardea_module_info_t* module_ = nullptr;
  const cardea_feature_t* feature_ = nullptr;
  cardea_host_t table_{};
  session::FeatureInfo info_;
  std::map<cardea_handle_t, Client> clients_;
  std::map<cardea_request_id_t, cardea_handle_t> requests_;
  std::vector<cardea_handle_t> hung_up_;
  std::uint64_t next_ = 1;
};

}  // namespace cardea::tests
