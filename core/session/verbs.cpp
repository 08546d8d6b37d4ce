// One function per verb; each sends exactly one answer.
#include "core/session/verbs.hpp"

#include <array>

#include <strings.h>

#include <cardea/sdk/operation.hpp>
#include <cardea/sdk/text.hpp>

#include "core/session/credentials.hpp"
#include "core/session/errors.hpp"
#include "core/session/info.hpp"
#include "core/session/lifecycle.hpp"
#include "core/session/operation.hpp"
#include "core/session/telling.hpp"

namespace cardea::session {
namespace {

// Kept per handle and shown to admins.
constexpr std::size_t kMaxOpaqueId = 512;
constexpr std::int64_t kAnyLength = 0;

void answer(VerbCall& call, const std::string& text) { call.context.port.send(call.client, text); }

void ping(VerbCall& call) {
  answer(call, Json::object({{"janus", "pong"}, {"transaction", call.echo.transaction}}).dump());
}

void info(VerbCall& call) { answer(call, info_reply(call.context, call.echo.transaction)); }

void create(VerbCall& call) {
  auto created = create_session(call.context, call.client, call.message["id"].as_uint());
  if (!created) {
    if (created.error().code == kErrorSessionConflict) {
      call.echo.session_id = call.message["id"];
    }
    refuse(call, created.error());
    return;
  }
  answer(call, success_reply(call.echo, Json::object({{"id", id_json((*created)->id)}})));
}

void keepalive(VerbCall& call) { answer(call, ack_reply(call.echo)); }

void claim(VerbCall& call) {
  if (auto claimed = claim_session(call.context, *call.session, call.client); !claimed) {
    refuse(call, claimed.error());
    return;
  }
  answer(call, success_reply(call.echo));
}

void destroy(VerbCall& call) {
  answer(call, success_reply(call.echo));
  end_session(call.context, call.session->id);
}

void attach(VerbCall& call) {
  const std::string name = call.message["plugin"].text_or();
  FeaturePort* feature = call.context.features.find(name);
  if (feature == nullptr) {
    refuse(call, {"No such plugin '" + sdk::echoed(name) + "'", kErrorPluginNotFound});
    return;
  }
  if (auto allowed = may_attach(call.context, call.credentials, *feature, name); !allowed) {
    refuse(call, allowed.error());
    return;
  }
  auto attached = attach_handle(
      call.context, *call.session, *feature,
      {name, call.message["opaque_id"].text_or().substr(0, kMaxOpaqueId), call.principal});
  if (!attached) {
    refuse(call, attached.error());
    return;
  }
  answer(call, success_reply(call.echo, Json::object({{"id", id_json((*attached)->id)}})));
}

void message(VerbCall& call) {
  run_operation(call.context, call.client, *call.handle, call.echo, call.message);
}

/// ICE-lite learns the client's addresses from its checks, so candidates are acknowledged, counted
/// and not looked into: no client can make us resolve or try anything (threats I2, I3).
void trickle(VerbCall& call) {
  const bool one = call.message.has("candidate");
  const bool many = call.message.has("candidates");
  if (!one && !many) {
    refuse(call, {"Missing mandatory element (candidate|candidates)", kErrorMissingElement});
    return;
  }
  if (one && many) {
    refuse(call, {"Can't have both candidate and candidates", kErrorInvalidJson});
    return;
  }
  const std::size_t count = one ? 1 : call.message["candidates"].size();
  const std::size_t before = call.handle->candidates;
  call.handle->candidates = before + count;
  call.context.counters.candidates(count);
  if (before + count > call.context.settings.limits.candidates_per_handle) {
    call.context.counters.limit_hit("candidates_per_handle");
  } else if (one) {
    tell_remote_candidate(call.context, *call.handle, call.message["candidate"]);
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      tell_remote_candidate(call.context, *call.handle, call.message["candidates"].at(i));
    }
  }
  answer(call, ack_reply(call.echo));
}

void hangup(VerbCall& call) {
  answer(call, success_reply(call.echo));
  hang_up(call.context, *call.handle, "Janus API");
}

void detach(VerbCall& call) {
  answer(call, success_reply(call.echo));
  const std::uint64_t session = call.session->id;
  const HandleId handle = call.handle->id;
  end_handle(call.context, *call.session, handle);
  call.context.post(session, handle_event("detached", session, handle));
}

using Place = Verb::Place;
namespace param = sdk::param;

constexpr std::array kCreate{param::id_or_none("id", "The session's, of the client's own choice")};
constexpr std::array kAttach{
    param::required(param::text("plugin", kAnyLength, "Its id or an alias")),
    param::text("opaque_id", kAnyLength, "Comes back in events; at most 512 bytes of it"),
    param::make("loop_index", CARDEA_PARAM_INT, 0, 0, {}, "A hint that has no effect")};
constexpr std::array kMessage{param::required(param::object("body", {}, "A request of the plugin")),
                              param::any("jsep", "An offer or answer: {type, sdp, trickle, e2ee}")};
constexpr std::array kTrickle{
    param::any("candidate", "One of them, or {completed: true}; without `candidates`"),
    param::any("candidates", "An array of them; without `candidate`")};

constexpr std::array kVerbs = {
    Verb{"ping", Place::Server, true, ping},
    Verb{"info", Place::Server, true, info},
    Verb{"create", Place::Server, false, create, kCreate, true},
    Verb{"keepalive", Place::Session, false, keepalive},
    Verb{"claim", Place::Session, false, claim},
    Verb{"attach", Place::SessionOnly, false, attach, kAttach},
    Verb{"destroy", Place::SessionOnly, false, destroy},
    Verb{"message", Place::Handle, false, message, kMessage},
    Verb{"trickle", Place::Handle, false, trickle, kTrickle},
    Verb{"hangup", Place::Handle, false, hangup},
    Verb{"detach", Place::Handle, false, detach},
};

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

const Verb* find_verb(std::string_view name) {
  const std::string asked(name);
  for (const Verb& verb : kVerbs) {
    if (strcasecmp(verb.name, asked.c_str()) == 0) {
      return &verb;
    }
  }
  return nullptr;
}

void refuse(VerbCall& call, const Error& error) {
  call.context.counters.error(error.code);
  answer(call, error_reply(call.echo, error));
}

}  // namespace cardea::session
