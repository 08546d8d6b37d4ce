// The heap of deadlines against a sorted list.
#include "core/media/deadline_heap.hpp"

#include <algorithm>
#include <deque>
#include <random>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;

namespace {

struct Item : DeadlineHeap::Item {};

Time at(int us) { return Time(Duration(us)); }

}  // namespace

static void the_earliest_is_due_first(void**) {
  DeadlineHeap heap;
  Item a;
  Item b;
  heap.set(a, at(20));
  heap.set(b, at(10));
  assert_null(heap.due(at(9)));
  assert_ptr_equal(heap.due(at(10)), &b);
  heap.set(b, at(30));
  assert_ptr_equal(heap.due(at(30)), &a);
  heap.remove(a);
  assert_ptr_equal(heap.due(at(30)), &b);
  heap.remove(b);
  heap.remove(b);
  assert_true(heap.next() == Time::max());
  assert_int_equal(heap.size(), 0);
}

static void it_agrees_with_a_plain_list_over_random_changes(void**) {
  DeadlineHeap heap;
  std::deque<Item> items(50);
  std::mt19937 random(1);
  for (int step = 0; step < 20'000; ++step) {
    Item& item = items[random() % items.size()];
    heap.set(item, random() % 4 == 0 ? Time::max() : at(static_cast<int>(random() % 1000)));
    Time earliest = Time::max();
    std::size_t inside = 0;
    for (const Item& other : items) {
      earliest = std::min(earliest, other.deadline());
      inside += other.deadline() == Time::max() ? 0 : 1;
    }
    assert_true(heap.next() == earliest);
    assert_int_equal(heap.size(), inside);
  }
  for (Item& item : items) {
    heap.remove(item);
  }
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_earliest_is_due_first),
      cmocka_unit_test(it_agrees_with_a_plain_list_over_random_changes),
  };
  return cmocka_run_group_tests_name("media/deadline_heap", tests, nullptr, nullptr);
}
