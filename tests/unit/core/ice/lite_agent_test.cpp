// The lite agent: who is answered, when the path moves, and when consent ends.
#include "core/ice/lite_agent.hpp"

#include <string>
#include <vector>

#include "core/ice/integrity.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace std::chrono_literals;
using cardea::Address;
using cardea::Bytes;
using cardea::Time;
using cardea::ice::check_integrity;
using cardea::ice::Credentials;
using cardea::ice::kStunBinding;
using cardea::ice::LiteAgent;
using cardea::ice::parse_stun;
using cardea::ice::StunClass;
using cardea::ice::StunDrop;
using cardea::ice::StunOutcome;
using cardea::ice::StunWriter;
using cardea::ice::TransactionId;

using Datagram = std::vector<std::uint8_t>;

constexpr Time kStart{100s};
constexpr TransactionId kId{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

Credentials first() { return {"ufrag1", "password1password1pass"}; }
Credentials second() { return {"ufrag2", "password2password2pass"}; }
Address home() { return *Address::parse("192.0.2.1", 1000); }
Address away() { return *Address::parse("192.0.2.2", 2000); }

struct Check {
  bool use_candidate = false;
  bool controlled = false;
  std::string remote_ufrag = "them";
};

Datagram check_for(const Credentials& credentials, const Check& check = {}) {
  StunWriter writer(StunClass::Request, kStunBinding, kId);
  writer.username(credentials.ufrag + ":" + check.remote_ufrag);
  if (check.controlled) {
    writer.ice_controlled(7);
  } else {
    writer.ice_controlling(7);
  }
  if (check.use_candidate) {
    writer.use_candidate();
  }
  writer.priority(1);
  const Bytes bytes = writer.finish(credentials.pwd);
  return {bytes.begin(), bytes.end()};
}

LiteAgent agent_with_first() {
  LiteAgent agent;
  assert_true(agent.add_credentials(first()).ok());
  return agent;
}

/// Judges and accepts, as a peer does with a path that is its own.
StunOutcome receive(LiteAgent& agent, Bytes datagram, const Address& from, Time now) {
  const StunOutcome outcome = agent.judge(datagram, from);
  if (outcome.authenticated) {
    agent.accept(outcome, now);
  }
  return outcome;
}

void answers_an_authentic_check_and_takes_its_source_as_path(void**) {
  LiteAgent agent = agent_with_first();
  const auto outcome = receive(agent, check_for(first()), home(), kStart);
  assert_true(outcome.drop == StunDrop::None);
  assert_true(outcome.authenticated);
  assert_false(outcome.nominated);
  const auto reply = parse_stun(outcome.reply());
  assert_true(static_cast<bool>(reply));
  assert_true(reply.message.type_class == StunClass::Success);
  assert_true(reply.message.transaction_id == kId);
  assert_true(*reply.message.xor_mapped_address == home());
  assert_true(reply.message.has_fingerprint);
  assert_true(check_integrity(reply.message, first().pwd));
  assert_true(agent.selected() == home());
}

void i4_nothing_is_answered_without_a_good_message_integrity(void**) {
  LiteAgent agent = agent_with_first();
  const auto wrong_password = check_for({first().ufrag, "wrongwrongwrongwrongwrong"});
  const auto wrong_user = check_for({"nobody", first().pwd});
  StunWriter unsigned_writer(StunClass::Request, kStunBinding, kId);
  unsigned_writer.username("ufrag1:them");
  const Bytes unsigned_check = unsigned_writer.finish("");
  StunWriter nameless_writer(StunClass::Request, kStunBinding, kId);
  const Bytes nameless = nameless_writer.finish(first().pwd);
  const Datagram garbage(100, 0x00);
  const struct {
    Bytes bytes;
    StunDrop drop;
  } rows[] = {
      {wrong_password, StunDrop::BadIntegrity}, {wrong_user, StunDrop::UnknownUser},
      {unsigned_check, StunDrop::BadIntegrity}, {nameless, StunDrop::UnknownUser},
      {garbage, StunDrop::Malformed},           {{}, StunDrop::Malformed},
  };
  for (const auto& row : rows) {
    const auto outcome = receive(agent, row.bytes, home(), kStart);
    assert_true(outcome.drop == row.drop);
    assert_true(outcome.reply().empty());
    assert_false(outcome.authenticated);
  }
  assert_false(agent.has_path());
  assert_false(agent.last_consent().has_value());
}

void i4_error_replies_are_never_longer_than_the_request(void**) {
  LiteAgent agent = agent_with_first();
  const auto conflict = receive(agent, check_for(first(), {.controlled = true}), home(), kStart);
  assert_false(conflict.reply().empty());
  assert_true(conflict.reply().size() <= check_for(first(), {.controlled = true}).size());
  assert_int_equal(*parse_stun(conflict.reply()).message.error_code, 487);
  assert_false(conflict.authenticated);
  assert_false(agent.has_path());
}

void an_unknown_required_attribute_gets_420_in_no_more_bytes(void**) {
  LiteAgent agent = agent_with_first();
  const Datagram whole = check_for(first(), {.remote_ufrag = "them and a long name"});
  // MESSAGE-INTEGRITY and FINGERPRINT make way for an attribute 0x0031, then a new signature.
  Datagram check(whole.begin(), whole.end() - 32);
  check.insert(check.end(), {0, 0x31, 0, 0});
  cardea::ice::IntegrityTag tag{};
  assert_true(cardea::ice::compute_integrity(check, check.size(), first().pwd, tag));
  check.insert(check.end(), {0, 8, 0, 20});
  check.insert(check.end(), tag.begin(), tag.end());
  cardea::store_u16(check.data() + 2, static_cast<std::uint16_t>(check.size() - 20));
  const auto outcome = receive(agent, check, home(), kStart);
  assert_false(outcome.authenticated);
  assert_false(agent.has_path());
  assert_int_equal(*parse_stun(outcome.reply()).message.error_code, 420);
  assert_true(outcome.reply().size() <= check.size());
}

void i4_responses_and_indications_are_dropped(void**) {
  LiteAgent agent = agent_with_first();
  for (const auto type : {StunClass::Success, StunClass::Error, StunClass::Indication}) {
    StunWriter writer(type, kStunBinding, kId);
    writer.username("ufrag1:them");
    const auto outcome = receive(agent, writer.finish(first().pwd), home(), kStart);
    assert_true(outcome.drop == StunDrop::NotARequest);
    assert_true(outcome.reply().empty());
  }
}

void i6_weak_credentials_are_refused(void**) {
  LiteAgent agent;
  assert_false(agent.add_credentials({"abc", "0123456789abcdefghijkl"}).ok());
  assert_false(agent.add_credentials({"abcd", "0123456789abcdefghijk"}).ok());
  assert_false(agent.add_credentials({"ab:d", "0123456789abcdefghijkl"}).ok());
  assert_false(agent.add_credentials({std::string(257, 'a'), "0123456789abcdefghijkl"}).ok());
  assert_true(agent.add_credentials({"abcd", "0123456789abcdefghijkl"}).ok());
  assert_false(agent.add_credentials({"abcd", "another9abcdefghijklmn"}).ok());
}

void i9_only_use_candidate_moves_the_path(void**) {
  LiteAgent agent = agent_with_first();
  receive(agent, check_for(first()), home(), kStart);
  receive(agent, check_for(first()), away(), kStart);
  assert_true(agent.selected() == home());
  const auto moved = receive(agent, check_for(first(), {.use_candidate = true}), away(), kStart);
  assert_true(moved.nominated);
  assert_true(agent.nominated());
  assert_true(agent.selected() == away());
}

void keeps_earlier_credentials_valid_after_a_restart(void**) {
  LiteAgent agent = agent_with_first();
  assert_true(agent.add_credentials(second()).ok());
  assert_true(receive(agent, check_for(second()), away(), kStart).authenticated);
  assert_true(receive(agent, check_for(first()), home(), kStart).authenticated);
  // The password belongs to its ufrag.
  assert_true(receive(agent, check_for({first().ufrag, second().pwd}), home(), kStart).drop ==
              StunDrop::BadIntegrity);
}

void a_nominated_pair_ends_the_credentials_before_it_and_is_not_taken_back(void**) {
  LiteAgent agent = agent_with_first();
  receive(agent, check_for(first(), {.use_candidate = true}), home(), kStart);
  assert_true(agent.add_credentials(second()).ok());
  const Datagram late = check_for(first(), {.use_candidate = true});
  const StunOutcome on_its_way = agent.judge(late, home());
  receive(agent, check_for(second()), away(), kStart);
  assert_int_equal(agent.generations().size(), 2);
  assert_true(agent.selected() == home());
  receive(agent, check_for(second(), {.use_candidate = true}), away(), kStart);
  assert_int_equal(agent.generations().size(), 1);
  assert_true(agent.selected() == away());
  agent.accept(on_its_way, kStart);
  assert_true(agent.selected() == away());
  assert_true(receive(agent, late, home(), kStart).drop == StunDrop::UnknownUser);
}

void a_lost_path_is_replaced_by_the_next_check(void**) {
  LiteAgent agent = agent_with_first();
  receive(agent, check_for(first(), {.use_candidate = true}), home(), kStart);
  agent.lose_path();
  assert_false(agent.has_path());
  receive(agent, check_for(first()), away(), kStart);
  assert_true(agent.selected() == away());
}

void drops_the_oldest_generation_when_there_are_too_many(void**) {
  LiteAgent agent = agent_with_first();
  for (char c = 'a'; c < 'd'; ++c) {
    const auto added = agent.add_credentials({std::string(4, c), first().pwd});
    assert_true(added.ok() && added->empty());
  }
  const auto fifth = agent.add_credentials(second());
  assert_true(fifth.ok());
  assert_string_equal(fifth->c_str(), "ufrag1");
  assert_int_equal(agent.generations().size(), LiteAgent::kMaxGenerations);
  assert_true(receive(agent, check_for(first()), home(), kStart).drop == StunDrop::UnknownUser);
}

void i1_consent_ends_30_s_after_the_last_authentic_request(void**) {
  LiteAgent agent = agent_with_first();
  assert_false(agent.expired(kStart + 1h));
  receive(agent, check_for(first()), home(), kStart);
  receive(agent, check_for(first()), home(), kStart + 10s);
  receive(agent, check_for({"ufrag1", "wrongwrongwrongwrongwrong"}), home(), kStart + 20s);
  assert_false(agent.expired(kStart + 39s));
  assert_true(agent.expired(kStart + 40s));
  assert_true(*agent.next_deadline() == kStart + 40s);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(answers_an_authentic_check_and_takes_its_source_as_path),
      cmocka_unit_test(i4_nothing_is_answered_without_a_good_message_integrity),
      cmocka_unit_test(i4_error_replies_are_never_longer_than_the_request),
      cmocka_unit_test(an_unknown_required_attribute_gets_420_in_no_more_bytes),
      cmocka_unit_test(i4_responses_and_indications_are_dropped),
      cmocka_unit_test(i6_weak_credentials_are_refused),
      cmocka_unit_test(i9_only_use_candidate_moves_the_path),
      cmocka_unit_test(keeps_earlier_credentials_valid_after_a_restart),
      cmocka_unit_test(a_nominated_pair_ends_the_credentials_before_it_and_is_not_taken_back),
      cmocka_unit_test(a_lost_path_is_replaced_by_the_next_check),
      cmocka_unit_test(drops_the_oldest_generation_when_there_are_too_many),
      cmocka_unit_test(i1_consent_ends_30_s_after_the_last_authentic_request),
  };
  return cmocka_run_group_tests_name("ice/lite_agent", tests, nullptr, nullptr);
}
