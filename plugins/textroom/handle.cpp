#include "plugins/textroom/handle.hpp"

#include <cardea/sdk/parameters.hpp>
#include <cardea/sdk/text.hpp>

namespace cardea::textroom {

namespace {

constexpr std::string_view kLabel = "JanusDataChannel";
// What waits for a client that reads slowly; beyond it messages to this client are lost.
constexpr std::size_t kMaxWaiting = 256 << 10;

Result<void> needs_text(const Json& body, const char* name) {
  const Json value = body[name];
  if (!value) {
    return error(kMissingElement, std::string("Missing mandatory element (") + name + ")");
  }
  if (!value.is_string()) {
    return error(kInvalidElement,
                 std::string("Invalid element type (") + name + " should be a string)");
  }
  return {};
}

Json error_body(const Error& error) {
  return Json::object(
      {{"textroom", "error"}, {"error_code", error.code}, {"error", error.message}});
}

Json okay() { return Json::object({{"textroom", "event"}, {"result", "ok"}}); }

}  // namespace

TextHandle::~TextHandle() { leave_all(); }

void TextHandle::on_media_down(std::string_view) {
  set_up_ = false;
  waiting_.clear();
  waiting_bytes_ = 0;
  leave_all();
}

void TextHandle::on_media(const cardea_media_event_t& event) {
  if (event.type != CARDEA_MEDIA_DATA_ROOM) {
    return;
  }
  while (!waiting_.empty() && host().data_send(id(), kLabel, waiting_.front()) == 0) {
    waiting_bytes_ -= waiting_.front().size();
    waiting_.pop_front();
  }
}

void TextHandle::on_data(const cardea_data_message_t& message) {
  if (message.binary != 0) {
    return;
  }
  // As Janus does, what is no JSON gets no answer; nor does what comes too fast.
  const auto body = Json::parse(sdk::to_view(message.payload));
  if (!body || !within_rate()) {
    return;
  }
  const sdk::Answer answer = by_channel(*body);
  Json out = answer ? *answer : error_body(answer.error());
  if (!out) {
    return;
  }
  const Json transaction = (*body)["transaction"];
  if (transaction.is_string()) {
    out.set("transaction", transaction);
  }
  write(out.dump());
}

Json TextHandle::describe() const {
  Json rooms = Json::array();
  for (const auto& [room, username] : joined_) {
    rooms.push(Json::object({{"room", room}, {"username", username}}));
  }
  return Json::object({{"setup", set_up_}, {"rooms", rooms}, {"waiting_bytes", waiting_bytes_}});
}

sdk::Answer TextHandle::set_up(const sdk::Request& request) {
  if (set_up_) {
    return error(kAlreadySetUp, "PeerConnection already setup");
  }
  return offer(request, false);
}

sdk::Answer TextHandle::restart(const sdk::Request& request) { return offer(request, true); }

sdk::Answer TextHandle::offer(const sdk::Request& request, bool restart) {
  sdk::Plan plan = sdk::Plan::offer();
  plan.lines.push_back({.kind = CARDEA_DATA, .direction = CARDEA_SENDRECV});
  plan.restart = restart && set_up_;
  if (auto sent = event(request, okay(), &plan); !sent) {
    return error(kUnknownError, "No offer could be made: " + sent.error().message);
  }
  set_up_ = true;
  return Json();
}

sdk::Answer TextHandle::acknowledge(const sdk::Request& request) {
  if (request.has_answer()) {
    if (auto accepted = host().accept_answer(request.id()); !accepted) {
      return error(kInvalidElement, "The answer was not accepted: " + accepted.error().message);
    }
  }
  return okay();
}

sdk::Answer TextHandle::by_api(const sdk::Request& request) {
  const requests::Spec* spec = requests::find(request.name());
  return spec->run(*this, request.body(), requests::Way::Api);
}

sdk::Answer TextHandle::by_channel(const Json& body) {
  for (const char* name : {"textroom", "transaction"}) {
    if (auto there = needs_text(body, name); !there) {
      return there.error();
    }
  }
  const std::string name = body["textroom"].text_or();
  const requests::Spec* spec = requests::find(name);
  if (spec == nullptr) {
    return error(kInvalidRequest, "Unsupported request " + sdk::echoed(name));
  }
  const cardea_operation_t& declared =
      rooms_.over_channel().operations()[static_cast<std::size_t>(spec - requests::kSpecs.data())];
  if (auto good =
          sdk::check_parameters({declared.params, declared.param_count}, kFeatureInfo.codes, body);
      !good) {
    return good.error();
  }
  if (!host().may(id(), declared.access)) {
    return error(kUnauthorized, "Unauthorized");
  }
  return spec->run(*this, body, requests::Way::Channel);
}

bool TextHandle::within_rate() {
  const auto now = std::chrono::steady_clock::now();
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    in_second_ = 0;
  }
  return ++in_second_ <= rooms_.bounds().messages_per_second || !rooms_.limited();
}

void TextHandle::write(const std::string& text) {
  if (waiting_.empty() && host().data_send(id(), kLabel, text) != CARDEA_DATA_FULL) {
    return;
  }
  if (waiting_bytes_ + text.size() <= kMaxWaiting) {
    waiting_bytes_ += waiting_.emplace_back(text).size();
  }
}

void TextHandle::leave_all() {
  const auto rooms = joined_;
  for (const auto& [key, username] : rooms) {
    if (Room* room = rooms_.find(key)) {
      room->leave(username, true);
    }
  }
}

}  // namespace cardea::textroom
