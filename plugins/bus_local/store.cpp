#include "plugins/bus_local/store.hpp"

#include <charconv>

namespace cardea::bus_local {

using Kind = sdk::BusOrder::Kind;

sdk::BusInbox::Answer Store::perform(const sdk::BusOrder& order, Time now, sdk::BusCaller caller) {
  forget_expired(now);
  sdk::BusInbox::Answer answer{caller};
  const auto found = entries_.find(order.key);
  const bool there = found != entries_.end();
  switch (order.kind) {
    case Kind::Set:
    case Kind::SetIfAbsent:
      if (there && order.kind == Kind::SetIfAbsent) {
        answer.status = CARDEA_BUS_ABSENT;
      } else if (!put(order.key, order.value, order.ttl_ms, now)) {
        answer.status = CARDEA_BUS_UNAVAILABLE;
      }
      break;
    case Kind::Get:
      answer.status = there ? CARDEA_BUS_OK : CARDEA_BUS_ABSENT;
      answer.value = there ? found->second.value : "";
      answer.ttl_ms = ttl_of(order.key, now);
      break;
    case Kind::Remove:
      answer.status = there ? CARDEA_BUS_OK : CARDEA_BUS_ABSENT;
      if (there) {
        erase(found);
      }
      break;
    case Kind::Add:
      answer.status = add(order, now, answer.number);
      answer.ttl_ms = ttl_of(order.key, now);
      break;
    case Kind::Publish:
      break;
  }
  return answer;
}

void Store::forget_expired(Time now) {
  while (!ends_.empty() && ends_.begin()->first <= now) {
    erase(entries_.find(ends_.begin()->second));
  }
}

bool Store::put(std::string_view key, std::string_view value, std::int64_t ttl_ms, Time now) {
  if (const auto old = entries_.find(key); old != entries_.end()) {
    erase(old);
  }
  if (entries_.size() >= max_keys_) {
    return false;
  }
  Entry entry{std::string(value), std::nullopt};
  if (ttl_ms > 0) {
    entry.end = now + std::chrono::milliseconds(ttl_ms);
    ends_.emplace(*entry.end, key);
  }
  entries_.emplace(key, std::move(entry));
  return true;
}

void Store::erase(Entries::iterator entry) {
  if (entry->second.end) {
    ends_.erase({*entry->second.end, entry->first});
  }
  entries_.erase(entry);
}

cardea_bus_status_t Store::add(const sdk::BusOrder& order, Time now, std::int64_t& number) {
  const auto found = entries_.find(order.key);
  std::int64_t before = 0;
  if (found != entries_.end()) {
    const std::string& text = found->second.value;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), before);
    if (failed != std::errc() || end != text.data() + text.size()) {
      return CARDEA_BUS_REFUSED;
    }
  }
  if (__builtin_add_overflow(before, order.amount, &number)) {
    number = before;
    return CARDEA_BUS_REFUSED;
  }
  if (found != entries_.end()) {
    found->second.value = std::to_string(number);
    return CARDEA_BUS_OK;
  }
  return put(order.key, std::to_string(number), order.ttl_ms, now) ? CARDEA_BUS_OK
                                                                   : CARDEA_BUS_UNAVAILABLE;
}

std::int64_t Store::ttl_of(std::string_view key, Time now) const {
  const auto found = entries_.find(key);
  if (found == entries_.end() || !found->second.end) {
    return -1;
  }
  return std::chrono::ceil<std::chrono::milliseconds>(*found->second.end - now).count();
}

}  // namespace cardea::bus_local
