// Mails as they go over the wire: addresses, headers, bodies.
#include "plugins/mail_smtp/message.hpp"

#include <string>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::mail_smtp;

void one_address_is_an_address_and_nothing_else_is(void**) {
  for (const char* good : {"a@b", "first.last+tag@example.org", "x_1@sub.example.org"}) {
    assert_true(is_address(good));
  }
  for (const char* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b,c@d", "a@b>\r\nRCPT TO:<c@d",
                          "a@b\n", "\"a\"@b", "Name <a@b>", "ä@b"}) {
    assert_false(is_address(bad));
  }
  assert_false(is_address(std::string(250, 'a') + "@b.org"));
}

void a_sender_may_have_a_name(void**) {
  assert_string_equal(address_in("Cardea <c@example.org>")->c_str(), "c@example.org");
  assert_string_equal(address_in("c@example.org")->c_str(), "c@example.org");
  assert_false(address_in("Cardea").has_value());
  assert_false(address_in("Cardea <c>").has_value());
}

void a_mail_has_its_headers_and_its_text_in_base64(void**) {
  const std::string mail =
      compose({"you@example.org", "Hello", "one\n.\ntwo"}, "Me <me@example.org>", 0, "id1");
  assert_string_equal(mail.c_str(),
                      "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"
                      "From: Me <me@example.org>\r\n"
                      "To: you@example.org\r\n"
                      "Subject: Hello\r\n"
                      "Message-ID: <id1@example.org>\r\n"
                      "Auto-Submitted: auto-generated\r\n"
                      "MIME-Version: 1.0\r\n"
                      "Content-Type: text/plain; charset=utf-8\r\n"
                      "Content-Transfer-Encoding: base64\r\n\r\n"
                      "b25lCi4KdHdv\r\n");
}

void long_texts_are_cut_into_lines(void**) {
  const std::string mail = compose({"a@b", "s", std::string(1000, 'x')}, "c@d", 0, "id");
  std::size_t longest = 0;
  for (std::size_t start = 0; start < mail.size();) {
    const std::size_t end = mail.find("\r\n", start);
    longest = std::max(longest, end - start);
    start = end + 2;
  }
  assert_int_equal(longest, 76);
}

void a_subject_cannot_add_headers(void**) {
  const std::string mail = compose({"a@b", "x\r\nBcc: c@d", ""}, "c@d", 0, "id");
  assert_true(mail.find("Bcc") == std::string::npos);
  assert_true(mail.find("Subject: =?UTF-8?B?eA0KQmNjOiBjQGQ=?=\r\n") != std::string::npos);
}

void encoded_words_are_cut_between_characters(void**) {
  std::string subject;
  for (int i = 0; i < 40; ++i) {
    subject += "€";
  }
  const std::string mail = compose({"a@b", subject, ""}, "c@d", 0, "id");
  // 33 bytes are eleven characters of three bytes, in 44 characters of base64.
  assert_true(mail.find("=?UTF-8?B?4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs?=\r\n ") !=
              std::string::npos);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(one_address_is_an_address_and_nothing_else_is),
      cmocka_unit_test(a_sender_may_have_a_name),
      cmocka_unit_test(a_mail_has_its_headers_and_its_text_in_base64),
      cmocka_unit_test(long_texts_are_cut_into_lines),
      cmocka_unit_test(a_subject_cannot_add_headers),
      cmocka_unit_test(encoded_words_are_cut_between_characters),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
