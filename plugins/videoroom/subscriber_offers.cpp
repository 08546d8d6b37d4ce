// The offers that a subscription makes, one at a time.
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/handle.hpp"
#include "plugins/videoroom/room.hpp"
#include "plugins/videoroom/subscriber.hpp"

namespace cardea::videoroom {

Result<void> Subscriber::offer(cardea_request_id_t request, const Json& body, bool restart) {
  if (offered_) {
    waiting_ = true;
    waiting_restart_ = waiting_restart_ || restart;
    if (request == 0) {
      return {};
    }
    const Json updating = Json::object({{"videoroom", "updating"}, {"room", room_.id}});
    return handle_.host().event(handle_.id(), request, updating);
  }
  const sdk::Plan wanted = plan(restart);
  if (auto sent = handle_.host().event(handle_.id(), request, body, &wanted); !sent) {
    return sent;
  }
  offered_ = true;
  for (SubscribedStream& stream : streams_) {
    const PublishedStream* from = source_of(stream);
    stream.offered_codec = from == nullptr ? "" : from->codec;
  }
  return {};
}

Json Subscriber::updated() const {
  return Json::object(
      {{"videoroom", "updated"}, {"room", room_.id}, {"streams", events::subscription(*this)}});
}

Result<void> Subscriber::accept(cardea_request_id_t request) {
  if (auto accepted = handle_.host().accept_answer(request); !accepted) {
    return accepted;
  }
  offered_ = false;
  for (SubscribedStream& stream : streams_) {
    if (stream.kind == CARDEA_DATA) {
      stream.ready = true;
      make_data_routes(stream);
    } else if (stream.active() && !stream.ready) {
      make_routes(stream);
    }
  }
  pause(false);
  return {};
}

void Subscriber::offer_what_waited() {
  if (waiting_) {
    const bool restart = waiting_restart_;
    waiting_ = false;
    waiting_restart_ = false;
    static_cast<void>(offer(0, updated(), restart));
  }
}

void Subscriber::push_update() {
  if (options_.autoupdate) {
    static_cast<void>(offer(0, updated()));
  }
}

sdk::MlinePlan Subscriber::line_plan(const SubscribedStream& stream) const {
  sdk::MlinePlan line{.kind = stream.kind, .direction = CARDEA_INACTIVE, .mid = stream.mid()};
  if (stream.kind == CARDEA_DATA) {
    line.direction = CARDEA_SENDRECV;
    return line;
  }
  const PublishedStream* from = source_of(stream);
  if (from == nullptr) {
    return line;
  }
  line.direction = CARDEA_SENDONLY;
  line.transport_cc = room_.options.transport_wide_cc_ext;
  line.codecs = {from->codec};
  line.fmtp = from->fmtp;
  if (options_.use_msid) {
    line.msid_stream = stream.feed.text();
    line.msid_track = from->mid;
  }
  return line;
}

sdk::Plan Subscriber::plan(bool restart) const {
  sdk::Plan out = sdk::Plan::offer();
  out.restart = restart;
  out.e2ee = options_.e2ee;
  for (const SubscribedStream& stream : streams_) {
    out.lines.push_back(line_plan(stream));
  }
  return out;
}

}  // namespace cardea::videoroom
