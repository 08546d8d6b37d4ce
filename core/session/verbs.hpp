// The verbs of the Janus API and where each may be used.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <cardea/feature.h>

#include "core/session/context.hpp"
#include "core/session/replies.hpp"

namespace cardea::session {

/// One parsed message with what it is addressed to.
struct VerbCall {
  Context& context;
  ClientId client;
  const Json& message;
  Echo echo;
  Credentials credentials = {};
  Principal principal = {};
  Session* session = nullptr;
  Handle* handle = nullptr;
};

/// The ids that a message and its path name; 0 none.
struct Address {
  std::uint64_t session = 0;
  std::uint64_t handle = 0;
  bool names_handle = false;
};

struct Verb {
  /// At which path: of the server, of a session (with or without a handle), of a session alone, of
  /// a handle.
  enum class Place : std::uint8_t { Server, Session, SessionOnly, Handle };

  const char* name;  ///< lower case; matched without regard to case
  Place place;
  bool open;  ///< needs no API secret
  void (*run)(VerbCall& call);
  std::span<const cardea_param_t> params = {};  ///< checked before run()
  /// Janus checks them before it has read the transaction: their faults are answered without it.
  bool faults_without_transaction = false;
};

std::span<const Verb> verbs();

/// Null when there is no such verb.
const Verb* find_verb(std::string_view name);

/// Sends a Janus error as the answer, and counts it.
void refuse(VerbCall& call, const Error& error);

}  // namespace cardea::session
