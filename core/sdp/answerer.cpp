// Builds an answer, m-line by m-line.
#include "core/sdp/answerer.hpp"

#include <algorithm>
#include <string>

#include "core/sdp/codec_match.hpp"
#include "core/sdp/line_parts.hpp"
#include "core/sdp/text.hpp"

namespace cardea::sdp {

namespace {

MediaLine make_rejected(const MediaLine& offered) {
  MediaLine line;
  line.kind = offered.kind;
  line.kind_text = offered.kind_text;
  line.protocol = offered.protocol;
  line.formats = offered.formats;
  line.mid = offered.mid;
  line.port = 0;
  line.direction = Direction::Inactive;
  if (!offered.payload_types.empty()) {
    // At least one format must stand there; which one means nothing.
    line.payload_types.push_back(offered.payload_types.front());
    line.payload_types.front().feedback.clear();
  }
  return line;
}

Setup answer_setup(Setup offered, Setup wanted) {
  if (offered == Setup::Passive) {
    return Setup::Active;
  }
  return offered == Setup::ActPass && wanted == Setup::Active ? Setup::Active : Setup::Passive;
}

bool contains(const auto& list, const auto& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// The reports and the numbers that they speak of come together or not at all.
bool takes_transport_cc(const MediaLine& offered, const PayloadType& type, const LinePlan& plan) {
  const auto uri = rtp::extension_uri(rtp::ExtensionKind::TransportCc);
  return contains(plan.extensions, rtp::ExtensionKind::TransportCc) &&
         contains(type.feedback, kTransportCc) &&
         std::any_of(offered.extmaps.begin(), offered.extmaps.end(),
                     [uri](const Extmap& extmap) { return extmap.uri == uri; });
}

PayloadType answer_type(const PayloadType& offered, const CodecChoice& choice, bool transport_cc) {
  PayloadType type = offered;
  std::erase_if(type.feedback, [transport_cc](const std::string& feedback) {
    return feedback == kTransportCc ? !transport_cc : !is_our_feedback(feedback);
  });
  // Audio parameters are what we wish to receive; those of video name the offerer's profile and
  // stay.
  if (rtp::is_audio(choice.codec) && choice.fmtp.find('=') != std::string::npos) {
    type.fmtp = choice.fmtp;
  }
  return type;
}

// False when no codec of the plan was offered.
bool answer_codec(const MediaLine& offered, const LinePlan& plan, MediaLine& line) {
  for (const CodecChoice& choice : plan.codecs) {
    const PayloadType* type = find_codec(offered, choice);
    if (type == nullptr) {
      continue;
    }
    const PayloadType* red = choice.red ? find_red(offered, type->number) : nullptr;
    if (red != nullptr) {
      // First place is what makes the offerer use it.
      line.payload_types.push_back(*red);
      line.payload_types.back().feedback.clear();
    }
    line.payload_types.push_back(
        answer_type(*type, choice, takes_transport_cc(offered, *type, plan)));
    const PayloadType* rtx = choice.rtx ? find_rtx(offered, type->number) : nullptr;
    if (rtx != nullptr) {
      line.payload_types.push_back(*rtx);
      line.payload_types.back().feedback.clear();
    }
    return true;
  }
  return false;
}

void answer_extensions(const MediaLine& offered, const LinePlan& plan, MediaLine& line) {
  const bool transport_cc =
      std::any_of(line.payload_types.begin(), line.payload_types.end(),
                  [](const PayloadType& type) { return contains(type.feedback, kTransportCc); });
  std::vector<rtp::ExtensionKind> done;
  for (const Extmap& extmap : offered.extmaps) {
    const rtp::ExtensionKind kind = rtp::extension_kind(extmap.uri);
    const bool wanted = contains(plan.extensions, kind) && !contains(done, kind) &&
                        (kind != rtp::ExtensionKind::TransportCc || transport_cc);
    if (kind != rtp::ExtensionKind::Unknown && wanted) {
      line.extmaps.push_back({extmap.id, reversed(extmap.direction), extmap.uri});
      done.push_back(kind);
    }
  }
}

// The first alternative of one stream of a=simulcast, without the mark for "paused".
std::string first_alternative(std::string_view stream) {
  std::string_view id = take_until(stream, ',');
  if (starts_with(id, "~")) {
    id.remove_prefix(1);
  }
  return std::string(id);
}

void answer_simulcast(const MediaLine& offered, const LinePlan& plan, MediaLine& line) {
  if (!plan.accept_simulcast || !receives(line.direction)) {
    return;
  }
  for (const std::string& stream : offered.simulcast.send) {
    const std::string id = first_alternative(stream);
    const bool declared = std::any_of(offered.rids.begin(), offered.rids.end(),
                                      [&id](const Rid& rid) { return rid.send && rid.id == id; });
    auto& list = line.simulcast.receive;
    if (declared && std::find(list.begin(), list.end(), id) == list.end()) {
      list.push_back(id);
      line.rids.push_back({id, false, {}});
    }
  }
}

bool is_sctp(const MediaLine& line) { return line.protocol.find("SCTP") != std::string::npos; }

// False when the line must be rejected after all.
bool answer_media(const MediaLine& offered, const LinePlan& plan, MediaLine& line) {
  if (offered.kind == MediaKind::Application) {
    line.sctp_port = offered.sctp_port != 0 ? offered.sctp_port : std::uint16_t{5000};
    line.max_message_size = kMaxMessageSize;
    return is_sctp(offered);
  }
  // We have no second port for RTCP.
  if (!offered.rtcp_mux || !answer_codec(offered, plan, line)) {
    return false;
  }
  line.rtcp_mux = true;
  line.rtcp_rsize = offered.rtcp_rsize;
  line.direction = make_direction(sends(plan.direction) && receives(offered.direction),
                                  receives(plan.direction) && sends(offered.direction));
  answer_extensions(offered, plan, line);
  answer_simulcast(offered, plan, line);
  const bool with_rtx = std::any_of(
      line.payload_types.begin(), line.payload_types.end(),
      [](const PayloadType& t) { return rtp::codec_from_name(t.name) == rtp::Codec::Rtx; });
  put_streams(line, plan, with_rtx);
  put_bandwidth(line, plan.bandwidth_bps);
  return true;
}

// One transport is all that we have: the bundle, or the first accepted m-line where there is none;
// and one SCTP association on it (RFC 8841 4.2).
bool can_accept(const Description& offer, const MediaLine& offered, const LinePlan& plan,
                const Description& answer) {
  const auto accepted = [&](auto which) {
    return std::any_of(answer.media.begin(), answer.media.end(),
                       [&](const MediaLine& line) { return !line.rejected() && which(line); });
  };
  const bool shares = offer.has_bundle ? offer.is_bundled(offered.mid)
                                       : !accepted([](const MediaLine&) { return true; });
  const bool second = offered.kind == MediaKind::Application && accepted([](const MediaLine& line) {
                        return line.kind == MediaKind::Application;
                      });
  return shares && !second && !plan.reject && !offered.rejected() &&
         offered.kind != MediaKind::Other;
}

MediaLine answer_line(const Description& offer, const MediaLine& offered, const LinePlan& plan,
                      const LocalTransport& transport) {
  MediaLine line;
  line.kind = offered.kind;
  line.protocol = offered.protocol;
  line.formats = offered.formats;
  line.mid = offered.mid;
  if (!answer_media(offered, plan, line)) {
    return make_rejected(offered);
  }
  put_transport(line, transport, answer_setup(offer.transport_of(offered).setup, transport.setup));
  return line;
}

}  // namespace

Result<Description> make_answer(const Description& offer, std::span<const LinePlan> plans,
                                const LocalTransport& transport) {
  if (plans.size() > offer.media.size()) {
    return Error{"answer plans " + std::to_string(plans.size()) + " m-lines, the offer has " +
                 std::to_string(offer.media.size())};
  }
  Description answer = make_session(transport);
  answer.has_bundle = offer.has_bundle;
  answer.extmap_allow_mixed = offer.extmap_allow_mixed;
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const MediaLine& offered = offer.media[i];
    if (i < plans.size() && !plans[i].reject && plans[i].kind != offered.kind) {
      return Error{"m-line " + std::to_string(i) + " is " + to_text(offered.kind) +
                   ", its plan is for " + to_text(plans[i].kind)};
    }
    const bool accept = i < plans.size() && can_accept(offer, offered, plans[i], answer);
    answer.media.push_back(accept ? answer_line(offer, offered, plans[i], transport)
                                  : make_rejected(offered));
    if (!answer.media.back().rejected() && offer.has_bundle) {
      answer.bundle.push_back(offered.mid);
    }
  }
  return answer;
}

}  // namespace cardea::sdp
