// How datagrams become runs.
#include "core/peer/send_arena.hpp"

#include <string>
#include <vector>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::peer;

namespace {

struct Run {
  std::uint16_t port = 0;
  std::string bytes;
  std::size_t segment = 0;
  std::size_t packets = 0;
};

struct Sent {
  std::vector<Run> runs;
  std::size_t flushes = 0;

  SendArena::Flush flush() {
    return [this](std::span<const SendRun> all) {
      ++flushes;
      for (const SendRun& run : all) {
        runs.push_back({run.to.remote.port(), std::string(as_text({run.data, run.size})),
                        run.segment, run.packets()});
      }
    };
  }
};

Address to(std::uint16_t port) { return *Address::parse("10.0.0.1", port); }

void add(SendArena& arena, std::uint16_t port, const std::string& text) {
  arena.add(to(port), as_bytes(text));
}

}  // namespace

static void equal_packets_to_one_receiver_are_one_run(void**) {
  Sent sent;
  SendArena arena(4096, 16, sent.flush());
  for (int i = 0; i < 5; ++i) {
    add(arena, 1, "abcd");
  }
  arena.flush();
  assert_int_equal(sent.runs.size(), 1);
  assert_int_equal(sent.runs[0].segment, 4);
  assert_int_equal(sent.runs[0].packets, 5);
}

static void a_shorter_packet_ends_a_run(void**) {
  Sent sent;
  SendArena arena(4096, 16, sent.flush());
  add(arena, 1, "abcd");
  add(arena, 1, "ef");
  add(arena, 1, "gh");
  arena.flush();
  assert_int_equal(sent.runs.size(), 2);
  assert_string_equal(sent.runs[0].bytes.c_str(), "abcdef");
  assert_int_equal(sent.runs[0].packets, 2);
  assert_string_equal(sent.runs[1].bytes.c_str(), "gh");
  assert_int_equal(sent.runs[1].segment, 2);
}

static void a_longer_packet_and_another_receiver_begin_runs(void**) {
  Sent sent;
  SendArena arena(4096, 16, sent.flush());
  add(arena, 1, "ab");
  add(arena, 1, "cdef");
  add(arena, 2, "ghij");
  add(arena, 1, "klmn");
  arena.flush();
  assert_int_equal(sent.runs.size(), 4);
  assert_int_equal(sent.runs[2].port, 2);
}

static void a_run_never_exceeds_what_the_kernel_takes(void**) {
  Sent sent;
  SendArena arena(1 << 20, 16, sent.flush());
  for (int i = 0; i < 65; ++i) {
    add(arena, 1, "x");
  }
  const std::string big(1500, 'y');
  for (int i = 0; i < 50; ++i) {
    add(arena, 2, big);
  }
  arena.flush();
  assert_int_equal(sent.runs.size(), 4);
  assert_int_equal(sent.runs[0].packets, 64);
  assert_int_equal(sent.runs[1].packets, 1);
  assert_int_equal(sent.runs[2].packets, 43);
  assert_int_equal(sent.runs[3].packets, 7);
}

static void a_full_arena_is_sent_in_between(void**) {
  Sent sent;
  SendArena arena(SendArena::kMaxDatagram, 16, sent.flush());
  const std::string half(1100, 'a');
  add(arena, 1, half);
  add(arena, 2, half);
  assert_int_equal(sent.flushes, 1);
  arena.flush();
  assert_int_equal(sent.runs.size(), 2);
  assert_true(sent.runs[1].bytes == half);
}

static void the_run_beyond_the_bound_survives_the_flush(void**) {
  Sent sent;
  SendArena arena(4096, 2, sent.flush());
  add(arena, 1, "one");
  add(arena, 2, "two");
  add(arena, 3, "three");
  assert_int_equal(sent.flushes, 1);
  arena.flush();
  assert_int_equal(sent.runs.size(), 3);
  assert_string_equal(sent.runs[2].bytes.c_str(), "three");
}

static void nothing_is_sent_without_commit(void**) {
  Sent sent;
  SendArena arena(4096, 2, sent.flush());
  arena.reserve(100);
  arena.flush();
  assert_int_equal(sent.flushes, 0);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(equal_packets_to_one_receiver_are_one_run),
      cmocka_unit_test(a_shorter_packet_ends_a_run),
      cmocka_unit_test(a_longer_packet_and_another_receiver_begin_runs),
      cmocka_unit_test(a_run_never_exceeds_what_the_kernel_takes),
      cmocka_unit_test(a_full_arena_is_sent_in_between),
      cmocka_unit_test(the_run_beyond_the_bound_survives_the_flush),
      cmocka_unit_test(nothing_is_sent_without_commit),
  };
  return cmocka_run_group_tests_name("peer/send_arena", tests, nullptr, nullptr);
}
