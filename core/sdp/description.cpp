// Look-ups in a description, and the words of its enumerations.
#include "core/sdp/description.hpp"

#include <algorithm>

namespace cardea::sdp {

const PayloadType* MediaLine::find_payload_type(std::uint8_t number) const {
  const auto at = std::find_if(payload_types.begin(), payload_types.end(),
                               [number](const PayloadType& p) { return p.number == number; });
  return at == payload_types.end() ? nullptr : &*at;
}

const MediaLine* Description::find_mid(const std::string& mid) const {
  const auto at = std::find_if(media.begin(), media.end(),
                               [&mid](const MediaLine& line) { return line.mid == mid; });
  return at == media.end() ? nullptr : &*at;
}

bool Description::is_bundled(const std::string& mid) const {
  return std::find(bundle.begin(), bundle.end(), mid) != bundle.end();
}

TransportInfo Description::transport_of(const MediaLine& line) const {
  TransportInfo info = line.transport;
  if (info.ice_ufrag.empty()) {
    info.ice_ufrag = transport.ice_ufrag;
    info.ice_pwd = transport.ice_pwd;
  }
  if (info.ice_options.empty()) {
    info.ice_options = transport.ice_options;
  }
  if (info.fingerprints.empty()) {
    info.fingerprints = transport.fingerprints;
  }
  if (info.setup == Setup::None) {
    info.setup = transport.setup;
  }
  return info;
}

TransportInfo Description::bundle_transport() const {
  if (!bundle.empty()) {
    if (const MediaLine* tagged = find_mid(bundle.front())) {
      return transport_of(*tagged);
    }
  }
  const auto first = std::find_if(media.begin(), media.end(),
                                  [](const MediaLine& line) { return !line.rejected(); });
  return first == media.end() ? transport : transport_of(*first);
}

const char* to_text(MediaKind kind) {
  switch (kind) {
    case MediaKind::Audio:
      return "audio";
    case MediaKind::Video:
      return "video";
    case MediaKind::Application:
      return "application";
    case MediaKind::Other:
      break;
  }
  return "other";
}

const char* to_text(Direction direction) {
  switch (direction) {
    case Direction::SendRecv:
      return "sendrecv";
    case Direction::SendOnly:
      return "sendonly";
    case Direction::RecvOnly:
      return "recvonly";
    case Direction::Inactive:
      break;
  }
  return "inactive";
}

const char* to_text(Setup setup) {
  switch (setup) {
    case Setup::ActPass:
      return "actpass";
    case Setup::Active:
      return "active";
    case Setup::Passive:
      return "passive";
    case Setup::HoldConn:
      return "holdconn";
    case Setup::None:
      break;
  }
  return "";
}

}  // namespace cardea::sdp
