// What leaves a publisher as plain RTP: forwarders, and remotizations to other servers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <cardea/media.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::videoroom {

struct Publisher;
struct PublishedStream;

/// Where plain RTP goes, and how it is protected.
struct Destination {
  std::string host;  ///< an IP address
  std::uint16_t port = 0, rtcp_port = 0;
  int srtp_suite = 0;
  std::string srtp_key = {};
};

/// One stream, or one simulcast layer of it, that goes to one place.
struct Forwarder {
  std::uint32_t id = 0;
  cardea_kind_t kind = CARDEA_AUDIO;
  Destination to = {};
  std::uint32_t ssrc = 0;  ///< 0: the publisher's
  std::uint8_t payload_type = 0;
  std::optional<std::int32_t> substream = {};  ///< a single layer
  bool simulcast = false;                      ///< follows the layers as a viewer does
  cardea_route_t route = 0;
};

/// A publisher that goes to another server as a whole: every stream to one port, told apart by
/// SSRC.
struct Remotization {
  Destination to;
  std::vector<cardea_route_t> routes;
};

/// The SSRC of a stream's layer on its way between servers, as Janus has it.
constexpr std::uint32_t remote_ssrc(std::uint32_t mindex, std::uint32_t layer) {
  return 1'000 + 10 * mindex + layer;
}
constexpr std::uint32_t kLayers = 3;

/// Reads "host", "srtp_suite" and "srtp_crypto"; the ports are the caller's.
Result<Destination> destination(const Json& body);

/// Starts it and adds it to the publisher's. @returns false when the media core refused it.
bool add_forwarder(Publisher& publisher, const PublishedStream& stream, Forwarder forwarder);

/// Sends every stream that is there now.
void remotize(const Publisher& publisher, Remotization& remote);
/// Stops it and starts anew with the streams that the publisher has now.
void update_remotes(Publisher& publisher);
void stop(const Publisher& publisher, Remotization& remote);

/// Everything ends; the publisher's routes go with its peer.
void end_forwards(Publisher& publisher);

/// As in the answers to rtp_forward and listforwarders.
Json description(const Forwarder& forwarder);

}  // namespace cardea::videoroom
