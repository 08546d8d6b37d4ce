// Things with one deadline each, the earliest first: setting one costs no allocation, and who waits
// costs nothing.
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::media {

/// A binary heap whose items know their place. Items are borrowed and must be removed before they
/// die. One thread.
class DeadlineHeap {
 public:
  /// Base of what can be put in.
  class Item {
   public:
    Item() = default;
    Item(const Item&) = delete;
    Item& operator=(const Item&) = delete;
    [[nodiscard]] Time deadline() const { return deadline_; }

   protected:
    ~Item() = default;

   private:
    friend class DeadlineHeap;
    static constexpr std::size_t kOutside = static_cast<std::size_t>(-1);
    Time deadline_ = Time::max();
    std::size_t place_ = kOutside;
  };

  /// Puts in, moves, or (with Time::max()) takes out.
  void set(Item& item, Time deadline);
  void remove(Item& item) { set(item, Time::max()); }

  /// Time::max() when empty.
  [[nodiscard]] Time next() const { return items_.empty() ? Time::max() : items_[0]->deadline_; }
  /// The earliest item when it is due, else null. It stays in: the caller sets or removes it.
  [[nodiscard]] Item* due(Time now) const { return next() <= now ? items_[0] : nullptr; }
  [[nodiscard]] std::size_t size() const { return items_.size(); }

 private:
  void place(std::size_t at, Item* item);
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);

  std::vector<Item*> items_;
};

}  // namespace cardea::media
