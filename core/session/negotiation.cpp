// Offer/answer by core/sdp, with our credentials, SSRCs and limits.
#include "core/session/negotiation.hpp"

#include <algorithm>
#include <tuple>

#include <cardea/sdk/text.hpp>

#include "core/base/random.hpp"
#include "core/sdp/answerer.hpp"
#include "core/sdp/negotiated.hpp"
#include "core/sdp/parser.hpp"
#include "core/sdp/security.hpp"
#include "core/sdp/writer.hpp"
#include "core/session/errors.hpp"
#include "core/session/peer_params.hpp"

namespace cardea::session {
namespace {

// RFC 8839 5.4 asks for 4 and 22; the ufrag is also the key by which a first check finds its peer,
// so it must not collide.
constexpr std::size_t kUfragLength = 8;
constexpr std::size_t kPasswordLength = 24;

peer::IceCredentials fresh_credentials() {
  return {random_text(kUfragLength), random_text(kPasswordLength)};
}

Result<void> check_member(const Json& jsep, const char* name, bool required, bool is_text) {
  const Json value = jsep[name];
  if (!value) {
    return required ? Result<void>(
                          Error{std::string("JSEP error: missing mandatory element (") + name + ")",
                                kErrorMissingElement})
                    : Result<void>();
  }
  if (is_text ? !value.is_string() : !value.is_bool()) {
    return Error{std::string("JSEP error: invalid element type (") + name + " should be a " +
                     (is_text ? "string" : "boolean") + ")",
                 kErrorInvalidElementType};
  }
  return {};
}

/// The members of a "jsep" and their types, before the SDP is looked at.
Result<cardea_jsep_type_t> check_form(const Json& jsep) {
  if (!jsep.is_object()) {
    return Error{"Invalid jsep object", kErrorInvalidJsonObject};
  }
  for (const auto& [name, required, is_text] :
       {std::tuple{"type", true, true}, std::tuple{"sdp", true, true},
        std::tuple{"trickle", false, false}, std::tuple{"e2ee", false, false}}) {
    if (auto checked = check_member(jsep, name, required, is_text); !checked) {
      return checked.error();
    }
  }
  const std::string_view type = jsep["type"].as_text();
  if (type == "offer") {
    return CARDEA_JSEP_OFFER;
  }
  if (type == "answer") {
    return CARDEA_JSEP_ANSWER;
  }
  return Error{"JSEP error: unknown message type '" + sdk::echoed(type) + "'",
               kErrorJsepUnknownType};
}

Json jsep_json(const char* type, const sdp::Description& description, bool e2ee) {
  Json out = Json::object({{"type", type}, {"sdp", sdp::write(description)}});
  if (e2ee) {
    out.set("e2ee", true);
  }
  return out;
}

}  // namespace

cardea_jsep_t RemoteJsep::view() const {
  cardea_jsep_t out{};
  out.type = type;
  out.sdp = {text.data(), text.size()};
  out.mlines = mlines.data();
  out.mline_count = mlines.size();
  out.e2ee = e2ee ? 1 : 0;
  out.restart = restart ? 1 : 0;
  return out;
}

Negotiation::Negotiation(media::PeerId peer, media::Engine& engine)
    : peer_(peer), engine_(engine), session_id_(random_id()) {}

Result<std::shared_ptr<const RemoteJsep>> Negotiation::receive(const Json& jsep,
                                                               cardea_request_id_t request) {
  auto type = check_form(jsep);
  if (!type) {
    return type.error();
  }
  const bool is_answer = *type == CARDEA_JSEP_ANSWER;
  const auto limits = is_answer && pending_offer_ ? sdp::answer_limits(pending_offer_->media.size())
                                                  : sdp::ParseLimits{};
  const Json text = jsep["sdp"];
  auto parsed = sdp::parse(text.as_text(), limits);
  if (!parsed) {
    return Error{"Invalid SDP (" + parsed.error().message + ")", kErrorJsepInvalidSdp};
  }
  if (parsed->media.empty()) {
    return Error{"Invalid SDP (no m-line)", kErrorJsepInvalidSdp};
  }
  if (is_answer && !pending_offer_) {
    return Error{"Unexpected answer: there is no offer to answer", kErrorUnexpectedAnswer};
  }
  if (auto secure = sdp::check_secure(*parsed, is_answer); !secure) {
    return Error{"Invalid SDP (" + secure.error().message + ")", kErrorJsepInvalidSdp};
  }
  auto made = std::make_shared<RemoteJsep>();
  made->type = *type;
  made->text = text.text_or();
  made->mlines = MlineArray(*parsed);
  made->restart = restarts(*parsed);
  made->description = *std::move(parsed);
  made->e2ee = jsep["e2ee"].as_bool();
  // janus.js lists the best layer first and says nothing; "lmh" tells of the other way round.
  made->lowest_first = jsep["rid_order"].as_text() == "lmh";
  made->request = request;
  pending_ = made;
  return std::shared_ptr<const RemoteJsep>(made);
}

void Negotiation::discard(cardea_request_id_t request) {
  if (pending_ && pending_->request == request) {
    pending_.reset();
  }
}

bool Negotiation::restarts(const sdp::Description& remote) const {
  if (!remote_) {
    return false;
  }
  const sdp::TransportInfo before = remote_->bundle_transport();
  const sdp::TransportInfo after = remote.bundle_transport();
  return before.ice_ufrag != after.ice_ufrag || before.ice_pwd != after.ice_pwd;
}

Result<Json> Negotiation::apply(const cardea_jsep_plan_t& plan, std::uint64_t placement) {
  switch (plan.type) {
    case CARDEA_JSEP_ANSWER:
      return answer(plan, placement);
    case CARDEA_JSEP_OFFER:
      return offer(plan);
    default:
      return Error{"a plan without a type", CARDEA_EVENT_BAD_PLAN};
  }
}

Result<Json> Negotiation::answer(const cardea_jsep_plan_t& plan, std::uint64_t placement) {
  if (!pending_ || pending_->type != CARDEA_JSEP_OFFER) {
    return Error{"there is no offer to answer", CARDEA_EVENT_BAD_PLAN};
  }
  const sdp::Description& offered = pending_->description;
  auto lines = answer_lines(plan, offered, streams_);
  if (!lines) {
    return Error{lines.error().message, CARDEA_EVENT_BAD_PLAN};
  }
  const peer::IceCredentials ice = !has_peer_ || restarts(offered) ? fresh_credentials() : ice_;
  sdp::LocalTransport ours = transport(ice);
  // Who was DTLS client stays so: a new role would mean a new handshake.
  ours.setup =
      has_peer_ && role_ == peer::DtlsRole::Client ? sdp::Setup::Active : sdp::Setup::Passive;
  auto made = sdp::make_answer(offered, *lines, ours);
  if (!made) {
    return Error{made.error().message, CARDEA_EVENT_BAD_PLAN};
  }
  const auto role = made->bundle_transport().setup == sdp::Setup::Active ? peer::DtlsRole::Client
                                                                         : peer::DtlsRole::Server;
  if (auto done = complete(*made, offered, role, placement); !done) {
    return done.error();
  }
  ice_ = ice;
  pending_.reset();
  // The client's offer won over ours, if there was one under way.
  pending_offer_.reset();
  return jsep_json("answer", *made, plan.e2ee != 0);
}

Result<Json> Negotiation::offer(const cardea_jsep_plan_t& plan) {
  if (pending_offer_) {
    return Error{"the last offer is not answered yet", CARDEA_EVENT_BUSY};
  }
  const sdp::Description* previous = local_ ? &*local_ : nullptr;
  auto lines = offer_lines(plan, previous, streams_);
  if (!lines) {
    return Error{lines.error().message, CARDEA_EVENT_BAD_PLAN};
  }
  pending_ice_ = !has_peer_ || plan.restart != 0 ? fresh_credentials() : ice_;
  pending_offer_ = sdp::make_offer(*lines, transport(pending_ice_), previous);
  ++session_version_;
  return jsep_json("offer", *pending_offer_, plan.e2ee != 0);
}

Result<void> Negotiation::accept(cardea_request_id_t request, std::uint64_t placement) {
  if (!pending_ || pending_->type != CARDEA_JSEP_ANSWER || pending_->request != request ||
      !pending_offer_) {
    return Error{"no answer came with this request", CARDEA_EVENT_BAD_PLAN};
  }
  const sdp::Description& answered = pending_->description;
  if (answered.media.size() != pending_offer_->media.size()) {
    return Error{"the answer has other m-lines than the offer", CARDEA_EVENT_BAD_PLAN};
  }
  peer::DtlsRole role = role_;
  if (!has_peer_) {
    role = answered.bundle_transport().setup == sdp::Setup::Passive ? peer::DtlsRole::Client
                                                                    : peer::DtlsRole::Server;
  }
  // Copies, because complete() ends with both as local_ and remote_.
  const sdp::Description local = *pending_offer_;
  if (auto done = complete(local, answered, role, placement); !done) {
    return done.error();
  }
  ice_ = pending_ice_;
  pending_.reset();
  pending_offer_.reset();
  return {};
}

Result<void> Negotiation::complete(const sdp::Description& local, const sdp::Description& remote,
                                   peer::DtlsRole role, std::uint64_t placement) {
  const auto lines = sdp::negotiated(local, remote);
  peer::Params params = make_peer_params(local, remote, lines, role, streams_.cname());
  if (pending_ && !pending_->lowest_first) {
    for (peer::LineParams& line : params.lines) {
      std::reverse(line.rids.begin(), line.rids.end());
    }
  }
  if (has_peer_) {
    engine_.update_peer(peer_, std::move(params));
  } else if (auto added = engine_.add_peer(peer_, placement, std::move(params)); !added) {
    return Error{added.error().message, CARDEA_EVENT_NO_MEDIA};
  }
  has_peer_ = true;
  role_ = role;
  e2ee_ = pending_ && pending_->e2ee;
  mlines_ = MlineArray(remote, lines);
  local_ = local;
  remote_ = remote;
  ++session_version_;
  return {};
}

sdp::LocalTransport Negotiation::transport(const peer::IceCredentials& ice) const {
  const media::LocalTransport& ours = engine_.local_transport();
  sdp::LocalTransport out;
  out.ufrag = ice.ufrag;
  out.pwd = ice.password;
  out.fingerprint_sha256 = ours.fingerprint;
  out.candidates = ours.candidates;
  out.session_id = session_id_;
  out.session_version = session_version_;
  return out;
}

void Negotiation::close() {
  if (has_peer_) {
    engine_.remove_peer(peer_);
  }
  forget();
}

void Negotiation::lost() { forget(); }

void Negotiation::forget() {
  has_peer_ = false;
  e2ee_ = false;
  role_ = peer::DtlsRole::Server;
  local_.reset();
  remote_.reset();
  pending_offer_.reset();
  if (pending_ && pending_->type == CARDEA_JSEP_ANSWER) {
    pending_.reset();
  }
  mlines_ = MlineArray();
  // A connection of its own: nothing may be mistaken for the old one's streams.
  streams_ = LocalStreams();
}

}  // namespace cardea::session
