// Decides whether somebody may do something; asked once per operation, in one place.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <cardea/admission.h>
#include <cardea/feature.h>

namespace cardea::session {

/// Who a session acts for.
struct Principal {
  enum class Kind : std::uint8_t {
    Anonymous,
    Inner,   ///< a module of this server: it answers for whom it acts
    Token,   ///< a token of the Janus API
    Secret,  ///< the API secret: a server of the operator's
    Person,  ///< who has an account of this server, by its token
    Admin,   ///< the Admin API
  };
  Kind kind = Kind::Anonymous;
};

/// What the module that owns rooms and the like says of a client's operation.
using Admission =
    std::function<cardea_admission_verdict_t(std::string_view feature, cardea_handle_t handle,
                                             std::string_view operation, std::string_view body)>;

class Guard {
 public:
  /// @param janus_open anonymous clients may make and enter things that others see.
  explicit Guard(bool janus_open) : janus_open_(janus_open) {}

  /// [control] Destructive operations are left to the secrets that the feature checks itself.
  [[nodiscard]] bool allow(const Principal& principal, cardea_access_t access) const {
    if (principal.kind == Principal::Kind::Anonymous && access == CARDEA_ACCESS_ENTER) {
      return janus_open_;
    }
    return true;
  }
  /// @param operation null: the feature declares none, so anonymous clients need an open server.
  [[nodiscard]] bool allow(const Principal& principal, const cardea_operation_t* operation) const {
    return allow(principal, operation == nullptr ? CARDEA_ACCESS_ENTER : operation->access);
  }

 private:
  bool janus_open_;
};

}  // namespace cardea::session
