// Candidate lines: browser samples, refusals, classes, and the cap of a set.
#include "core/ice/candidate.hpp"

#include <string>

#include "tests/support/cmocka.hpp"

namespace {

using cardea::Address;
using cardea::ice::CandidateTransport;
using cardea::ice::CandidateType;
using cardea::ice::CandidateUse;
using cardea::ice::classify;
using cardea::ice::format_candidate;
using cardea::ice::parse_candidate;
using cardea::ice::RemoteCandidates;
using cardea::ice::TcpType;

void reads_a_server_reflexive_candidate(void**) {
  const auto candidate = parse_candidate(
      "a=candidate:842163049 1 udp 1677729535 203.0.113.5 46154 typ srflx raddr 10.0.0.1 rport "
      "46154 generation 0 ufrag EEtu network-id 1 network-cost 10\r\n");
  assert_true(candidate.ok());
  assert_string_equal(candidate->foundation.c_str(), "842163049");
  assert_int_equal(candidate->priority, 1677729535);
  assert_true(candidate->address == *Address::parse("203.0.113.5", 46154));
  assert_true(candidate->type == CandidateType::ServerReflexive);
  assert_true(*candidate->related == *Address::parse("10.0.0.1", 46154));
}

void reads_tcp_and_mdns_candidates(void**) {
  const auto tcp =
      parse_candidate("candidate:2 1 TCP 1671430143 192.0.2.1 10000 typ host tcptype passive");
  assert_true(tcp.ok());
  assert_true(tcp->transport == CandidateTransport::Tcp);
  assert_true(tcp->tcp_type == TcpType::Passive);
  const auto mdns = parse_candidate(
      "candidate:1 1 udp 2113937151 9b36eaac-bb2e-49bb-bb78-21c41c499900.local 50000 typ host");
  assert_true(mdns.ok());
  assert_true(mdns->address.empty());
  assert_true(classify(*mdns) == CandidateUse::Name);
}

void writes_a_line_that_reads_back_the_same(void**) {
  const char* const lines[] = {
      "candidate:1 1 UDP 2130706431 192.0.2.1 10000 typ host",
      "candidate:2 1 TCP 1671430143 192.0.2.1 10000 typ host tcptype passive",
      "candidate:3 1 UDP 5 2001:db8::1 9 typ relay raddr 192.0.2.7 rport 80",
      "candidate:4 1 UDP 6 a-b.local 9 typ prflx",
  };
  for (const char* line : lines) {
    const auto candidate = parse_candidate(line);
    assert_true(candidate.ok());
    assert_string_equal(format_candidate(*candidate).c_str(), line);
  }
}

void refuses_what_is_no_candidate(void**) {
  const std::string long_line =
      "candidate:1 1 udp 1 192.0.2.1 1 typ host x " + std::string(500, 'y');
  const std::string rows[] = {
      "",
      "candidate:",
      "a=candidat:1 1 udp 1 192.0.2.1 1 typ host",
      "candidate:1 0 udp 1 192.0.2.1 1 typ host",
      "candidate:1 257 udp 1 192.0.2.1 1 typ host",
      "candidate:1 1 sctp 1 192.0.2.1 1 typ host",
      "candidate:1 1 udp 4294967296 192.0.2.1 1 typ host",
      "candidate:1 1 udp -1 192.0.2.1 1 typ host",
      "candidate:1 1 udp 1 192.0.2 1 typ host",
      "candidate:1 1 udp 1 192.0.2.1 65536 typ host",
      "candidate:1 1 udp 1 192.0.2.1 1 type host",
      "candidate:1 1 udp 1 192.0.2.1 1 typ guest",
      "candidate:1 1 udp 1 192.0.2.1 1 typ host tcptype",
      "candidate:1 1 udp 1 192.0.2.1 1 typ host tcptype open",
      "candidate:1 1 udp 1 evil$name 1 typ host",
      "candidate:" + std::string(33, 'f') + " 1 udp 1 192.0.2.1 1 typ host",
      long_line,
  };
  for (const auto& row : rows) {
    assert_false(parse_candidate(row).ok());
  }
}

void i2_classes_name_every_address_we_must_not_use(void**) {
  const struct {
    const char* ip;
    std::uint16_t port;
    CandidateUse use;
  } rows[] = {
      {"192.0.2.1", 1, CandidateUse::Usable},      {"10.1.2.3", 1, CandidateUse::Usable},
      {"2001:db8::1", 1, CandidateUse::Usable},    {"192.0.2.1", 0, CandidateUse::PortZero},
      {"127.0.0.1", 1, CandidateUse::Loopback},    {"127.9.9.9", 1, CandidateUse::Loopback},
      {"::1", 1, CandidateUse::Loopback},          {"::ffff:127.0.0.1", 1, CandidateUse::Loopback},
      {"0.0.0.0", 1, CandidateUse::Unspecified},   {"::", 1, CandidateUse::Unspecified},
      {"169.254.1.1", 1, CandidateUse::LinkLocal}, {"fe80::1", 1, CandidateUse::LinkLocal},
      {"224.0.0.1", 1, CandidateUse::Multicast},   {"239.255.255.250", 1, CandidateUse::Multicast},
      {"ff02::1", 1, CandidateUse::Multicast},     {"255.255.255.255", 1, CandidateUse::Broadcast},
  };
  for (const auto& row : rows) {
    assert_true(classify(*Address::parse(row.ip, row.port)) == row.use);
  }
}

void i2_a_set_takes_no_more_than_32_of_10000(void**) {
  RemoteCandidates set;
  for (int i = 0; i < 10000; ++i) {
    set.add("candidate:1 1 udp 1 198.51." + std::to_string(i / 250) + "." +
            std::to_string(i % 250 + 1) + " 9 typ host");
  }
  assert_int_equal(set.list().size(), RemoteCandidates::kMax);
  assert_true(set.add("candidate:1 1 udp 1 192.0.2.1 9 typ host") == RemoteCandidates::Added::Full);
}

void i2_a_set_ignores_unusable_and_repeated_candidates(void**) {
  using Added = RemoteCandidates::Added;
  RemoteCandidates set;
  assert_true(set.add("candidate:1 1 udp 1 192.0.2.1 9 typ host") == Added::Yes);
  assert_true(set.add("candidate:8 1 udp 7 192.0.2.1 9 typ srflx") == Added::Duplicate);
  assert_true(set.add("candidate:1 1 udp 1 127.0.0.1 9 typ host") == Added::Ignored);
  assert_true(set.add("candidate:1 1 udp 1 x.local 9 typ host") == Added::Ignored);
  assert_true(set.add("candidate:1 2 udp 1 192.0.2.3 9 typ host") == Added::Ignored);
  assert_true(set.add("nonsense") == Added::Malformed);
  RemoteCandidates local(true);
  assert_true(local.add("candidate:1 1 udp 1 127.0.0.1 9 typ host") == Added::Yes);
}

void i3_names_are_never_resolved(void**) {
  RemoteCandidates set;
  for (int i = 0; i < 100; ++i) {
    assert_true(set.add("candidate:1 1 udp 1 n" + std::to_string(i) + ".local 9 typ host") ==
                RemoteCandidates::Added::Ignored);
  }
  assert_true(set.list().empty());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reads_a_server_reflexive_candidate),
      cmocka_unit_test(reads_tcp_and_mdns_candidates),
      cmocka_unit_test(writes_a_line_that_reads_back_the_same),
      cmocka_unit_test(refuses_what_is_no_candidate),
      cmocka_unit_test(i2_classes_name_every_address_we_must_not_use),
      cmocka_unit_test(i2_a_set_takes_no_more_than_32_of_10000),
      cmocka_unit_test(i2_a_set_ignores_unusable_and_repeated_candidates),
      cmocka_unit_test(i3_names_are_never_resolved),
  };
  return cmocka_run_group_tests_name("ice/candidate", tests, nullptr, nullptr);
}
