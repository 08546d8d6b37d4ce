// Fuzzes the STUN parser, and the agents behind it with a correct signature, so that the depth is
// reached.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "core/ice/client_agent.hpp"
#include "core/ice/integrity.hpp"
#include "core/ice/lite_agent.hpp"
#include "core/ice/stun_message.hpp"

namespace {

using namespace cardea;

constexpr Time kNow{std::chrono::seconds(1)};

const ice::Credentials& ours() {
  static const ice::Credentials credentials{"evtj", "VOkJxbRl1RmTxUk/WvJxBt"};
  return credentials;
}

/// Puts the right MESSAGE-INTEGRITY where the message has one, and cuts what follows.
std::vector<std::uint8_t> signed_copy(const ice::StunMessage& message) {
  std::vector<std::uint8_t> copy(message.bytes.begin(), message.bytes.end());
  ice::IntegrityTag tag{};
  if (message.integrity_offset != 0 &&
      ice::compute_integrity(message.bytes, message.integrity_offset, ours().pwd, tag)) {
    copy.resize(message.integrity_offset + 4);
    copy.insert(copy.end(), tag.begin(), tag.end());
    store_u16(copy.data() + 2, static_cast<std::uint16_t>(copy.size() - ice::kStunHeaderSize));
  }
  return copy;
}

void run_agent(Bytes datagram) {
  ice::LiteAgent agent;
  if (!agent.add_credentials(ours())) {
    std::abort();
  }
  const Address from = *Address::parse("192.0.2.1", 5000);
  const auto outcome = agent.judge(datagram, from);
  if (outcome.authenticated) {
    agent.accept(outcome, kNow);
  }
  // No answer without authentication, and every answer is STUN.
  if (outcome.drop != ice::StunDrop::None && (outcome.reply_size != 0 || agent.has_path())) {
    std::abort();
  }
  if (outcome.reply_size != 0 && !ice::parse_stun(outcome.reply())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes datagram(data, size);
  const auto ufrag = ice::username_ufrag(datagram);
  if (ufrag.size() > size) {
    std::abort();
  }
  run_agent(datagram);
  if (const auto parse = ice::parse_stun(datagram)) {
    run_agent(signed_copy(parse.message));
    ice::check_integrity(parse.message, ours().pwd);
  }
  return 0;
}
