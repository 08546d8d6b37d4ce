// Session descriptions in C++: what is wanted of each m-line, for the host to write as SDP.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/module.hpp>
#include <cardea/sdp.h>

namespace cardea::sdk {

/// The direction that answers `client`'s: what it sends we receive.
constexpr cardea_direction_t reversed(cardea_direction_t client) {
  switch (client) {
    case CARDEA_SENDONLY:
      return CARDEA_RECVONLY;
    case CARDEA_RECVONLY:
      return CARDEA_SENDONLY;
    default:
      return client;
  }
}
constexpr bool sends(cardea_direction_t direction) { return (direction & CARDEA_SENDONLY) != 0; }
constexpr bool receives(cardea_direction_t direction) { return (direction & CARDEA_RECVONLY) != 0; }

/// What is wanted of one m-line; the members mean what they mean in cardea_mline_plan_t.
struct MlinePlan {
  cardea_kind_t kind = CARDEA_AUDIO;
  cardea_direction_t direction = CARDEA_SENDRECV;  ///< ours
  bool reject = false;
  std::vector<std::string> codecs = {};  ///< in order of preference; none: the client's order
  std::string fmtp = {};
  bool simulcast = false;
  bool audio_level = false;
  std::uint32_t bandwidth = 0;  ///< bit/s
  std::string msid_stream = {}, msid_track = {};
  std::string mid = {};
  bool video_orientation = true;
  bool playout_delay = true;
  bool transport_cc = true;
};

/// An offer or an answer to be made. Owns all its texts.
class Plan {
 public:
  /// Accepts every audio and video m-line of an offer with the direction reversed, and refuses the
  /// others.
  static Plan answer(std::span<const cardea_mline_t> offered) {
    Plan plan(CARDEA_JSEP_ANSWER);
    for (const cardea_mline_t& mline : offered) {
      plan.lines.push_back({.kind = mline.kind,
                            .direction = reversed(mline.direction),
                            .reject = mline.kind == CARDEA_DATA || mline.kind == CARDEA_OTHER});
    }
    return plan;
  }
  static Plan offer() { return Plan(CARDEA_JSEP_OFFER); }

  std::vector<MlinePlan> lines;
  bool restart = false;  ///< offer: new ICE credentials
  bool e2ee = false;

  /// Calls `use(const cardea_jsep_plan_t&)` with the C form, which is valid for that call.
  template <typename Use>
  auto in_c(Use use) const {
    std::vector<std::vector<const char*>> names(lines.size());
    std::vector<cardea_mline_plan_t> mlines(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      mlines[i] = in_c(lines[i], names[i]);
    }
    const cardea_jsep_plan_t plan{sizeof plan,   type_,           mlines.data(),
                                  mlines.size(), restart ? 1 : 0, e2ee ? 1 : 0};
    return use(plan);
  }

 private:
  explicit Plan(cardea_jsep_type_t type) : type_(type) {}

  static cardea_mline_plan_t in_c(const MlinePlan& line, std::vector<const char*>& names) {
    for (const std::string& codec : line.codecs) {
      names.push_back(codec.c_str());
    }
    names.push_back(nullptr);
    cardea_mline_plan_t out{};
    out.size = sizeof out;
    out.kind = line.kind;
    out.direction = line.direction;
    out.reject = line.reject ? 1 : 0;
    out.codecs = line.codecs.empty() ? nullptr : names.data();
    out.fmtp = line.fmtp.empty() ? nullptr : line.fmtp.c_str();
    out.simulcast = line.simulcast ? 1 : 0;
    out.audio_level = line.audio_level ? 1 : 0;
    out.bandwidth = line.bandwidth;
    out.msid_stream = to_str(line.msid_stream);
    out.msid_track = to_str(line.msid_track);
    out.mid = to_str(line.mid);
    out.video_orientation = line.video_orientation ? 1 : 0;
    out.playout_delay = line.playout_delay ? 1 : 0;
    out.transport_cc = line.transport_cc ? 1 : 0;
    return out;
  }

  cardea_jsep_type_t type_;
};

}  // namespace cardea::sdk
