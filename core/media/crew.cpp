#include "core/media/crew.hpp"

namespace cardea::media {
namespace {

// A batch has up to 64 datagrams; a worker that is so far behind loses what it could not use.
constexpr std::size_t kMailbox = 512;

}  // namespace

void UfragDirectory::add(const std::string& ufrag, unsigned worker) {
  const std::unique_lock lock(mutex_);
  workers_.try_emplace(ufrag, worker);
}

void UfragDirectory::remove(const std::string& ufrag, unsigned worker) {
  const std::unique_lock lock(mutex_);
  const auto found = workers_.find(ufrag);
  if (found != workers_.end() && found->second == worker) {
    workers_.erase(found);
  }
}

std::optional<unsigned> UfragDirectory::find(std::string_view ufrag) const {
  const std::shared_lock lock(mutex_);
  const auto found = workers_.find(ufrag);
  return found == workers_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t UfragDirectory::size() const {
  const std::shared_lock lock(mutex_);
  return workers_.size();
}

Crew::Crew(unsigned workers, metrics::Registry& metrics)
    : handed_over(metrics.counter("cardea_media_handed_over_total",
                                  "Datagrams that came to another worker than their peer's")),
      full(metrics.counter("cardea_limit_hits_total", "Times that a bound was reached.",
                           {{"limit", "media_hand_over"}})) {
  for (unsigned i = 0; i < workers; ++i) {
    mailboxes.push_back(std::make_unique<Mailbox<CrewMessage>>(kMailbox));
  }
}

}  // namespace cardea::media
