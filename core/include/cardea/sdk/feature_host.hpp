// The host's side of a feature in C++: answers, events, peers and routes.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <cardea/events.h>
#include <cardea/feature.h>
#include <cardea/media.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/module.hpp>
#include <cardea/sdk/plan.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::sdk {

/// What a feature may ask of its host. All calls [control]. A value that borrows the host's tables.
class FeatureHost : public Host {
 public:
  /// Throws when the host lacks one of the two interfaces: the module's start is then refused.
  explicit FeatureHost(const cardea_host_t& table)
      : Host(table),
        feature_(needed<cardea_feature_host_t>(CARDEA_FEATURE_HOST)),
        media_(needed<cardea_media_t>(CARDEA_MEDIA)),
        events_(get_interface<cardea_events_t>(CARDEA_EVENTS)) {}

  /// Answers a synchronous operation; once per request.
  void reply(cardea_request_id_t request, const Json& body) const {
    feature_->reply(context(), request, to_str(body.dump()));
  }

  /// @param request whose transaction the event takes; 0 for none.
  /// @param plan null, or the offer or answer that goes with it.
  /// @returns with a plan: the CARDEA_EVENT_... number as the error's code; nothing was sent then.
  Result<void> event(cardea_handle_t handle, cardea_request_id_t request, const Json& body,
                     const Plan* plan = nullptr) const {
    const std::string text = body.dump();
    const auto send = [&](const cardea_jsep_plan_t* jsep) {
      return feature_->event(context(), handle, request, to_str(text), jsep);
    };
    const int result =
        plan == nullptr ? send(nullptr)
                        : plan->in_c([&](const cardea_jsep_plan_t& in_c) { return send(&in_c); });
    return outcome(result);
  }

  /// Applies the answer that came with `request` to the offer made before.
  Result<void> accept_answer(cardea_request_id_t request) const {
    return outcome(feature_->accept_answer(context(), request));
  }
  void hangup(cardea_handle_t handle, std::string_view reason) const {
    feature_->hangup(context(), handle, to_str(reason));
  }
  /// @param role a literal; empty takes the role away.
  void set_role(cardea_handle_t handle, const char* role) const {
    feature_->set_role(context(), handle, role);
  }
  /// The negotiated m-lines of the handle's peer; borrowed until the next call.
  [[nodiscard]] std::span<const cardea_mline_t> mlines(cardea_handle_t handle) const {
    std::size_t count = 0;
    const cardea_mline_t* first = feature_->mlines(context(), handle, &count);
    return {first, first == nullptr ? 0 : count};
  }
  [[nodiscard]] bool may(cardea_handle_t handle, cardea_access_t access) const {
    return feature_->may(context(), handle, access) != 0;
  }

  /// Handles with the same key share a worker; before the handle's first offer or answer.
  void place(cardea_handle_t handle, std::uint64_t key) const {
    media_->place(context(), handle, key);
  }
  /// Of a data m-line every message goes on under its label. @returns 0 when a handle has no peer
  /// or no such m-line.
  [[nodiscard]] cardea_route_t route_add(
      cardea_handle_t from, std::uint32_t from_mline, cardea_handle_t to, std::uint32_t to_mline,
      const cardea_route_settings_t& settings = kWholeRoute) const {
    return media_->route_add(context(), from, from_mline, to, to_mline, &settings);
  }
  void route_set(cardea_route_t route, const cardea_route_settings_t& settings) const {
    media_->route_set(context(), route, &settings);
  }
  void route_remove(cardea_route_t route) const { media_->route_remove(context(), route); }
  void source_set(cardea_handle_t from, std::uint32_t mline, std::uint32_t bitrate,
                  std::uint32_t keyframe_seconds) const {
    cardea_source_settings_t settings{};
    settings.size = sizeof settings;
    settings.bitrate = bitrate;
    settings.keyframe_seconds = keyframe_seconds;
    source_set(from, mline, settings);
  }
  void source_set(cardea_handle_t from, std::uint32_t mline,
                  const cardea_source_settings_t& settings) const {
    media_->source_set(context(), from, mline, &settings);
  }
  void request_keyframe(cardea_handle_t from, std::uint32_t mline) const {
    media_->request_keyframe(context(), from, mline);
  }

  /// Plain RTP to an address outside WebRTC; ended by route_remove(). 0 when it could not be had.
  [[nodiscard]] cardea_route_t forward_add(cardea_handle_t from, std::uint32_t mline,
                                           const cardea_forward_settings_t& settings) const {
    return media_->forward_add == nullptr ? 0
                                          : media_->forward_add(context(), from, mline, &settings);
  }
  /// A UDP port that takes plain RTP; stands for a handle in `from`. 0 when it could not be had.
  [[nodiscard]] cardea_handle_t receiver_add(const cardea_plain_receiver_t& settings,
                                             std::uint16_t& port) const {
    return media_->receiver_add == nullptr ? 0 : media_->receiver_add(context(), &settings, &port);
  }
  void receiver_remove(cardea_handle_t receiver) const {
    media_->receiver_remove(context(), receiver);
  }
  /// An observer of a source; 0 when the source is unknown, then `ended` is not called.
  [[nodiscard]] cardea_tap_t tap_add(cardea_handle_t from, std::uint32_t mline,
                                     const cardea_tap_settings_t& settings) const {
    return media_->tap_add == nullptr ? 0 : media_->tap_add(context(), from, mline, &settings);
  }
  void tap_remove(cardea_tap_t tap) const { media_->tap_remove(context(), tap); }

  /// Text on the data channel of that label, which is opened when it is missing.
  /// @returns 0 or a CARDEA_DATA_... number.
  [[nodiscard]] int data_send(cardea_handle_t to, std::string_view label,
                              std::string_view text) const {
    return data_send(to, {sizeof(cardea_data_message_t), to_str(label), {}, 0, to_str(text)});
  }
  /// The same for a message with a subprotocol, or of bytes.
  [[nodiscard]] int data_send(cardea_handle_t to, const cardea_data_message_t& message) const {
    return media_->data_send(context(), to, &message);
  }

  /// Whether anybody listens to tell(): an event that nobody wants need not be made.
  [[nodiscard]] bool told() const { return events_ != nullptr && events_->wanted(context()) != 0; }
  /// Tells the event handlers something about the feature; `handle` 0: about no handle.
  void tell(cardea_handle_t handle, const Json& data) const {
    if (events_ != nullptr) {
      events_->emit(context(), handle, to_str(data.dump()));
    }
  }

  /// Not paused, every layer.
  static constexpr cardea_route_settings_t kWholeRoute = CARDEA_ROUTE_SETTINGS;

 private:
  template <typename Table>
  const Table* needed(const char* id) const {
    const auto* table = get_interface<Table>(id);
    if (table == nullptr) {
      throw std::runtime_error(std::string("the host has no interface ") + id);
    }
    return table;
  }

  static Result<void> outcome(int result) {
    switch (result) {
      case 0:
        return {};
      case CARDEA_EVENT_NO_HANDLE:
        return Error{"the handle is gone", result};
      case CARDEA_EVENT_BUSY:
        return Error{"an offer is still unanswered", result};
      case CARDEA_EVENT_NO_MEDIA:
        return Error{"the server has no place for another peer", result};
      default:
        return Error{"the session description does not fit", result};
    }
  }

  const cardea_feature_host_t* feature_;
  const cardea_media_t* media_;
  const cardea_events_t* events_;  ///< null in a host without events
};

}  // namespace cardea::sdk
