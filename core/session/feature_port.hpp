// A feature plugin as the session layer sees it; modules/feature_bridge implements it over the C
// ABI, tests with fakes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <cardea/feature.h>
#include <cardea/sdk/json.hpp>

namespace cardea::session {

/// Janus's handle id; also the id of its peer in the media engine.
using HandleId = std::uint64_t;

struct FeatureInfo {
  std::string id;
  std::vector<std::string> aliases;
  std::string name;
  std::string author;
  std::string description;
  std::string version_text;
  std::uint32_t version = 0;
  std::string event_key;
  std::string error_word = "event";  ///< what it says in errors of a known operation
  std::span<const cardea_operation_t> operations;
  cardea_error_codes_t codes{};
  bool request_optional = false;
};

/// All calls [control]. An exception inside a feature never comes out: the bridge turns it into
/// false or null.
class FeaturePort {
 public:
  virtual ~FeaturePort() = default;
  [[nodiscard]] virtual const FeatureInfo& info() const = 0;
  /// The feature's object for a new handle; null refuses it.
  virtual void* attach(HandleId handle) = 0;
  virtual void detach(void* object) = 0;
  virtual void message(void* object, const cardea_request_t& request) = 0;
  virtual void media(void* object, const cardea_media_event_t& event) = 0;
  /// What the Admin API shows of a handle; absent: nothing.
  virtual Json describe(void* object) = 0;
  /// Nothing happens when the feature takes no data.
  virtual void data(void* object, const cardea_data_message_t& message) = 0;
};

}  // namespace cardea::session
