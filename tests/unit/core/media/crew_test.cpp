// Where peers are placed, and which worker gets a datagram that came to another.
#include "core/media/crew.hpp"

#include <cstring>

#include "core/ice/stun_message.hpp"
#include "core/media/neighbours.hpp"
#include "core/media/placement.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{100s};
constexpr std::uint8_t kRtp[] = {0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7};

Path path(std::uint16_t port) { return *Address::parse("192.0.2.1", port); }

/// Two workers as one sees the other.
struct Pair {
  metrics::Registry metrics;
  Crew crew{2, metrics};
  Neighbours first{crew, 0};
  Neighbours second{crew, 1};
  PacketPool pool{16};

  Datagram datagram(Bytes bytes, const Path& from) {
    Datagram out{pool.take(), static_cast<std::uint32_t>(bytes.size()), from};
    std::memcpy(out.buffer.space().data(), bytes.data(), bytes.size());
    return out;
  }
  bool stray(Neighbours& at, Bytes bytes, const Path& from) {
    return at.stray(datagram(bytes, from));
  }
};

std::vector<std::uint8_t> check(const std::string& ufrag) {
  ice::StunWriter writer(ice::StunClass::Request, ice::kStunBinding, {});
  writer.username(ufrag + ":them");
  const Bytes bytes = writer.finish("passwordpasswordpassword");
  return {bytes.begin(), bytes.end()};
}

}  // namespace

static void a_key_has_one_worker_and_a_new_one_goes_where_the_fewest_are(void**) {
  Placement placement(2);
  assert_int_equal(placement.enter(10), 0);
  assert_int_equal(placement.enter(20), 1);
  assert_int_equal(placement.enter(10), 0);
  assert_int_equal(placement.enter(10), 0);
  assert_int_equal(placement.enter(30), 1);
  assert_int_equal(placement.enter(40), 1);
  assert_int_equal(placement.peers(0), 3);
  for (const std::uint64_t key : {10, 10, 10, 20, 30, 40, 99}) {
    placement.leave(key);
  }
  assert_int_equal(placement.keys(), 0);
  assert_int_equal(placement.peers(0) + placement.peers(1), 0);
}

static void a_check_goes_to_the_worker_of_its_ufrag(void**) {
  Pair pair;
  assert_false(pair.stray(pair.first, check("bob"), path(1)));
  pair.second.ufrag_added("bob");
  assert_true(pair.stray(pair.first, check("bob"), path(1)));
  assert_false(pair.stray(pair.second, check("bob"), path(1)));
  assert_true(pair.second.mailbox().take_all().empty());
  pair.first.flush();
  const auto messages = pair.second.mailbox().take_all();
  assert_int_equal(messages.size(), 1);
  const auto& over = std::get<HandOver>(messages[0]);
  assert_int_equal(over.from, 0);
  assert_int_equal(over.batch.pieces.size(), 1);
  assert_true(over.batch.pieces[0].from == path(1));
  pair.first.ufrag_removed("bob");
  assert_int_equal(pair.crew.ufrags.size(), 1);
  pair.second.ufrag_removed("bob");
  assert_false(pair.stray(pair.first, check("bob"), path(1)));
}

static void media_follow_once_a_check_was_good_and_in_one_batch(void**) {
  Pair pair;
  assert_false(pair.stray(pair.first, kRtp, path(1)));
  // Without an origin the check came to the worker itself: the other needs not know.
  pair.second.claimed(path(1));
  assert_true(pair.first.mailbox().take_all().empty());
  pair.second.set_origin(0);
  pair.second.claimed(path(1));
  // What was handed over is never handed on.
  pair.crew.ufrags.add("carol", 0);
  assert_false(pair.stray(pair.second, check("carol"), path(1)));
  pair.second.set_origin(std::nullopt);
  const auto learnt = pair.first.mailbox().take_all();
  pair.first.learn(std::get<PathLearnt>(learnt.at(0)), kStart);
  for (int i = 0; i < 5; ++i) {
    assert_true(pair.stray(pair.first, kRtp, path(1)));
  }
  assert_false(pair.stray(pair.first, kRtp, path(2)));
  pair.first.flush();
  const auto messages = pair.second.mailbox().take_all();
  assert_int_equal(messages.size(), 1);
  const auto& batch = std::get<HandOver>(messages[0]).batch;
  assert_int_equal(batch.pieces.size(), 5);
  assert_int_equal(batch.bytes.size(), 5 * sizeof kRtp);

  pair.second.released(path(1));
  pair.first.forget(std::get<PathForgotten>(pair.first.mailbox().take_all().at(0)));
  assert_false(pair.stray(pair.first, kRtp, path(1)));
}

// I9
static void nobody_takes_a_path_that_the_checks_of_another_keep(void**) {
  metrics::Registry metrics;
  Crew crew(3, metrics);
  Neighbours here(crew, 0);
  PacketPool pool(4);
  Datagram media{pool.take(), sizeof kRtp, path(1)};
  std::memcpy(media.buffer.space().data(), kRtp, sizeof kRtp);
  const auto goes_to = [&](unsigned worker) {
    assert_true(here.stray(media));
    here.flush();
    return crew.mailboxes[worker]->take_all().size() == 1;
  };
  here.learn({path(1), 1}, kStart);
  here.learn({path(1), 2}, kStart + 3s);
  assert_true(goes_to(1));
  here.forget({path(1), 2});
  assert_true(goes_to(1));
  here.learn({path(1), 2}, kStart + 11s);
  assert_true(goes_to(2));
}

static void a_connection_goes_whole_with_what_was_read_of_it(void**) {
  Pair pair;
  pair.second.ufrag_added("bob");
  const Path stream(path(1).remote, Path::kStream | 5);
  assert_true(pair.stray(pair.first, check("bob"), stream));
  assert_true(pair.stray(pair.first, check("bob"), stream));
  pair.first.flush();
  assert_true(pair.second.mailbox().take_all().empty());
  const auto moves = pair.first.take_moves();
  assert_int_equal(moves.size(), 1);
  assert_int_equal(moves[0].to, 1);
  assert_int_equal(moves[0].batch.pieces.size(), 2);
  assert_true(pair.first.take_moves().empty());
}

static void a_full_mailbox_loses_and_counts(void**) {
  Pair pair;
  pair.second.ufrag_added("bob");
  for (int i = 0; i < 600; ++i) {
    assert_true(pair.stray(pair.first, check("bob"), path(1)));
    pair.first.flush();
  }
  assert_int_equal(pair.second.mailbox().take_all().size(), 512);
  assert_int_equal(pair.crew.full.value(), 88);
  assert_int_equal(pair.crew.handed_over.value(), 512);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_key_has_one_worker_and_a_new_one_goes_where_the_fewest_are),
      cmocka_unit_test(a_check_goes_to_the_worker_of_its_ufrag),
      cmocka_unit_test(media_follow_once_a_check_was_good_and_in_one_batch),
      cmocka_unit_test(nobody_takes_a_path_that_the_checks_of_another_keep),
      cmocka_unit_test(a_connection_goes_whole_with_what_was_read_of_it),
      cmocka_unit_test(a_full_mailbox_loses_and_counts),
  };
  return cmocka_run_group_tests_name("media/crew", tests, nullptr, nullptr);
}
