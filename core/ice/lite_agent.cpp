// ICE-lite: answers checks.
#include "core/ice/lite_agent.hpp"

#include <algorithm>

namespace cardea::ice {

namespace {

void set_reply(StunOutcome& outcome, Bytes reply) {
  if (reply.size() > outcome.buffer.size()) {
    return;
  }
  std::copy(reply.begin(), reply.end(), outcome.buffer.begin());
  outcome.reply_size = reply.size();
}

void answer_success(const StunMessage& request, const Credentials& credentials,
                    StunOutcome& outcome) {
  StunWriter writer(StunClass::Success, kStunBinding, request.transaction_id);
  writer.xor_mapped_address(outcome.from.remote);
  set_reply(outcome, writer.finish(credentials.pwd));
}

/// An authentic request that we refuse all the same.
void answer_error(const StunMessage& request, int code, const Credentials& credentials,
                  StunOutcome& outcome) {
  StunWriter writer(StunClass::Error, kStunBinding, request.transaction_id);
  writer.error_code(code);
  if (code == 420) {
    writer.unknown_attributes(
        std::span(request.unknown_required).first(request.unknown_required_count));
  }
  const Bytes reply = writer.finish(credentials.pwd);
  // Threat I4: an error never amplifies.
  if (reply.size() > request.bytes.size()) {
    outcome.drop = StunDrop::ReplyTooLarge;
    return;
  }
  set_reply(outcome, reply);
}

}  // namespace

Result<std::string> LiteAgent::add_credentials(Credentials credentials) {
  if (const auto checked = check_credentials(credentials); !checked) {
    return checked.error();
  }
  if (find(credentials.ufrag) != nullptr) {
    return Error{"ICE ufrag is in use already"};
  }
  std::string pushed_out;
  if (generations_.size() == kMaxGenerations) {
    pushed_out = generations_.front().ufrag;
    generations_.erase(generations_.begin());
    ++first_generation_;
  }
  generations_.push_back(std::move(credentials));
  return pushed_out;
}

const Credentials* LiteAgent::find(std::string_view ufrag) const {
  const auto found = std::find_if(generations_.begin(), generations_.end(),
                                  [&](const Credentials& c) { return c.ufrag == ufrag; });
  return found == generations_.end() ? nullptr : &*found;
}

StunOutcome LiteAgent::judge(Bytes datagram, const Path& from) const {
  StunOutcome outcome;
  outcome.from = from;
  const StunParse parse = parse_stun(datagram);
  const StunMessage& request = parse.message;
  if (!parse) {
    outcome.drop = StunDrop::Malformed;
    return outcome;
  }
  if (!request.is_binding_request()) {
    outcome.drop = StunDrop::NotARequest;
    return outcome;
  }
  const std::size_t colon = request.username.find(':');
  const Credentials* credentials =
      colon == std::string_view::npos ? nullptr : find(request.username.substr(0, colon));
  if (credentials == nullptr) {
    outcome.drop = StunDrop::UnknownUser;
    return outcome;
  }
  if (!check_integrity(request, credentials->pwd)) {
    outcome.drop = StunDrop::BadIntegrity;
    return outcome;
  }
  if (request.unknown_required_count != 0) {
    answer_error(request, 420, *credentials, outcome);
    return outcome;
  }
  if (request.ice_controlled) {
    answer_error(request, 487, *credentials, outcome);
    return outcome;
  }
  outcome.authenticated = true;
  outcome.nominated = request.use_candidate;
  outcome.generation =
      first_generation_ + static_cast<std::uint64_t>(credentials - generations_.data());
  answer_success(request, *credentials, outcome);
  return outcome;
}

void LiteAgent::accept(const StunOutcome& request, Time now) {
  last_consent_ = now;
  // After a restart, a late check of the old pair must not take the path back.
  const bool moves = request.nominated && request.generation >= selected_generation_;
  if (selected_.empty() || moves) {
    selected_ = request.from;
  }
  if (!moves) {
    return;
  }
  nominated_ = true;
  selected_generation_ = request.generation;
  while (first_generation_ < selected_generation_) {
    generations_.erase(generations_.begin());
    ++first_generation_;
  }
}

bool LiteAgent::expired(Time now) const {
  return last_consent_ && now - *last_consent_ >= kConsentTimeout;
}

std::optional<Time> LiteAgent::next_deadline() const {
  return last_consent_ ? std::optional(*last_consent_ + kConsentTimeout) : std::nullopt;
}

}  // namespace cardea::ice
