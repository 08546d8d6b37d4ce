// Our SRTP and Debian's libsrtp2 read each other's packets, in both directions.
#include <algorithm>
#include <memory>
#include <stdexcept>

#include <srtp2/srtp.h>

#include "core/srtp/session.hpp"
#include "tests/support/cmocka.hpp"
#include "tests/unit/core/srtp/packets.hpp"

namespace {

using namespace srtp_test;

/// One libsrtp2 context for one direction, with the shared test key.
class Oracle {
 public:
  Oracle(Profile profile, srtp_ssrc_type_t direction) : key_(master_key(profile)) {
    const Packet salt = master_salt(profile);
    key_.insert(key_.end(), salt.begin(), salt.end());
    srtp_policy_t policy{};
    srtp_profile_t name = srtp_profile_aes128_cm_sha1_80;
    if (profile == Profile::AeadAes128Gcm) {
      name = srtp_profile_aead_aes_128_gcm;
    } else if (profile == Profile::AeadAes256Gcm) {
      name = srtp_profile_aead_aes_256_gcm;
    }
    srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, name);
    srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, name);
    policy.ssrc.type = direction;
    policy.key = key_.data();
    policy.window_size = 1024;
    policy.allow_repeat_tx = 1;
    srtp_t context = nullptr;
    if (srtp_create(&context, &policy) != srtp_err_status_ok) {
      throw std::runtime_error("srtp_create");
    }
    context_.reset(context);
  }

  using Function = srtp_err_status_t (*)(srtp_t, void*, int*);

  /// Empty when libsrtp2 refuses.
  Packet run(Function function, Packet packet) {
    int size = static_cast<int>(packet.size());
    packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 4);
    const bool ok = function(context_.get(), packet.data(), &size) == srtp_err_status_ok;
    packet.resize(ok ? static_cast<std::size_t>(size) : 0);
    return packet;
  }

 private:
  struct Free {
    void operator()(srtp_ctx_t_* context) const { srtp_dealloc(context); }
  };

  Packet key_;
  std::unique_ptr<srtp_ctx_t_, Free> context_;
};

/// Sequence numbers over two wraps, with steps that skip and go back a little.
std::vector<std::uint16_t> bumpy_sequence() {
  std::vector<std::uint16_t> out;
  std::uint32_t seq = 30000;
  for (int i = 0; i < 30000; ++i) {
    seq += 5;
    out.push_back(static_cast<std::uint16_t>(seq));
    if (i % 7 == 0) {
      out.push_back(static_cast<std::uint16_t>(seq - 203));
    }
  }
  return out;
}

void libsrtp_opens_our_rtp_over_two_wraps(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Oracle receiver(profile, ssrc_any_inbound);
    for (const std::uint16_t seq : bumpy_sequence()) {
      const Packet plain = rtp_packet(seq, 0x11223344, seq % 64);
      assert_true(receiver.run(srtp_unprotect, protect(sender, plain)) == plain);
    }
  }
}

void we_open_rtp_of_libsrtp_over_two_wraps(void**) {
  for (const Profile profile : kProfiles) {
    Oracle sender(profile, ssrc_any_outbound);
    Session receiver = make_session(profile);
    for (const std::uint16_t seq : bumpy_sequence()) {
      const Packet plain = rtp_packet(seq, 0x11223344, seq % 64);
      Packet packet = sender.run(srtp_protect, plain);
      const auto result = receiver.unprotect_rtp(packet);
      assert_int_equal(static_cast<int>(result.error), 0);
      packet.resize(result.size);
      assert_true(packet == plain);
    }
  }
}

void rtcp_goes_both_ways(void**) {
  for (const Profile profile : kProfiles) {
    Session our_sender = make_session(profile);
    Session our_receiver = make_session(profile);
    Oracle their_sender(profile, ssrc_any_outbound);
    Oracle their_receiver(profile, ssrc_any_inbound);
    for (int i = 0; i < 2000; ++i) {
      const Packet plain = rtcp_packet(0x100U + static_cast<unsigned>(i % 5));
      assert_true(their_receiver.run(srtp_unprotect_rtcp, protect_rtcp(our_sender, plain)) ==
                  plain);
      Packet packet = their_sender.run(srtp_protect_rtcp, plain);
      const auto result = our_receiver.unprotect_rtcp(packet);
      assert_int_equal(static_cast<int>(result.error), 0);
      packet.resize(result.size);
      assert_true(packet == plain);
    }
  }
}

void our_cipher_text_is_theirs_byte_for_byte(void**) {
  for (const Profile profile : kProfiles) {
    Session ours = make_session(profile);
    Oracle theirs(profile, ssrc_any_outbound);
    for (std::uint16_t seq = 1; seq < 200; ++seq) {
      const Packet plain = rtp_packet(seq, 42, seq);
      assert_true(protect(ours, plain) == theirs.run(srtp_protect, plain));
      const Packet rtcp = rtcp_packet(42);
      assert_true(protect_rtcp(ours, rtcp) == theirs.run(srtp_protect_rtcp, rtcp));
    }
  }
}

void libsrtp_refuses_our_packets_when_a_byte_is_flipped(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Oracle receiver(profile, ssrc_any_inbound);
    Packet packet = protect(sender, rtp_packet(1));
    packet.back() ^= 1;
    assert_true(receiver.run(srtp_unprotect, packet).empty());
  }
}

int start_libsrtp(void**) { return srtp_init() == srtp_err_status_ok ? 0 : -1; }
int stop_libsrtp(void**) { return srtp_shutdown() == srtp_err_status_ok ? 0 : -1; }

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(libsrtp_opens_our_rtp_over_two_wraps),
      cmocka_unit_test(we_open_rtp_of_libsrtp_over_two_wraps),
      cmocka_unit_test(rtcp_goes_both_ways),
      cmocka_unit_test(our_cipher_text_is_theirs_byte_for_byte),
      cmocka_unit_test(libsrtp_refuses_our_packets_when_a_byte_is_flipped),
  };
  return cmocka_run_group_tests_name("srtp/oracle", tests, start_libsrtp, stop_libsrtp);
}
