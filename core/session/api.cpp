// What clients and time bring in.
#include "core/session/api.hpp"

#include "core/session/context.hpp"
#include "core/session/credentials.hpp"
#include "core/session/delivery.hpp"
#include "core/session/dispatch.hpp"
#include "core/session/errors.hpp"
#include "core/session/lifecycle.hpp"
#include "core/session/replies.hpp"
#include "core/session/telling.hpp"

namespace cardea::session {
namespace {

// RFC 6455 7.4.1, and 1013 of its registry.
constexpr int kCloseGoingAway = 1001;
constexpr int kCloseTryAgainLater = 1013;

}  // namespace

Api::Api(Settings settings, ClientPort& clients, media::Engine& engine, event::Bus& bus,
         log::Logger logger, metrics::Registry& registry, std::function<Time()> clock)
    : context_(std::make_unique<Context>(std::move(settings), clients, engine, bus,
                                         std::move(logger), registry, std::move(clock))) {}

Api::~Api() {
  const Turn turn(*context_);
  for (const std::uint64_t session : context_->sessions.ids()) {
    end_session(*context_, session);
  }
}

void Api::add_feature(FeaturePort& feature) {
  for (const std::string& name : context_->features.add(feature)) {
    context_->logger.warn("{} is taken already, {} does not get it", name, feature.info().id);
  }
}

void Api::set_admin_port(AdminPort& port) { context_->admin.port = &port; }

void Api::set_identity(const cardea_identity_t& identity) { context_->identity = &identity; }
void Api::set_admission(Admission admission) { context_->admission = std::move(admission); }

void Api::set_settings(Settings settings) {
  context_->settings = std::move(settings);
  context_->guard = Guard(context_->settings.janus_open);
}

void Api::client_opened(ClientId client, const ClientInfo& info) {
  const Limits& limits = context_->settings.limits;
  const TokenBucket rate(limits.messages_per_second, limits.message_burst, context_->clock());
  if (context_->clients.open(client, info, rate, limits.clients) == nullptr) {
    context_->counters.limit_hit("clients");
    context_->port.close(client, kCloseTryAgainLater, "too many clients");
    return;
  }
  tell_client_opened(*context_, client, info);
}

void Api::client_closed(ClientId client) {
  const Turn turn(*context_);
  Client* closed = context_->clients.find(client);
  if (closed == nullptr) {
    return;
  }
  const auto sessions = std::exchange(closed->sessions, {});
  if (closed->parked_session != 0) {
    Session* session = context_->sessions.find(closed->parked_session);
    if (session != nullptr && session->parked && session->parked->client == client) {
      session->parked.reset();
      session->last_activity = context_->clock();
      context_->sessions.schedule(*session, context_->settings);
    }
  }
  tell_client_closed(*context_, client, closed->info);
  context_->clients.close(client);
  for (const std::uint64_t session : sessions) {
    orphan_session(*context_, session);
  }
}

void Api::message(ClientId client, std::uint64_t path_session, std::uint64_t path_handle,
                  std::string_view text) {
  const Turn turn(*context_);
  if (context_->clients.find(client) != nullptr) {
    dispatch(*context_, client, {path_session, path_handle}, text);
  }
}

void Api::poll_events(ClientId client, std::uint64_t session_id, std::uint32_t max_events,
                      const Credentials& credentials) {
  const Turn turn(*context_);
  Client* poller = context_->clients.find(client);
  if (poller == nullptr) {
    return;
  }
  if (poller->info.admin) {
    context_->counters.error(kErrorInvalidJson);
    context_->port.send(client, error_reply({}, {"Request payload missing", kErrorInvalidJson}));
    return;
  }
  if (const auto known = authenticate(*context_, credentials); !known) {
    context_->counters.error(known.error().code);
    context_->port.send(client, error_reply({id_json(session_id), {}}, known.error()));
    return;
  }
  Session* session = usable_session(*context_, client, session_id);
  if (session == nullptr) {
    context_->counters.error(kErrorSessionNotFound);
    const Error error{"No such session " + std::to_string(session_id), kErrorSessionNotFound};
    context_->port.send(client, error_reply({id_json(session_id), {}}, error));
    return;
  }
  end_poll(*context_, *session);
  const Time now = context_->clock();
  session->last_activity = now;
  session->parked = ParkedPoll{client, max_events, now + context_->settings.poll_timeout};
  poller->parked_session = session_id;
  context_->sessions.schedule(*session, context_->settings);
  serve_poll(*context_, *session);
}

void Api::poll(Time now) {
  const Turn turn(*context_);
  for (const std::uint64_t id : context_->sessions.take_due(now)) {
    Session* session = context_->sessions.find(id);
    if (session == nullptr) {
      continue;
    }
    if (session->parked && now >= session->parked->until) {
      end_poll(*context_, *session);
    }
    if (session->timed_out(context_->settings, now)) {
      time_out_session(*context_, id);
    } else {
      context_->sessions.schedule(*session, context_->settings);
    }
  }
}

std::optional<Time> Api::next_deadline() const {
  return context_->downs.empty() ? context_->sessions.next_due() : std::optional(context_->clock());
}

void Api::shutdown() {
  context_->draining = true;
  {
    const Turn turn(*context_);
    for (const std::uint64_t session : context_->sessions.ids()) {
      time_out_session(*context_, session);
    }
  }
  std::vector<ClientId> open;
  for (const auto& [id, client] : context_->clients.all()) {
    open.push_back(id);
  }
  for (const ClientId& client : open) {
    context_->port.close(client, kCloseGoingAway, "server is shutting down");
  }
}

void Api::tell_ready() { tell_started(*context_); }

std::size_t Api::session_count() const { return context_->sessions.size(); }

std::size_t Api::handle_count() const { return context_->sessions.handle_count(); }

}  // namespace cardea::session
