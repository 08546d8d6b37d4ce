// Batched receiving and sending over loopback, with and without GSO.
#include "core/net/udp_socket.hpp"

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <poll.h>

#include "tests/support/cmocka.hpp"

using cardea::Address;
using cardea::as_bytes;
using cardea::net::ReceiveSlot;
using cardea::net::SendRun;
using cardea::net::UdpOptions;
using cardea::net::UdpSocket;

namespace {

UdpSocket open_loopback(const char* ip = "127.0.0.1", bool reuse = false, std::uint16_t port = 0) {
  UdpOptions options;
  options.bind = *Address::parse(ip, port);
  options.reuse_port = reuse;
  auto socket = UdpSocket::open(options);
  assert_true(socket.ok());
  return std::move(*socket);
}

/// All datagrams that wait at `socket`, each `space` bytes at most.
std::vector<std::string> receive_all(UdpSocket& socket, std::size_t space = 2000) {
  std::vector<std::string> got;
  std::vector<std::vector<std::uint8_t>> memory(UdpSocket::kMaxBatch,
                                                std::vector<std::uint8_t>(space));
  std::array<ReceiveSlot, UdpSocket::kMaxBatch> slots;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    slots[i].buffer = memory[i];
  }
  pollfd ready{socket.fd(), POLLIN, 0};
  while (poll(&ready, 1, 50) == 1) {
    const std::size_t count = socket.receive_batch(slots);
    for (std::size_t i = 0; i < count; ++i) {
      got.emplace_back(cardea::as_text(slots[i].bytes()));
    }
  }
  return got;
}

std::string numbered(std::size_t count, std::size_t segment, std::size_t last) {
  std::string data;
  for (std::size_t i = 0; i < count; ++i) {
    data += std::string(i + 1 == count ? last : segment, static_cast<char>('A' + i % 50));
  }
  return data;
}

SendRun run_of(const Address& to, const std::string& data, std::uint16_t segment) {
  return {to, as_bytes(data).data(), static_cast<std::uint32_t>(data.size()), segment};
}

void one_datagram_arrives_with_its_sender(void**) {
  UdpSocket a = open_loopback();
  UdpSocket b = open_loopback();
  assert_true(a.send(b.local_address(), as_bytes("hello")));
  std::array<std::uint8_t, 100> memory{};
  ReceiveSlot slot{memory, {}, 0};
  pollfd ready{b.fd(), POLLIN, 0};
  assert_int_equal(poll(&ready, 1, 1000), 1);
  assert_int_equal(b.receive_batch({&slot, 1}), 1);
  assert_true(cardea::as_text(slot.bytes()) == "hello");
  assert_true(slot.from == a.local_address());
  assert_int_equal(b.receive_batch({&slot, 1}), 0);
  assert_int_equal(b.stats().receive_errors, 0);
}

void runs_for_many_receivers(bool gso) {
  UdpSocket sender = open_loopback();
  if (!gso) {
    sender.disable_gso();
  }
  std::vector<UdpSocket> receivers;
  std::vector<SendRun> runs;
  const std::string data = numbered(5, 1000, 300);
  for (int i = 0; i < 70; ++i) {
    receivers.push_back(open_loopback());
    runs.push_back(run_of(receivers.back().local_address(), data, 1000));
  }
  assert_int_equal(sender.send_runs(runs), 350);
  for (UdpSocket& receiver : receivers) {
    const auto got = receive_all(receiver);
    assert_int_equal(got.size(), 5);
    assert_true(got[0] == std::string(1000, 'A'));
    assert_true(got[4] == std::string(300, 'E'));
  }
  assert_int_equal(sender.stats().sent_packets, 350);
  assert_int_equal(sender.stats().sent_bytes, 70 * data.size());
  assert_int_equal(sender.stats().send_calls, gso ? 2 : 6);
}

void gso_runs_arrive_as_single_datagrams(void**) { runs_for_many_receivers(true); }
void without_gso_the_same_datagrams_arrive(void**) { runs_for_many_receivers(false); }

void runs_beyond_the_gso_limits_are_split(void**) {
  UdpSocket sender = open_loopback();
  UdpSocket receiver = open_loopback();
  // 200 small ones pass 64 segments, 60 big ones pass 65,507 bytes.
  const std::string small = numbered(200, 20, 7);
  const std::string big = numbered(60, 1200, 1200);
  const SendRun runs[] = {run_of(receiver.local_address(), small, 20),
                          run_of(receiver.local_address(), big, 1200)};
  assert_int_equal(sender.send_runs(runs), 260);
  const auto got = receive_all(receiver);
  assert_int_equal(got.size(), 260);
  std::string joined;
  for (const std::string& datagram : got) {
    joined += datagram;
  }
  assert_true(joined == small + big);
  assert_int_equal(got[199].size(), 7);
}

void what_cannot_be_sent_is_counted_and_the_rest_goes_out(void**) {
  UdpSocket sender = open_loopback();
  UdpSocket receiver = open_loopback();
  const std::string good = "good";
  const std::string huge(70000, 'x');
  const Address v6 = *Address::parse("::1", 9);
  const SendRun runs[] = {run_of(v6, good, 0), run_of(receiver.local_address(), huge, 0),
                          run_of(receiver.local_address(), "", 0),
                          run_of(receiver.local_address(), good, 0)};
  assert_int_equal(sender.send_runs(runs), 1);
  assert_int_equal(sender.stats().dropped_error, 1);
  assert_int_equal(sender.stats().dropped_size, 1);
  assert_int_equal(receive_all(receiver).size(), 1);
}

