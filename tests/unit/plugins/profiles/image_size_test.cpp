// Sizes of pictures out of their first bytes, and the words that profiles are found by.
#include "plugins/profiles/image_size.hpp"

#include <string>

#include "plugins/profiles/words.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::profiles;
using namespace std::string_literals;

const std::string kPng = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\x2C\0\0\0\xC8\x08\x02\0\0\0"s;
const std::string kJpeg =
    "\xFF\xD8\xFF\xE0\0\x04\0\0\xFF\xC4\0\x03\0\xFF\xC2\0\x11\x08\0\xC8\x01\x2C\x03"s;
const std::string kLossy = "RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A\x2C\x41\xC8\x40\0\0"s;
const std::string kLossless = "RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\x2B\xC1\x31\0\0\0\0\0\0"s;
const std::string kExtended = "RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x2B\x01\0\xC7\0\0"s;

void sizes_are_read_from_each_kind(void**) {
  const struct {
    const std::string& bytes;
    ImageType type;
  } cases[] = {{kPng, ImageType::Png},
               {kJpeg, ImageType::Jpeg},
               {kLossy, ImageType::Webp},
               {kLossless, ImageType::Webp},
               {kExtended, ImageType::Webp}};
  for (const auto& each : cases) {
    const auto size = image_size(each.bytes);
    assert_true(size.has_value());
    assert_true(size->type == each.type);
    assert_int_equal(size->width, 300);
    assert_int_equal(size->height, 200);
  }
}

void pictures_that_are_cut_have_no_size(void**) {
  for (const std::string& whole : {kPng, kJpeg, kLossy, kLossless, kExtended}) {
    for (std::size_t length = 0; length < 21; ++length) {
      assert_false(image_size(whole.substr(0, length)).has_value());
    }
  }
}

void other_kinds_have_no_size(void**) {
  for (const char* text :
       {"GIF89a..............................", "<svg width='3' height='3'/>........",
        "BM..................................", "RIFF0000WAVEfmt ...................."}) {
    assert_false(image_size(text).has_value());
  }
}

void words_are_runs_of_letters_and_digits(void**) {
  const auto words = words_of("C++ 20, Machine_Learning (ÄÖ) x");
  assert_int_equal(words.size(), 4);
  assert_string_equal(words[0].c_str(), "c");
  assert_string_equal(words[1].c_str(), "20");
  assert_string_equal(words[2].c_str(), "machine_learning");
  assert_string_equal(words[3].c_str(), "x");
  assert_string_equal(joined_word("C / C++ 20").c_str(), "cc20");
  assert_true(words_of("!? ä").empty());
  assert_int_equal(words_of(std::string(80, 'a')).front().size(), 50);
  assert_int_equal(character_count("aä€"), 3);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(sizes_are_read_from_each_kind),
      cmocka_unit_test(pictures_that_are_cut_have_no_size),
      cmocka_unit_test(other_kinds_have_no_size),
      cmocka_unit_test(words_are_runs_of_letters_and_digits),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
