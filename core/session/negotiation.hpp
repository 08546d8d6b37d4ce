// Offer and answer of one handle's connection: what the client said, what we said, what the media
// core is told of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <cardea/feature.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

#include "core/media/engine.hpp"
#include "core/peer/params.hpp"
#include "core/sdp/description.hpp"
#include "core/session/mlines.hpp"
#include "core/session/plan_lines.hpp"

namespace cardea::session {

/// A client's description that passed all checks.
struct RemoteJsep {
  cardea_jsep_type_t type = CARDEA_JSEP_NONE;
  std::string text;
  sdp::Description description;
  MlineArray mlines;
  bool e2ee = false;
  bool restart = false;
  bool lowest_first = false;        ///< how the client lists its simulcast layers
  cardea_request_id_t request = 0;  ///< the message that it came with

  /// As the feature reads it; borrows from this.
  [[nodiscard]] cardea_jsep_t view() const;
};

/// Codes are CARDEA_EVENT_..., for the feature. All calls [control].
class Negotiation {
 public:
  /// @param peer the handle's id. `engine` outlives this.
  Negotiation(media::PeerId peer, media::Engine& engine);

  /// Checks and keeps the "jsep" of a message until the feature answers, takes or replaces it.
  /// @returns Janus's error 455, 456, 464, 465, 467 or 469; then nothing has changed.
  Result<std::shared_ptr<const RemoteJsep>> receive(const Json& jsep, cardea_request_id_t request);

  /// Drops what receive() kept for this request: the message was refused after all.
  void discard(cardea_request_id_t request);

  /// Does what a feature's plan says and makes or updates the peer where the pair is complete.
  /// @param placement peers with the same number share a worker. @returns the "jsep" for the
  /// client, or an error with a CARDEA_EVENT_... code; then nothing has changed.
  Result<Json> apply(const cardea_jsep_plan_t& plan, std::uint64_t placement);

  /// Completes our offer with the answer that came with `request`. Error codes as apply().
  Result<void> accept(cardea_request_id_t request, std::uint64_t placement);

  /// Forgets the connection and takes the peer out of the engine. An offer that the client has made
  /// and nobody answered yet stays.
  void close();
  /// The same when the engine has dropped the peer already.
  void lost();

  [[nodiscard]] bool has_peer() const { return has_peer_; }
  /// Of the last complete pair; null without one.
  [[nodiscard]] const sdp::Description* local() const { return local_ ? &*local_ : nullptr; }
  [[nodiscard]] const sdp::Description* remote() const { return remote_ ? &*remote_ : nullptr; }
  [[nodiscard]] peer::DtlsRole role() const { return role_; }
  /// The client said that its media are encrypted end to end.
  [[nodiscard]] bool e2ee() const { return e2ee_; }
  /// Somebody's offer waits for its answer.
  [[nodiscard]] bool offered() const { return pending_ != nullptr || offering(); }
  /// An offer of ours waits for its answer.
  [[nodiscard]] bool offering() const { return pending_offer_.has_value(); }
  /// What was agreed on; empty without a peer.
  [[nodiscard]] const MlineArray& mlines() const { return mlines_; }

 private:
  [[nodiscard]] bool restarts(const sdp::Description& remote) const;
  Result<Json> answer(const cardea_jsep_plan_t& plan, std::uint64_t placement);
  Result<Json> offer(const cardea_jsep_plan_t& plan);
  Result<void> complete(const sdp::Description& local, const sdp::Description& remote,
                        peer::DtlsRole role, std::uint64_t placement);
  [[nodiscard]] sdp::LocalTransport transport(const peer::IceCredentials& ice) const;
  void forget();

  media::PeerId peer_;
  media::Engine& engine_;
  LocalStreams streams_;
  std::uint64_t session_id_;
  std::uint64_t session_version_ = 0;

  std::shared_ptr<RemoteJsep> pending_;            ///< the client's, not answered or taken yet
  std::optional<sdp::Description> pending_offer_;  ///< ours, not answered yet
  peer::IceCredentials pending_ice_;

  bool has_peer_ = false;
  peer::DtlsRole role_ = peer::DtlsRole::Server;
  peer::IceCredentials ice_;
  std::optional<sdp::Description> local_;  ///< of the last complete pair
  std::optional<sdp::Description> remote_;
  MlineArray mlines_;
  bool e2ee_ = false;
};

}  // namespace cardea::session
