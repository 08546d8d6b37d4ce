#include "plugins/mail_smtp/queue.hpp"

#include <algorithm>
#include <ctime>
#include <iterator>
#include <utility>

#include <cardea/sdk/ids.hpp>

namespace cardea::mail_smtp {

namespace {

constexpr std::uint32_t kLongestWait = 3'600'000;

}  // namespace

Queue::Queue(const sdk::Host& host, Server server, Patience patience)
    : host_(host),
      counts_(host_),
      server_(std::move(server)),
      patience_(patience),
      timers_(host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST)),
      background_(host_, {.threads = 1, .queue = patience.longest_queue}) {}

Queue::~Queue() {
  for (const Entry& entry : entries_) {
    timers_->timer_cancel(host_.context(), entry.timer);
  }
  if (!entries_.empty()) {
    host_.warn(std::to_string(entries_.size()) + " mails were not sent before the end");
  }
}

bool Queue::push(Mail mail) {
  if (!ready() || !is_address(mail.to)) {
    return false;
  }
  if (entries_.size() >= patience_.longest_queue) {
    counts_.limit_hit("queue");
    return false;
  }
  Entry& entry = entries_.emplace_back(*this, std::move(mail));
  entry.place = std::prev(entries_.end());
  try_now(entry);
  return true;
}

void Queue::try_now(Entry& entry) {
  entry.timer = 0;
  ++entry.tries;
  const bool taken =
      background_.run([this, &entry] { send(entry); }, [this, &entry] { finish(entry); });
  if (!taken) {
    entry.outcome = {Delivery::Later, "too much waits"};
    finish(entry);
  }
}

void Queue::send(Entry& entry) const {
  entry.outcome = {Delivery::Later, "not sent"};
  entry.outcome = deliver(server_, entry.mail.to,
                          compose(entry.mail, server_.from, std::time(nullptr), sdk::random_text()),
                          background_.stopping());
}

// Addresses are people's; the log says what happened, not to whom.
void Queue::finish(Entry& entry) {
  if (entry.outcome.delivery == Delivery::Later && entry.tries < patience_.tries) {
    host_.warn("a mail could not be sent, again later: " + entry.outcome.reason);
    try_later(entry);
    return;
  }
  if (entry.outcome.delivery != Delivery::Done) {
    host_.error("a mail is given up: " + entry.outcome.reason);
  }
  entries_.erase(entry.place);
}

void Queue::try_later(Entry& entry) {
  const std::uint32_t wait =
      std::min(patience_.first_wait << std::min(entry.tries - 1, 9), kLongestWait);
  entry.timer = timers_->timer_start(
      host_.context(), wait,
      [](void* argument) {
        Entry& one = *static_cast<Entry*>(argument);
        one.owner.try_now(one);
      },
      &entry);
}

}  // namespace cardea::mail_smtp
