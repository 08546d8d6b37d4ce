// Names and passwords: which are allowed, how they are stored, and who hashes them.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "plugins/auth/hasher.hpp"
#include "plugins/auth/passwords.hpp"
#include "plugins/auth/usernames.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea::auth;
using namespace std::chrono_literals;

namespace {

constexpr Argon2Cost kCheap{64, 1};

void names_are_letters_digits_and_underscores(void**) {
  const NameRules rules{32, {"admin", "Rooms"}};
  for (const char* good : {"abc", "A_1", "___", "administrator"}) {
    assert_false(check_username(good, rules).has_value());
  }
  for (const std::string& bad :
       {std::string("ab"), std::string(33, 'x'), std::string("a b"), std::string("a-b"),
        std::string("\xc3\xbcml"), std::string("abc\0", 4), std::string("abc\n"), std::string()}) {
    assert_string_equal(check_username(bad, rules)->code.c_str(), "invalid_username");
  }
  for (const char* taken : {"admin", "ADMIN", "rooms"}) {
    assert_string_equal(check_username(taken, rules)->code.c_str(), "reserved_username");
  }
  assert_false(check_username("admin", {32, {}}).has_value());
  assert_true(check_username("abcdefghijklmnopq", {16, {}}).has_value());
}

void foreign_names_become_allowed_ones(void**) {
  const NameRules rules{16, {"admin"}};
  for (const char* foreign : {"Jane Doe", "", "admin", "\xe6\x97\xa5\xe6\x9c\xac",
                              "a very long name of somebody", "x", "@@@"}) {
    assert_false(check_username(username_from(foreign, rules), rules).has_value());
  }
  assert_string_equal(username_from("Jane Doe", rules).c_str(), "Jane_Doe");
}

void display_names_control_nothing(void**) {
  assert_false(check_display_name("\xc3\x84nn \xe2\x98\xba").has_value());
  for (const char* bad : {"", "a\nb", "a\x1b[2J",
                          "a\xe2\x80\xae"
                          "b",
                          "a\xc2\x85"
                          "b"}) {
    assert_true(check_display_name(bad).has_value());
  }
}

void passwords_are_counted_in_characters(void**) {
  const PasswordRules rules;
  std::string umlauts;
  for (int i = 0; i < 128; ++i) {
    umlauts += "\xc3\xa4";
  }
  assert_false(check_password("12345678", rules).has_value());
  assert_false(check_password(umlauts, rules).has_value());
  for (const std::string& bad : {std::string("1234567"), umlauts + "x", std::string()}) {
    const auto problem = check_password(bad, rules);
    assert_true(problem.has_value());
    assert_true(bad.empty() || problem->detail.find(bad) == std::string::npos);
  }
  const PasswordRules mixed{6, 128, true};
  assert_false(check_password("Abcde1", mixed).has_value());
  for (const char* bad : {"abcdef1", "ABCDEF1", "Abcdefg"}) {
    assert_true(check_password(bad, mixed).has_value());
  }
}

void a_record_is_of_its_password_only(void**) {
  const std::string record = hash_password("correct horse", kCheap);
  assert_int_equal(record.rfind("$argon2id$v=19$m=64,t=1,p=1$", 0), 0);
  assert_true(verify_password("correct horse", record));
  assert_false(verify_password("correct horsf", record));
  assert_false(verify_password("", record));
  assert_true(record != hash_password("correct horse", kCheap));
  assert_false(is_outdated(record, kCheap));
  assert_true(is_outdated(record, {128, 1}));
  assert_true(is_outdated(record, {64, 2}));
}

// Records that other programs made: argon2's reference and crypt_blowfish.
void records_of_others_are_read(void**) {
  const char* argon2 =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  assert_true(verify_password("password", argon2));
  assert_false(verify_password("Password", argon2));
  const std::string rest = "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  for (const char* kind : {"$2a$", "$2b$", "$2y$"}) {
    assert_true(verify_password("U*U", kind + rest));
    assert_false(verify_password("U*V", kind + rest));
    assert_true(is_outdated(kind + rest, kCheap));
  }
}

