// The Janus API: takes messages of clients, runs sessions and handles, and serves what features ask
// for. Sans-IO: clients, features, media and time are behind interfaces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <cardea/feature.h>
#include <cardea/identity.h>

#include "core/base/time.hpp"
#include "core/event/bus.hpp"
#include "core/log/log.hpp"
#include "core/media/engine.hpp"
#include "core/metrics/metrics.hpp"
#include "core/session/admin_port.hpp"
#include "core/session/client_port.hpp"
#include "core/session/feature_port.hpp"
#include "core/session/guard.hpp"
#include "core/session/settings.hpp"

namespace cardea::session {

struct Context;

/// All calls [control]. The references given to the constructor outlive it. Calls of features come
/// back in here while message() and the like run; that is meant.
class Api final : public media::Listener {
 public:
  Api(Settings settings, ClientPort& clients, media::Engine& engine, event::Bus& bus,
      log::Logger logger, metrics::Registry& registry, std::function<Time()> clock);
  /// Ends every session: each handle's feature gets detach().
  ~Api() override;
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// From now on clients can attach to it by its id and aliases. `feature` outlives this Api. An id
  /// or alias that is known already keeps its first owner.
  void add_feature(FeaturePort& feature);
  /// What the Admin API reaches around the sessions; without one such requests are refused.
  void set_admin_port(AdminPort& port);
  /// Whose tokens clients may show in place of those of the Janus API.
  void set_identity(const cardea_identity_t& identity);
  /// Asked for clients' operations; may be empty.
  void set_admission(Admission admission);
  /// The limits and switches that may change at run time.
  void set_settings(Settings settings);

  // From clients.

  /// Before the first message. Beyond the bound on clients the connection is closed (1013).
  void client_opened(ClientId client, const ClientInfo& info);
  void client_closed(ClientId client);
  /// One message: one JSON text, or several in a row, each of which is answered.
  /// @param path_session, path_handle ids from the transport's path, 0 none; merged into the text.
  void message(ClientId client, std::uint64_t path_session, std::uint64_t path_handle,
               std::string_view text);
  /// A long poll: answered by one ClientPort::send(), at once or when an event comes, with a
  /// keepalive after Settings::poll_timeout. A second poll of a session ends the first one.
  /// @param max_events above 1: the answer is an array of up to that many.
  void poll_events(ClientId client, std::uint64_t session, std::uint32_t max_events,
                   const Credentials& credentials = {});

  // Time.

  void poll(Time now);
  /// When to call poll() next; empty: only after another call.
  [[nodiscard]] std::optional<Time> next_deadline() const;
  /// Tells every session that it is over, detaches all handles and closes all connections (1001).
  /// Messages that come later are answered with an error.
  void shutdown();

  // From the media engine.

  void path_up(media::PeerId peer, const Address& remote) override;
  void peer_up(media::PeerId peer) override;
  void peer_down(media::PeerId peer, std::string_view reason) override;
  void media_flow(media::LineRef source, bool receiving) override;
  void slow_link(media::LineRef line, bool uplink, std::uint32_t lost) override;
  void data_up(media::LineRef line) override;
  void data_message(media::PeerId peer, const media::DataMessage& message) override;
  void data_room(media::LineRef line) override;
  void layer_changed(media::LineRef sink, std::int32_t substream, std::int32_t temporal) override;
  void talking(media::LineRef source, bool talks, double level) override;

  // From features: the functions of cardea_feature_host_t of the same name, without the timers.
  // Unknown handles and requests are harmless.

  void reply(cardea_request_id_t request, std::string_view body);
  int event(HandleId handle, cardea_request_id_t request, std::string_view body,
            const cardea_jsep_plan_t* plan);
  int accept_answer(cardea_request_id_t request);
  /// The peer is gone at return; the feature hears of it (CARDEA_MEDIA_DOWN) after the call that is
  /// under way, at the latest in the next poll(), which next_deadline() then asks for.
  void hangup(HandleId handle, std::string_view reason);
  void set_role(HandleId handle, std::string_view role);
  /// Borrowed until the next call. Null and 0 without a negotiated peer.
  const cardea_mline_t* mlines(HandleId handle, std::size_t& count);
  [[nodiscard]] bool may(HandleId handle, cardea_access_t access) const;
  /// Peers of one `key` share a worker. Counts from the handle's next new peer on.
  void place(HandleId handle, std::uint64_t key);

  /// @returns whether signed tokens can be told from forged ones: a secret for them is configured.
  [[nodiscard]] bool signs_tokens() const;
  /// A signed token is right, fresh, for this realm, and has this word unless that is empty.
  [[nodiscard]] bool token_valid(std::string_view token, std::string_view realm,
                                 std::string_view word) const;
  /// Whom an event of this handle is about; nobody for an unknown one. Borrows from the handle.
  [[nodiscard]] event::Subject subject(HandleId handle) const;

  /// Tells the event handlers that the server serves.
  void tell_ready();
  /// Asks every peer for its figures and tells them the event handlers, when one wants them.
  void tell_stats();

  // For health and tests.

  [[nodiscard]] std::size_t session_count() const;
  [[nodiscard]] std::size_t handle_count() const;

 private:
  std::unique_ptr<Context> context_;
};

}  // namespace cardea::session
