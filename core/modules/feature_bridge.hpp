// Both sides of <cardea/feature.h>: calls from the session layer into a module, and a module's
// calls into the session layer.
#pragma once

#include <cardea/feature.h>

#include "core/modules/module.hpp"
#include "core/session/feature_port.hpp"

namespace cardea::modules {

/// A feature module as the session layer's port. Times each call: one over a second is logged with
/// the module's name.
class FeatureBridge final : public session::FeaturePort {
 public:
  /// @param module running, outlives the bridge. @param table its CARDEA_FEATURE interface.
  FeatureBridge(Module& module, const cardea_feature_t& table);

  [[nodiscard]] const session::FeatureInfo& info() const override { return info_; }
  void* attach(session::HandleId handle) override;
  void detach(void* object) override;
  void message(void* object, const cardea_request_t& request) override;
  void media(void* object, const cardea_media_event_t& event) override;
  Json describe(void* object) override;
  void data(void* object, const cardea_data_message_t& message) override;

 private:
  Module& module_;
  const cardea_feature_t& table_;
  session::FeatureInfo info_;
};

/// What modules call.
const cardea_feature_host_t& feature_host_table();

}  // namespace cardea::modules
