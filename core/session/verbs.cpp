// One function per verb; each sends exactly one answer.
#include "core/session/verbs.hpp"

#include <array>

#include <strings.h>

#include "core/session/credentials.hpp"
#include "core/session/errors.hpp"
#include "core/session/info.hpp"
#include "core/session/lifecycle.hpp"
#include "core/session/operation.hpp"
#include "core/session/telling.hpp"

namespace cardea::session {
namespace {

constexpr std::int64_t kMaxId = (std::int64_t{1} << 53) - 1;
// Kept per handle and shown to admins.
constexpr std::size_t kMaxOpaqueId = 512;

void answer(VerbCall& call, const std::string& text) { call.context.port.send(call.client, text); }

void ping(VerbCall& call) {
  answer(call, Json::object({{"janus", "pong"}, {"transaction", call.echo.transaction}}).dump());
}

void info(VerbCall& call) { answer(call, info_reply(call.context, call.echo.transaction)); }

void create(VerbCall& call) {
  const Json id = call.message["id"];
  if (id && (!id.is_integer() || id.as_int() < 0 || id.as_int() > kMaxId)) {
    // Janus finds this before it has read the transaction.
    call.echo = {};
    refuse(call,
           {"Invalid element type (id should be a positive integer)", kErrorInvalidElementType});
    return;
  }
  auto created = create_session(call.context, call.client, id.as_uint());
  if (!created) {
    if (created.error().code == kErrorSessionConflict) {
      call.echo.session_id = id;
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
  const Json plugin = call.message["plugin"];
  const Json opaque = call.message["opaque_id"];
  if (!plugin) {
    refuse(call, {"Missing mandatory element (plugin)", kErrorMissingElement});
    return;
  }
  if (!plugin.is_string()) {
    refuse(call, {"Invalid element type (plugin should be a string)", kErrorInvalidElementType});
    return;
  }
  if (opaque && !opaque.is_string()) {
    refuse(call, {"Invalid element type (opaque_id should be a string)", kErrorInvalidElementType});
    return;
  }
  // Only a hint, and of no use to us; but wrong is wrong.
  const Json loop = call.message["loop_index"];
  if (loop && (!loop.is_integer() || loop.as_int(-1) < 0)) {
    refuse(call, {"Invalid element type (loop_index should be a positive integer)",
                  kErrorInvalidElementType});
    return;
  }
  const std::string name = plugin.text_or();
  FeaturePort* feature = call.context.features.find(name);
  if (feature == nullptr) {
    refuse(call, {"No such plugin '" + name + "'", kErrorPluginNotFound});
    return;
  }
  if (auto allowed = may_attach(call.context, call.credentials, *feature, name); !allowed) {
    refuse(call, allowed.error());
    return;
  }
  auto attached =
      attach_handle(call.context, *call.session, *feature,
                    {name, std::string(opaque.as_text().substr(0, kMaxOpaqueId)), call.principal});
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

constexpr std::array kVerbs = {
    Verb{"ping", Place::Server, true, ping},
    Verb{"info", Place::Server, true, info},
    Verb{"create", Place::Server, false, create},
    Verb{"keepalive", Place::Session, false, keepalive},
    Verb{"claim", Place::Session, false, claim},
    Verb{"attach", Place::SessionOnly, false, attach},
    Verb{"destroy", Place::SessionOnly, false, destroy},
    Verb{"message", Place::Handle, false, message},
    Verb{"trickle", Place::Handle, false, trickle},
    Verb{"hangup", Place::Handle, false, hangup},
    Verb{"detach", Place::Handle, false, detach},
};

}  // namespace

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
