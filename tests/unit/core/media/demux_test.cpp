// Which peer a datagram goes to.
#include "core/media/demux.hpp"

#include <array>

#include "core/ice/stun_message.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{1'000'000us};

// The table only compares the pointers.
std::array<char, 2> storage;
PeerEntry& peer(std::size_t i) { return *reinterpret_cast<PeerEntry*>(&storage[i]); }

Address host(std::uint16_t port) { return *Address::parse("192.0.2.1", port); }

const std::array<std::uint8_t, 13> kDtls{22, 0xFE, 0xFD};

}  // namespace

static void stun_is_found_by_its_ufrag(void**) {
  Demux demux;
  assert_true(demux.add_ufrag("alice", peer(0)));
  assert_true(demux.add_ufrag("bob", peer(1)));
  ice::StunWriter writer(ice::StunClass::Request, ice::kStunBinding, {});
  writer.username("bob:remote");
  const Bytes check = writer.finish("passwordpasswordpassword");
  assert_ptr_equal(demux.find(check, host(1)), &peer(1));
  demux.remove_ufrag("bob", peer(0));
  assert_ptr_equal(demux.find(check, host(1)), &peer(1));
  demux.remove_ufrag("bob", peer(1));
  assert_null(demux.find(check, host(1)));
}

static void a_ufrag_belongs_to_one_peer(void**) {
  Demux demux;
  assert_true(demux.add_ufrag("x", peer(0)));
  assert_true(demux.add_ufrag("x", peer(0)));
  assert_false(demux.add_ufrag("x", peer(1)));
}

static void other_datagrams_are_found_by_a_checked_address(void**) {
  Demux demux;
  assert_null(demux.find(kDtls, host(1)));
  assert_true(demux.claim(host(1), peer(0), kStart));
  assert_ptr_equal(demux.find(kDtls, host(1)), &peer(0));
  assert_null(demux.find(kDtls, host(2)));
  demux.release(host(1), peer(1));
  assert_ptr_equal(demux.find(kDtls, host(1)), &peer(0));
  demux.release(host(1), peer(0));
  assert_null(demux.find(kDtls, host(1)));
  assert_int_equal(demux.paths(), 0);
}

static void an_address_in_use_cannot_be_taken(void**) {
  Demux demux;
  assert_true(demux.claim(host(1), peer(0), kStart));
  assert_false(demux.claim(host(1), peer(1), kStart + 1s));
  // Checks keep the claim fresh.
  assert_true(demux.claim(host(1), peer(0), kStart + 5s));
  assert_false(demux.claim(host(1), peer(1), kStart + 14s));
  assert_true(demux.claim(host(1), peer(1), kStart + 15s));
  assert_ptr_equal(demux.find(kDtls, host(1)), &peer(1));
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(stun_is_found_by_its_ufrag),
      cmocka_unit_test(a_ufrag_belongs_to_one_peer),
      cmocka_unit_test(other_datagrams_are_found_by_a_checked_address),
      cmocka_unit_test(an_address_in_use_cannot_be_taken),
  };
  return cmocka_run_group_tests_name("media/demux", tests, nullptr, nullptr);
}
