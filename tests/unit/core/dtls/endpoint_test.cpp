// DTLS endpoints against each other: keys, loss, wrong fingerprints, noise, deadlines, data and
// closing.
#include "core/dtls/endpoint.hpp"

#include <openssl/ssl.h>

#include "tests/support/cmocka.hpp"
#include "tests/unit/core/dtls/pair.hpp"

namespace {

using namespace dtls_test;
using cardea::dtls::Failure;
using cardea::dtls::SrtpKey;
using cardea::dtls::SrtpProfile;

bool same(const SrtpKey& a, const SrtpKey& b) {
  return std::ranges::equal(a.key(), b.key()) && std::ranges::equal(a.salt(), b.salt());
}

void both_roles_connect_and_agree_on_keys(void**) {
  Pair pair;
  pair.start();
  pair.exchange();
  assert_true(pair.connected());
  const auto& client = *pair.client.keys();
  const auto& server = *pair.server.keys();
  assert_true(client.profile == SrtpProfile::AeadAes128Gcm);
  assert_true(server.profile == SrtpProfile::AeadAes128Gcm);
  assert_int_equal(client.local.key().size(), 16);
  assert_int_equal(client.local.salt().size(), 12);
  assert_true(same(client.local, server.remote));
  assert_true(same(client.remote, server.local));
  assert_false(same(client.local, client.remote));
  assert_false(pair.client.next_deadline().has_value());
  assert_true(pair.largest <= 1172);
}

void small_datagrams_fragment_the_flights(void**) {
  Pair pair({.mtu = 256});
  pair.start();
  pair.run();
  assert_true(pair.connected());
  assert_true(pair.largest <= 228);
}

constexpr std::size_t kRecord = 13;
constexpr std::size_t kHandshake = 12;

/// Cuts a ClientHello (one record, one handshake message) into two handshake fragments, each in a
/// record of its own.
std::vector<Datagram> cut_client_hello(const Datagram& hello) {
  const std::size_t body = hello.size() - kRecord - kHandshake;
  std::vector<Datagram> out;
  std::size_t offset = 0;
  for (const std::size_t size : {body / 2, body - body / 2}) {
    Datagram part(hello.begin(), hello.begin() + kRecord + kHandshake);
    // Record sequence number: 0 and 40, far from those that the client uses next.
    part[10] = static_cast<std::uint8_t>(out.size() * 40);
    cardea::store_u16(part.data() + 11, static_cast<std::uint16_t>(size + kHandshake));
    cardea::store_u24(part.data() + kRecord + 6, static_cast<std::uint32_t>(offset));
    cardea::store_u24(part.data() + kRecord + 9, static_cast<std::uint32_t>(size));
    const auto from = hello.begin() + static_cast<std::ptrdiff_t>(kRecord + kHandshake + offset);
    part.insert(part.end(), from, from + static_cast<std::ptrdiff_t>(size));
    offset += size;
    out.push_back(std::move(part));
  }
  return out;
}

void a_client_hello_in_two_datagrams_is_put_together(void**) {
  for (const bool swapped : {false, true}) {
    Pair pair;
    pair.start();
    const auto hello = pair.client.take_output();
    assert_int_equal(hello.size(), 1);
    auto parts = cut_client_hello(hello[0]);
    if (swapped) {
      std::swap(parts[0], parts[1]);
    }
    pair.server.receive(parts[0], pair.now);
    assert_true(pair.server.take_output().empty());
    pair.server.receive(parts[1], pair.now);
    pair.exchange();
    assert_true(pair.connected());
  }
}

void any_one_lost_datagram_is_made_up_for(void**) {
  Pair whole;
  whole.start();
  whole.exchange();
  for (int victim = 0; victim < whole.datagrams; ++victim) {
    Pair pair;
    pair.start();
    pair.run([&](int count) { return count == victim; });
    assert_true(pair.connected());
    assert_true(pair.now - kStart <= 1s);
    assert_true(same(pair.client.keys()->local, pair.server.keys()->remote));
  }
}

void connects_under_heavy_loss_on_virtual_time(void**) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    Pair pair;
    pair.start();
    std::uint32_t random = seed * 2654435761U;
    pair.run([&](int) {
      random = random * 1664525U + 1013904223U;
      return (random >> 24) < 77;  // 30 %
    });
    assert_true(pair.connected());
  }
}

void m3_a_wrong_fingerprint_ends_the_handshake_on_either_side(void**) {
  const auto stranger = *Certificate::generate();
  for (const bool client_is_cheated : {true, false}) {
    Pair pair;
    Endpoint& cheated = client_is_cheated ? pair.client : pair.server;
    Endpoint& other = client_is_cheated ? pair.server : pair.client;
    cheated = Endpoint(client_is_cheated ? pair.client_certificate : pair.server_certificate,
                       client_is_cheated ? Role::Client : Role::Server, stranger->fingerprint());
    pair.start();
    pair.run();
    assert_true(cheated.state() == State::Failed);
    assert_true(cheated.failure() == Failure::FingerprintMismatch);
    assert_false(cheated.keys().has_value());
    // The alert tells the other side, which has no keys either.
    assert_true(other.state() == State::Failed);
    assert_false(other.keys().has_value());
  }
}

