// One client of EchoTest: its settings, the routes of its media to itself, its recordings.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cardea/sdk/plugin.hpp>
#include <cardea/sdk/recording.hpp>

#include "plugins/echotest/config.hpp"

namespace cardea::echotest {

/// [control] What all clients share: where recordings lie, and how much they may take.
class EchoTest final : public sdk::Plugin {
 public:
  EchoTest(const cardea_host_t& host_table, Json given);

  [[nodiscard]] const std::string& recordings() const { return recordings_; }
  [[nodiscard]] const std::shared_ptr<sdk::RecordingBudget>& budget() const { return budget_; }

 private:
  std::string recordings_;  ///< empty: nothing can be recorded
  std::shared_ptr<sdk::RecordingBudget> budget_;
};

class Echo final : public sdk::Handle {
 public:
  using Plugin = EchoTest;

  Echo(EchoTest& plugin, cardea_handle_t handle) : Handle(plugin, handle), plugin_(plugin) {}
  ~Echo() override { stop_recording(); }

  /// The one request.
  sdk::Answer configure(const sdk::Request& request);

  void on_media_down(std::string_view reason) override;
  void on_media(const cardea_media_event_t& event) override;
  void on_data(const cardea_data_message_t& message) override;
  [[nodiscard]] Json describe() const override;

  static constexpr sdk::FeatureInfo kFeature = kFeatureInfo;
  static constexpr sdk::Operation<Echo> kOperations[] = {
      {.name = "configure",
       .handle = sdk::method<&Echo::configure>(),
       .params = detail::kParams,
       .help = "The one request, which needs no name: settings, and an offer to answer"},
  };

 private:
  struct Echoed {
    cardea_route_t route;
    cardea_kind_t kind;
  };
  struct Settings {
    bool audio = true;
    bool video = true;
    std::uint32_t bitrate = 0;
    std::int32_t substream = -1;
    std::int32_t temporal = -1;
    std::uint32_t fallback_us = 0;
    std::int32_t min_delay_ms = -1;
    std::int32_t max_delay_ms = -1;
    bool record = false;
    std::string filename;
  };

  void take_settings(const sdk::Request& request);
  void apply_settings();
  void connect_lines();
  void start_recording();
  void record_line(const cardea_mline_t& mline, const std::string& name);
  void stop_recording();

  EchoTest& plugin_;
  Settings settings_;
  bool e2ee_ = false;
  std::vector<Echoed> routes_;
  std::vector<std::shared_ptr<sdk::Recording>> recordings_;
};

}  // namespace cardea::echotest
