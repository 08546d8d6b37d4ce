#include "core/sctp/dcep.hpp"

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::sctp;  // NOLINT: the folder under test

void what_is_written_is_read_back(void**) {
  const ChannelInfo channels[] = {
      {"JanusDataChannel", "", {}},
      {"", "proto", {Reliability::Kind::Full, 0, false}},
      {"a", "b", {Reliability::Kind::Retransmits, 3, true}},
      {std::string(kMaxLabel, 'l'), "", {Reliability::Kind::Lifetime, 500, false}},
  };
  for (const ChannelInfo& channel : channels) {
    const auto read = parse_open(write_open(channel));
    assert_true(read.has_value());
    assert_true(*read == channel);
  }
}

void a_known_message_has_the_bytes_of_the_rfc(void**) {
  const std::vector<std::uint8_t> expected = {3, 0x81, 0, 0, 0, 0, 0, 5, 0, 2, 0, 1, 'h', 'i', 'p'};
  assert_true(write_open({"hi", "p", {Reliability::Kind::Retransmits, 5, false}}) == expected);
}

void refuses_every_cut_and_every_rest(void**) {
  auto message = write_open({"label", "protocol", {}});
  for (std::size_t size = 0; size < message.size(); ++size) {
    assert_false(parse_open(cardea::Bytes(message).first(size)).has_value());
  }
  message.push_back(0);
  assert_false(parse_open(message).has_value());
}

void refuses_unknown_types_long_labels_and_bytes_that_are_no_text(void**) {
  auto message = write_open({"ab", "", {}});
  message[1] = 3;
  assert_false(parse_open(message).has_value());
  message[1] = 0;
  message[0] = 2;
  assert_false(parse_open(message).has_value());
  message[0] = 3;
  message[12] = 0xFF;
  assert_false(parse_open(message).has_value());
  assert_false(parse_open(write_open({std::string(kMaxLabel + 1, 'l'), "", {}})).has_value());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_is_read_back),
      cmocka_unit_test(a_known_message_has_the_bytes_of_the_rfc),
      cmocka_unit_test(refuses_every_cut_and_every_rest),
      cmocka_unit_test(refuses_unknown_types_long_labels_and_bytes_that_are_no_text),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
