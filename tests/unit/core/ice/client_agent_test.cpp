// The controlling agent against the lite one, in memory.
#include "core/ice/client_agent.hpp"

#include "core/ice/lite_agent.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace std::chrono_literals;
using cardea::Address;
using cardea::Bytes;
using cardea::Time;
using cardea::ice::ClientAgent;
using cardea::ice::ClientAgentConfig;
using cardea::ice::LiteAgent;
using cardea::ice::StunOutcome;
using cardea::ice::TransactionId;

constexpr Time kStart{100s};

Address server_address() { return *Address::parse("192.0.2.1", 10000); }
Address client_address() { return *Address::parse("192.0.2.9", 5000); }

ClientAgentConfig config() {
  ClientAgentConfig out;
  out.local = {"them", "clientclientclientclient"};
  out.remote = {"ufrag", "serverserverserverserver"};
  out.remote_address = server_address();
  out.make_transaction_id = [next = std::uint8_t{0}]() mutable {
    TransactionId id{};
    id[0] = ++next;
    return id;
  };
  return out;
}

StunOutcome receive(LiteAgent& agent, Bytes datagram, const Address& from, Time now) {
  const StunOutcome outcome = agent.judge(datagram, from);
  if (outcome.authenticated) {
    agent.accept(outcome, now);
  }
  return outcome;
}

void connects_to_a_lite_agent_and_keeps_consent(void**) {
  LiteAgent server;
  assert_true(server.add_credentials(config().remote).ok());
  ClientAgent client(config(), kStart);
  Time now = kStart;
  for (int i = 0; i < 20; ++i) {
    now = *client.next_deadline();
    client.poll(now);
    for (const auto& check : client.take_output()) {
      const auto outcome = receive(server, check, client_address(), now);
      assert_true(outcome.authenticated);
      assert_true(client.receive(outcome.reply(), server_address(), now));
    }
  }
  assert_true(client.connected());
  assert_true(*client.mapped_address() == client_address());
  assert_true(server.nominated());
  assert_true(now == kStart + 19 * 2500ms);
  assert_false(server.expired(now));
  assert_false(client.expired(now));
  assert_true(client.expired(now + 30s));
}

void repeats_unanswered_checks_with_a_growing_pause(void**) {
  ClientAgent client(config(), kStart);
  int checks = 0;
  while (*client.next_deadline() <= kStart + 3s) {
    client.poll(*client.next_deadline());
    checks += static_cast<int>(client.take_output().size());
  }
  // At 0, 50, 150, 350, 750, 1550, 2350 ms.
  assert_int_equal(checks, 7);
  assert_false(client.connected());
}

void believes_only_authentic_answers_from_the_server(void**) {
  LiteAgent server;
  assert_true(server.add_credentials(config().remote).ok());
  LiteAgent impostor;
  assert_true(impostor.add_credentials({"ufrag", "impostorimpostorimpostor"}).ok());
  ClientAgent client(config(), kStart);
  client.poll(kStart);
  const auto check = client.take_output().at(0);
  const auto answer = receive(server, check, client_address(), kStart);
  assert_true(receive(impostor, check, client_address(), kStart).reply().empty());
  assert_false(client.receive(answer.reply(), client_address(), kStart));
  auto forged = std::vector<std::uint8_t>(answer.reply().begin(), answer.reply().end());
  forged[30] ^= 1;
  assert_false(client.receive(forged, server_address(), kStart));
  assert_true(client.receive(answer.reply(), server_address(), kStart));
  // The same answer a second time belongs to no check.
  assert_false(client.receive(answer.reply(), server_address(), kStart));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(connects_to_a_lite_agent_and_keeps_consent),
      cmocka_unit_test(repeats_unanswered_checks_with_a_growing_pause),
      cmocka_unit_test(believes_only_authentic_answers_from_the_server),
  };
  return cmocka_run_group_tests_name("ice/client_agent", tests, nullptr, nullptr);
}
