// Binary heap with back-references.
#include "core/media/deadline_heap.hpp"

namespace cardea::media {

void DeadlineHeap::set(Item& item, Time deadline) {
  if (item.deadline_ == deadline) {
    return;
  }
  item.deadline_ = deadline;
  if (item.place_ == Item::kOutside) {
    items_.push_back(&item);
    item.place_ = items_.size() - 1;
    sift_up(item.place_);
    return;
  }
  const std::size_t at = item.place_;
  if (deadline == Time::max()) {
    Item* last = items_.back();
    items_.pop_back();
    item.place_ = Item::kOutside;
    if (last == &item) {
      return;
    }
    place(at, last);
  }
  sift_up(at);
  sift_down(at);
}

void DeadlineHeap::place(std::size_t at, Item* item) {
  items_[at] = item;
  item->place_ = at;
}

void DeadlineHeap::sift_up(std::size_t at) {
  Item* item = items_[at];
  while (at > 0 && item->deadline_ < items_[(at - 1) / 2]->deadline_) {
    place(at, items_[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  place(at, item);
}

void DeadlineHeap::sift_down(std::size_t at) {
  Item* item = items_[at];
  for (std::size_t child = 2 * at + 1; child < items_.size(); child = 2 * at + 1) {
    if (child + 1 < items_.size() && items_[child + 1]->deadline_ < items_[child]->deadline_) {
      ++child;
    }
    if (items_[child]->deadline_ >= item->deadline_) {
      break;
    }
    place(at, items_[child]);
    at = child;
  }
  place(at, item);
}

}  // namespace cardea::media
