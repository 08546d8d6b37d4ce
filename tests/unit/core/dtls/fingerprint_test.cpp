// Fingerprints of SDP: what is read, and what is refused (threat M3).
#include "core/dtls/fingerprint.hpp"

#include <string>

#include "core/dtls/certificate.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using cardea::dtls::Certificate;
using cardea::dtls::HashAlgorithm;
using cardea::dtls::parse_fingerprint;

/// "AB:AB:..." of so many bytes.
std::string hex(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) {
    out += out.empty() ? "AB" : ":AB";
  }
  return out;
}

void reads_the_three_good_hashes_in_any_case(void**) {
  const auto sha256 = parse_fingerprint("sha-256 " + hex(32));
  assert_true(sha256.ok());
  assert_true(sha256->algorithm() == HashAlgorithm::Sha256);
  assert_int_equal(sha256->digest().size(), 32);
  assert_int_equal(sha256->digest()[31], 0xAB);
  assert_true(parse_fingerprint("SHA-384 " + hex(48)).ok());
  assert_true(parse_fingerprint("Sha-512 " + hex(64)).ok());
  std::string lower = "sha-256 " + hex(32);
  for (char& c : lower) {
    c = static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c);
  }
  assert_true(parse_fingerprint(lower).ok());
}

void m3_missing_weak_and_broken_fingerprints_are_refused(void**) {
  const std::string rows[] = {
      "",
      " ",
      "sha-256",
      "sha-256 ",
      "sha-1 " + hex(20),
      "md5 " + hex(16),
      "sha-224 " + hex(28),
      "sha-256 " + hex(31),
      "sha-256 " + hex(33),
      "sha-256 " + hex(20),
      "sha-256 G" + hex(32).substr(1),
      "sha-256 " + hex(31) + "-AB",
      "sha-256  " + hex(32),
  };
  for (const auto& row : rows) {
    assert_false(parse_fingerprint(row).ok());
  }
}

void a_certificate_writes_a_fingerprint_that_reads_back(void**) {
  const auto certificate = Certificate::generate();
  assert_true(certificate.ok());
  const auto text = (*certificate)->fingerprint().to_string();
  assert_int_equal(text.size(), 8 + 32 * 3 - 1);
  const auto read = parse_fingerprint(text);
  assert_true(read.ok());
  assert_true(read->matches((*certificate)->fingerprint().digest()));
  const auto other = Certificate::generate();
  assert_false(read->matches((*other)->fingerprint().digest()));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reads_the_three_good_hashes_in_any_case),
      cmocka_unit_test(m3_missing_weak_and_broken_fingerprints_are_refused),
      cmocka_unit_test(a_certificate_writes_a_fingerprint_that_reads_back),
  };
  return cmocka_run_group_tests_name("dtls/fingerprint", tests, nullptr, nullptr);
}
