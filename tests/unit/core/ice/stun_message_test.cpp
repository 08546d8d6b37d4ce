// STUN codec: the vectors of RFC 5769, what we write, and datagrams that must be refused.
#include "core/ice/stun_message.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "tests/support/cmocka.hpp"
#include "tests/unit/core/ice/rfc5769.hpp"

namespace {

using cardea::Address;
using cardea::Bytes;
using cardea::ice::check_integrity;
using cardea::ice::kStunBinding;
using cardea::ice::parse_stun;
using cardea::ice::StunClass;
using cardea::ice::StunFault;
using cardea::ice::StunWriter;
using cardea::ice::TransactionId;
using cardea::ice::username_ufrag;

using Datagram = std::vector<std::uint8_t>;

constexpr TransactionId kId{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
constexpr std::string_view kPassword = "0123456789abcdefghijkl";

Datagram binding_request() {
  StunWriter writer(StunClass::Request, kStunBinding, kId);
  writer.username("server:client");
  writer.ice_controlling(0x0102030405060708);
  writer.use_candidate();
  writer.priority(99);
  const Bytes bytes = writer.finish(kPassword);
  return {bytes.begin(), bytes.end()};
}

void reads_the_sample_request_of_rfc_5769(void**) {
  const auto parse = parse_stun(rfc5769::kRequest);
  assert_true(static_cast<bool>(parse));
  assert_true(parse.message.is_binding_request());
  assert_true(parse.message.username == "evtj:h6vY");
  assert_int_equal(*parse.message.priority, 0x6e0001ff);
  assert_true(*parse.message.ice_controlled == 0x932ff9b151263b36);
  assert_true(parse.message.has_fingerprint);
  assert_int_equal(parse.message.unknown_required_count, 0);
  assert_true(check_integrity(parse.message, rfc5769::kPassword));
  assert_false(check_integrity(parse.message, "VOkJxbRl1RmTxUk/WvJxBT"));
  assert_true(username_ufrag(rfc5769::kRequest) == "evtj");
}

void reads_the_sample_responses_of_rfc_5769(void**) {
  const auto v4 = parse_stun(rfc5769::kResponseV4);
  assert_true(static_cast<bool>(v4));
  assert_true(v4.message.type_class == StunClass::Success);
  assert_true(check_integrity(v4.message, rfc5769::kPassword));
  assert_string_equal(v4.message.xor_mapped_address->to_string().c_str(), "192.0.2.1:32853");
  const auto v6 = parse_stun(rfc5769::kResponseV6);
  assert_true(static_cast<bool>(v6));
  assert_true(check_integrity(v6.message, rfc5769::kPassword));
  assert_true(*v6.message.xor_mapped_address ==
              *Address::parse("2001:db8:1234:5678:11:2233:4455:6677", 32853));
}

void reads_back_what_it_writes(void**) {
  const Datagram bytes = binding_request();
  const auto parse = parse_stun(bytes);
  assert_true(static_cast<bool>(parse));
  assert_true(parse.message.username == "server:client");
  assert_true(*parse.message.ice_controlling == 0x0102030405060708);
  assert_true(parse.message.use_candidate);
  assert_int_equal(*parse.message.priority, 99);
  assert_true(parse.message.transaction_id == kId);
  assert_true(parse.message.has_fingerprint);
  assert_true(check_integrity(parse.message, kPassword));
  assert_true(username_ufrag(bytes) == "server");
}

void writes_addresses_and_errors_that_read_back(void**) {
  for (const char* ip : {"203.0.113.9", "2001:db8::7"}) {
    const Address address = *Address::parse(ip, 4711);
    StunWriter writer(StunClass::Success, kStunBinding, kId);
    writer.xor_mapped_address(address);
    const auto parse = parse_stun(writer.finish(kPassword));
    assert_true(static_cast<bool>(parse));
    assert_true(*parse.message.xor_mapped_address == address);
  }
  StunWriter writer(StunClass::Error, kStunBinding, kId);
  writer.error_code(420);
  const std::array<std::uint16_t, 3> unknown{0x11, 0x12, 0x13};
  writer.unknown_attributes(unknown);
  const auto parse = parse_stun(writer.finish(kPassword));
  assert_true(static_cast<bool>(parse));
  assert_true(parse.message.type_class == StunClass::Error);
  assert_int_equal(*parse.message.error_code, 420);
}

void writes_nothing_when_the_buffer_is_full(void**) {
  StunWriter writer(StunClass::Request, kStunBinding, kId);
  writer.username(std::string(300, 'x'));
  writer.username(std::string(300, 'x'));
  assert_true(writer.finish(kPassword).empty());
}

// Threat I5, byte by byte.
void i5_any_flipped_byte_is_noticed(void**) {
  const Datagram good = binding_request();
  for (std::size_t i = 0; i < good.size(); ++i) {
    Datagram bad = good;
    bad[i] ^= 0x41;
    const auto parse = parse_stun(bad);
    assert_false(parse && check_integrity(parse.message, kPassword) &&
                 parse.message.has_fingerprint);
  }
}

void i5_truncated_messages_are_refused(void**) {
  const Datagram good = binding_request();
  for (std::size_t size = 0; size < good.size(); ++size) {
    // An exact heap copy, so that the address sanitizer sees any read past the end.
    const Datagram cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    assert_false(static_cast<bool>(parse_stun(cut)));
    // The same with a header length that fits the cut. Only FINGERPRINT (8 bytes) may be missing.
    if (size >= 20 && size != good.size() - 8) {
      Datagram fitted = cut;
      cardea::store_u16(fitted.data() + 2, static_cast<std::uint16_t>(size - 20));
      const auto parse = parse_stun(fitted);
      assert_false(parse && check_integrity(parse.message, kPassword));
    }
  }
}

void i5_bad_lengths_are_refused(void**) {
  Datagram attribute_outside = binding_request();
  cardea::store_u16(attribute_outside.data() + 22, 400);
  assert_true(parse_stun(attribute_outside).fault == StunFault::BadAttribute);
  Datagram unaligned = binding_request();
  unaligned.push_back(0);
  cardea::store_u16(unaligned.data() + 2, static_cast<std::uint16_t>(unaligned.size() - 20));
  assert_true(parse_stun(unaligned).fault == StunFault::BadLength);
  Datagram too_long(552, 0);
  std::copy_n(binding_request().begin(), 20, too_long.begin());
  cardea::store_u16(too_long.data() + 2, 532);
  assert_true(parse_stun(too_long).fault == StunFault::BadLength);
  Datagram cookie = binding_request();
  cookie[4] = 0;
  assert_true(parse_stun(cookie).fault == StunFault::NotStun);
}

void i5_a_wrong_or_misplaced_fingerprint_is_refused(void**) {
  Datagram wrong = binding_request();
  wrong.back() ^= 1;
  assert_true(parse_stun(wrong).fault == StunFault::BadFingerprint);
  Datagram not_last = binding_request();
  not_last.insert(not_last.end(), {0x80, 0x22, 0, 0});
  cardea::store_u16(not_last.data() + 2, static_cast<std::uint16_t>(not_last.size() - 20));
  assert_true(parse_stun(not_last).fault == StunFault::BadFingerprint);
}

void reports_unknown_required_attributes_up_to_four(void**) {
  Datagram bytes{0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (std::uint8_t type = 0x31; type < 0x37; ++type) {
    bytes.insert(bytes.end(), {0, type, 0, 0});
  }
  bytes.insert(bytes.end(), {0xC0, 0x57, 0, 0});  // optional: skipped
  cardea::store_u16(bytes.data() + 2, static_cast<std::uint16_t>(bytes.size() - 20));
  const auto parse = parse_stun(bytes);
  assert_true(static_cast<bool>(parse));
  assert_int_equal(parse.message.unknown_required_count, 4);
  assert_int_equal(parse.message.unknown_required[0], 0x31);
}

void finds_no_ufrag_in_anything_but_a_binding_request(void**) {
  assert_true(username_ufrag(rfc5769::kResponseV4).empty());
  assert_true(username_ufrag({}).empty());
  StunWriter writer(StunClass::Request, kStunBinding, kId);
  writer.username("nocolon");
  assert_true(username_ufrag(writer.finish(kPassword)).empty());
}

void ignores_attributes_behind_message_integrity(void**) {
  StunWriter writer(StunClass::Request, kStunBinding, kId);
  writer.username("server:client");
  const Bytes signed_bytes = writer.finish(kPassword);
  // Without the FINGERPRINT, and USE-CANDIDATE smuggled in behind the signature.
  Datagram bytes(signed_bytes.begin(), signed_bytes.end() - 8);
  bytes.insert(bytes.end(), {0, 0x25, 0, 0});
  cardea::store_u16(bytes.data() + 2, static_cast<std::uint16_t>(bytes.size() - 20));
  const auto parse = parse_stun(bytes);
  assert_true(static_cast<bool>(parse));
  assert_true(check_integrity(parse.message, kPassword));
  assert_false(parse.message.use_candidate);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reads_the_sample_request_of_rfc_5769),
      cmocka_unit_test(reads_the_sample_responses_of_rfc_5769),
      cmocka_unit_test(reads_back_what_it_writes),
      cmocka_unit_test(writes_addresses_and_errors_that_read_back),
      cmocka_unit_test(writes_nothing_when_the_buffer_is_full),
      cmocka_unit_test(i5_any_flipped_byte_is_noticed),
      cmocka_unit_test(i5_truncated_messages_are_refused),
      cmocka_unit_test(i5_bad_lengths_are_refused),
      cmocka_unit_test(i5_a_wrong_or_misplaced_fingerprint_is_refused),
      cmocka_unit_test(reports_unknown_required_attributes_up_to_four),
      cmocka_unit_test(finds_no_ufrag_in_anything_but_a_binding_request),
      cmocka_unit_test(ignores_attributes_behind_message_integrity),
  };
  return cmocka_run_group_tests_name("ice/stun_message", tests, nullptr, nullptr);
}