void broken_records_are_of_no_password(void**) {
  for (const char* odd : {"", "x", "plain", "$1$abcdefgh$", "$2b$10$short", "$argon2id$v=19$",
                          "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA", "*0", "$6$salt$hash"}) {
    assert_false(verify_password("x", odd));
    assert_false(verify_password("", odd));
  }
}

// What comes from the threads, until the test takes it.
class Mailbox {
 public:
  Hasher::Post post() {
    return [this](void (*call)(void*), void* argument) {
      const std::scoped_lock lock(mutex_);
      calls_.push_back({call, argument});
      came_.notify_one();
      return true;
    };
  }
  void take(int count) {
    for (int i = 0; i < count; ++i) {
      std::unique_lock lock(mutex_);
      assert_true(came_.wait_for(lock, 60s, [this] { return !calls_.empty(); }));
      const auto [call, argument] = calls_.front();
      calls_.pop_front();
      lock.unlock();
      call(argument);
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::pair<void (*)(void*), void*>> calls_;
};

void the_hasher_hashes_and_compares(void**) {
  Mailbox box;
  Hasher hasher({kCheap, 2, 8}, box.post());
  std::string record;
  assert_true(hasher.hash("secret", [&](const auto& outcome) { record = outcome.record; }));
  box.take(1);
  int right = 0;
  int done = 0;
  const auto count = [&](const Hasher::Outcome& outcome) {
    right += outcome.right ? 1 : 0;
    done += outcome.done ? 1 : 0;
  };
  assert_true(hasher.verify("secret", record, count));
  assert_true(hasher.verify("Secret", record, count));
  assert_true(hasher.verify("secret", {}, count));
  box.take(3);
  assert_int_equal(right, 1);
  assert_int_equal(done, 3);
  std::string anew;
  assert_true(hasher.verify("secret", hash_password("secret", {128, 1}),
                            [&](const auto& outcome) { anew = outcome.record; }));
  box.take(1);
  assert_false(is_outdated(anew, kCheap));
}

void a_full_queue_takes_no_more_and_who_waits_too_long_is_sent_away(void**) {
  Mailbox box;
  Hasher hasher({{65'536, 20}, 1, 2, 0s}, box.post());
  int done = 0;
  int late = 0;
  const auto count = [&](const Hasher::Outcome& outcome) {
    (outcome.done ? done : late) += 1;
    assert_true(outcome.done || (outcome.record.empty() && !outcome.right));
  };
  int taken = 0;
  for (int i = 0; i < 50; ++i) {
    taken += hasher.hash("secret", count) ? 1 : 0;
  }
  assert_true(taken >= 2 && taken < 50);
  box.take(taken);
  assert_int_equal(done + late, taken);
  assert_true(late > 0);
}

void a_hasher_may_end_while_others_wait(void**) {
  Mailbox box;
  Hasher hasher({{8192, 4}, 1, 64}, box.post());
  for (int i = 0; i < 20; ++i) {
    assert_true(hasher.hash("secret", [](const auto&) {}));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(names_are_letters_digits_and_underscores),
      cmocka_unit_test(foreign_names_become_allowed_ones),
      cmocka_unit_test(display_names_control_nothing),
      cmocka_unit_test(passwords_are_counted_in_characters),
      cmocka_unit_test(a_record_is_of_its_password_only),
      cmocka_unit_test(records_of_others_are_read),
      cmocka_unit_test(broken_records_are_of_no_password),
      cmocka_unit_test(the_hasher_hashes_and_compares),
      cmocka_unit_test(a_full_queue_takes_no_more_and_who_waits_too_long_is_sent_away),
      cmocka_unit_test(a_hasher_may_end_while_others_wait),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