void m3_a_peer_without_srtp_profiles_is_refused(void**) {
  Pair pair;
  SSL_CTX_set_tlsext_use_srtp(pair.client_certificate->context(), "SRTP_AES128_CM_SHA1_32");
  pair.start();
  pair.run();
  assert_true(pair.server.state() == State::Failed);
  assert_true(pair.server.failure() == Failure::NoSrtpProfile);
  assert_false(pair.server.keys().has_value());
}

void m2_an_endpoint_does_nothing_before_it_is_started(void**) {
  Pair pair;
  pair.client.start(pair.now);
  for (const auto& hello : pair.client.take_output()) {
    pair.server.receive(hello, pair.now);
  }
  assert_true(pair.server.state() == State::New);
  assert_true(pair.server.take_output().empty());
  assert_false(pair.server.next_deadline().has_value());
  assert_int_equal(pair.server.dropped(), 1);
}

void m2_a_handshake_ends_after_20_s(void**) {
  Pair pair;
  pair.start();
  pair.run([](int) { return true; });
  assert_true(pair.client.state() == State::Failed);
  assert_true(pair.client.failure() == Failure::Deadline);
  assert_true(pair.server.failure() == Failure::Deadline);
  assert_true(pair.now == kStart + 20s);
  assert_false(pair.client.next_deadline().has_value());
  // Retransmissions were few.
  assert_true(pair.datagrams < 15);
}

void garbage_neither_stops_the_handshake_nor_the_connection(void**) {
  const Datagram rows[] = {
      {},
      {22},
      Datagram(100, 0x16),
      {22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
      {23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 99, 0, 4, 1, 2, 3, 4},
      {21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40},
      {0x80, 0x60, 1, 2},
      {22, 0x03, 0x03, 0, 5, 1, 0, 0, 1, 0},
  };
  Pair pair;
  pair.start();
  const auto disturb = [&] {
    for (const auto& row : rows) {
      pair.client.receive(row, pair.now);
      pair.server.receive(row, pair.now);
    }
  };
  disturb();
  pair.deliver(pair.client, pair.server, {});
  disturb();
  pair.exchange();
  assert_true(pair.connected());
  disturb();
  // An alert in clear text is no word of the peer's once there are keys.
  const Datagram plain_alert{21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40};
  pair.client.receive(plain_alert, pair.now);
  pair.server.receive(plain_alert, pair.now);
  assert_true(pair.connected());
  assert_true(pair.client.send(Datagram{1, 2, 3}));
  pair.exchange();
  assert_int_equal(pair.server.take_application_data().size(), 1);
}

void application_data_passes_both_ways_and_is_bounded(void**) {
  Pair pair;
  assert_false(pair.client.send(Datagram{1}));
  pair.start();
  pair.exchange();
  assert_true(pair.client.send(Datagram(1100, 7)));
  assert_false(pair.client.send(Datagram(1300, 7)));
  assert_true(pair.server.send(Datagram{9}));
  pair.exchange();
  assert_true(pair.server.take_application_data() == Datagrams{Datagram(1100, 7)});
  assert_true(pair.client.take_application_data() == Datagrams{Datagram{9}});
  for (std::size_t i = 0; i < Endpoint::kMaxApplicationData + 10; ++i) {
    assert_true(pair.client.send(Datagram{1}));
    pair.exchange();
  }
  assert_int_equal(pair.server.take_application_data().size(), Endpoint::kMaxApplicationData);
  assert_int_equal(pair.server.dropped(), 10);
  for (std::size_t i = 0; i < Endpoint::kMaxOutput + 10; ++i) {
    pair.client.send(Datagram{1});
  }
  assert_int_equal(pair.client.take_output().size(), Endpoint::kMaxOutput);
}

void a_repeated_record_is_delivered_once(void**) {
  Pair pair;
  pair.start();
  pair.exchange();
  assert_true(pair.client.send(Datagram{1}));
  const auto record = pair.client.take_output().at(0);
  pair.server.receive(record, pair.now);
  pair.server.receive(record, pair.now);
  assert_int_equal(pair.server.take_application_data().size(), 1);
}

void close_notify_reaches_the_peer(void**) {
  Pair pair;
  pair.start();
  pair.exchange();
  pair.server.close();
  assert_true(pair.server.state() == State::Closed);
  pair.exchange();
  assert_true(pair.client.state() == State::Closed);
  assert_false(pair.client.send(Datagram{1}));
  assert_true(pair.client.failure() == Failure::None);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(both_roles_connect_and_agree_on_keys),
      cmocka_unit_test(small_datagrams_fragment_the_flights),
      cmocka_unit_test(a_client_hello_in_two_datagrams_is_put_together),
      cmocka_unit_test(any_one_lost_datagram_is_made_up_for),
      cmocka_unit_test(connects_under_heavy_loss_on_virtual_time),
      cmocka_unit_test(m3_a_wrong_fingerprint_ends_the_handshake_on_either_side),
      cmocka_unit_test(m3_a_peer_without_srtp_profiles_is_refused),
      cmocka_unit_test(m2_an_endpoint_does_nothing_before_it_is_started),
      cmocka_unit_test(m2_a_handshake_ends_after_20_s),
      cmocka_unit_test(garbage_neither_stops_the_handshake_nor_the_connection),
      cmocka_unit_test(application_data_passes_both_ways_and_is_bounded),
      cmocka_unit_test(a_repeated_record_is_delivered_once),
      cmocka_unit_test(close_notify_reaches_the_peer),
  };
  return cmocka_run_group_tests_name("dtls/endpoint", tests, nullptr, nullptr);
}
