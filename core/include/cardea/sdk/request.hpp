// One message of a client as a feature's handler sees it.
#pragma once

#include <span>
#include <string_view>

#include <cardea/feature.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/module.hpp>

namespace cardea::sdk {

/// Valid during the handler's call.
class Request {
 public:
  Request(const cardea_request_t& raw, Json body) : raw_(&raw), body_(std::move(body)) {}

  [[nodiscard]] cardea_request_id_t id() const { return raw_->id; }
  /// Empty when the feature declares no operations.
  [[nodiscard]] std::string_view name() const {
    return raw_->operation == nullptr ? std::string_view()
                                      : std::string_view(raw_->operation->name);
  }
  /// Whether it is the operation declared with this name and role (null: for any role).
  [[nodiscard]] bool is(std::string_view operation, const char* role) const {
    const auto* found = raw_->operation;
    return found != nullptr && operation == found->name &&
           std::string_view(role == nullptr ? "" : role) ==
               (found->role == nullptr ? "" : found->role);
  }
  /// The object that the client sent; it passed its declaration.
  [[nodiscard]] const Json& body() const { return body_; }
  /// One member of it, absent when missing.
  Json operator[](const char* key) const { return body_[key]; }

  [[nodiscard]] bool has_offer() const { return raw_->jsep.type == CARDEA_JSEP_OFFER; }
  [[nodiscard]] bool has_answer() const { return raw_->jsep.type == CARDEA_JSEP_ANSWER; }
  [[nodiscard]] bool e2ee() const { return raw_->jsep.e2ee != 0; }
  [[nodiscard]] std::span<const cardea_mline_t> mlines() const {
    return {raw_->jsep.mlines, raw_->jsep.mline_count};
  }

 private:
  const cardea_request_t* raw_;
  Json body_;
};

}  // namespace cardea::sdk