void a_truncated_datagram_is_dropped_and_counted(void**) {
  UdpSocket sender = open_loopback();
  UdpSocket receiver = open_loopback();
  sender.send(receiver.local_address(), as_bytes(std::string(500, 'x')));
  sender.send(receiver.local_address(), as_bytes("short"));
  const auto got = receive_all(receiver, 100);
  assert_int_equal(got.size(), 1);
  assert_string_equal(got[0].c_str(), "short");
  assert_int_equal(receiver.stats().receive_truncated, 1);
}

void two_sockets_share_a_port_only_when_asked(void**) {
  UdpSocket first = open_loopback("127.0.0.1", true);
  const UdpSocket second = open_loopback("127.0.0.1", true, first.local_address().port());
  assert_int_equal(first.local_address().port(), second.local_address().port());
  UdpOptions options;
  options.bind = first.local_address();
  const auto third = UdpSocket::open(options);
  assert_false(third.ok());
  assert_non_null(std::strstr(third.error().message.c_str(), first.local_address().ip().c_str()));
}

void a_dual_stack_socket_reaches_and_names_ipv4_clients(void**) {
  UdpSocket server = open_loopback("::");
  UdpSocket client = open_loopback();
  assert_true(server.send(client.local_address(), as_bytes("v4")));
  assert_int_equal(receive_all(client).size(), 1);
}

// One datagram and a run of three, cut with and without GSO, leave from the address asked for.
void a_wildcard_socket_answers_from_where_it_was_asked(const char* wildcard, const char* asked,
                                                       bool gso) {
  UdpOptions options;
  options.bind = *Address::parse(wildcard, 0);
  options.packet_info = true;
  options.v6_only = true;
  auto server = UdpSocket::open(options);
  assert_true(server.ok());
  if (!gso) {
    server->disable_gso();
  }
  UdpSocket client = open_loopback(asked);
  const Address there = *Address::parse(asked, server->local_address().port());
  assert_true(client.send(there, as_bytes("?")));
  std::array<std::uint8_t, 100> memory{};
  ReceiveSlot slot{memory, {}, 0};
  pollfd ready{server->fd(), POLLIN, 0};
  assert_int_equal(poll(&ready, 1, 1000), 1);
  assert_int_equal(server->receive_batch({&slot, 1}), 1);
  assert_true(slot.to == there);
  const std::string data = numbered(3, 40, 20);
  SendRun run = run_of(client.local_address(), data, 40);
  run.from = slot.to;
  assert_int_equal(server->send_runs({&run, 1}), 3);
  for (std::size_t i = 0; i < 3; ++i) {
    ready = {client.fd(), POLLIN, 0};
    slot.buffer = memory;
    assert_int_equal(poll(&ready, 1, 1000), 1);
    assert_int_equal(client.receive_batch({&slot, 1}), 1);
    assert_true(slot.from == there);
    assert_int_equal(slot.size, i == 2 ? 20 : 40);
  }
}

void wildcards_of_both_families_answer_from_where_they_were_asked(void**) {
  for (const bool gso : {true, false}) {
    // Not the address that the system would choose for this client.
    a_wildcard_socket_answers_from_where_it_was_asked("0.0.0.0", "127.0.0.9", gso);
    a_wildcard_socket_answers_from_where_it_was_asked("::", "::1", gso);
  }
}

void both_families_have_one_port(void**) {
  UdpSocket v4 = open_loopback("0.0.0.0");
  UdpOptions options;
  options.bind = *Address::parse("::", v4.local_address().port());
  assert_false(UdpSocket::open(options).ok());
  options.v6_only = true;
  assert_true(UdpSocket::open(options).ok());
}

void buffer_sizes_are_read_back(void**) {
  UdpOptions options;
  options.bind = *Address::parse("127.0.0.1", 0);
  options.receive_buffer = 65536;
  options.send_buffer = 65536;
  const auto socket = UdpSocket::open(options);
  assert_true(socket.ok());
  assert_int_equal(socket->receive_buffer(), 65536);
  assert_int_equal(socket->send_buffer(), 65536);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(one_datagram_arrives_with_its_sender),
      cmocka_unit_test(gso_runs_arrive_as_single_datagrams),
      cmocka_unit_test(without_gso_the_same_datagrams_arrive),
      cmocka_unit_test(runs_beyond_the_gso_limits_are_split),
      cmocka_unit_test(what_cannot_be_sent_is_counted_and_the_rest_goes_out),
      cmocka_unit_test(a_truncated_datagram_is_dropped_and_counted),
      cmocka_unit_test(two_sockets_share_a_port_only_when_asked),
      cmocka_unit_test(a_dual_stack_socket_reaches_and_names_ipv4_clients),
      cmocka_unit_test(wildcards_of_both_families_answer_from_where_they_were_asked),
      cmocka_unit_test(both_families_have_one_port),
      cmocka_unit_test(buffer_sizes_are_read_back),
  };
  return cmocka_run_group_tests_name("net/udp_socket", tests, nullptr, nullptr);
}
