// SRTP sessions against each other; libsrtp2 as an independent judge is in oracle/.
#include "core/srtp/session.hpp"

#include <algorithm>

#include "tests/support/cmocka.hpp"
#include "tests/unit/core/srtp/packets.hpp"

namespace {

using namespace srtp_test;
using cardea::srtp::SrtpError;

void opens_what_it_protects(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Session receiver = make_session(profile);
    for (std::uint16_t seq = 65000; seq != 600; ++seq) {
      const Packet plain = rtp_packet(seq);
      Packet packet = protect(sender, plain);
      assert_int_equal(packet.size(), plain.size() + rtp_overhead(profile));
      assert_memory_equal(packet.data(), plain.data(), kRtpClearSize);
      assert_memory_not_equal(packet.data() + kRtpClearSize, plain.data() + kRtpClearSize, 16);
      const auto result = receiver.unprotect_rtp(packet);
      assert_true(result.error == SrtpError::None);
      assert_int_equal(result.size, plain.size());
      assert_memory_equal(packet.data(), plain.data(), plain.size());
    }
  }
}

void writes_the_same_bytes_apart_as_in_place(void**) {
  for (const Profile profile : kProfiles) {
    Session in_place = make_session(profile);
    Session apart = make_session(profile);
    for (const std::size_t payload_size : {0, 1, 15, 16, 100, 1200}) {
      const auto seq = static_cast<std::uint16_t>(payload_size);
      const Packet plain = rtp_packet(seq, 7, payload_size);
      const Packet expected = protect(in_place, plain);
      Packet out(plain.size() + rtp_overhead(profile));
      const auto result = apart.protect_rtp(Bytes(plain).first(kRtpClearSize),
                                            Bytes(plain).subspan(kRtpClearSize), out);
      assert_int_equal(result.size, out.size());
      assert_true(out == expected);
    }
  }
}

void a_retransmission_is_the_same_cipher_text_even_across_a_wrap(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    const Packet first = protect(sender, rtp_packet(65500));
    for (std::uint16_t seq = 65501; seq != 300; ++seq) {
      protect(sender, rtp_packet(seq));
    }
    assert_true(protect(sender, rtp_packet(65500)) == first);
    // And the stream goes on where it was.
    Session receiver = make_session(profile);
    Packet again = first;
    assert_true(static_cast<bool>(receiver.unprotect_rtp(again)));
    Packet next = protect(sender, rtp_packet(300));
    assert_true(static_cast<bool>(receiver.unprotect_rtp(next)));
  }
}

void a_number_from_before_the_first_packet_cannot_derail_the_stream(void**) {
  Session sender = make_session(Profile::AeadAes128Gcm);
  Session receiver = make_session(Profile::AeadAes128Gcm);
  Packet first = protect(sender, rtp_packet(3));
  assert_true(static_cast<bool>(receiver.unprotect_rtp(first)));
  assert_true(protect(sender, rtp_packet(65534)).empty());
  Packet next = protect(sender, rtp_packet(4));
  assert_true(static_cast<bool>(receiver.unprotect_rtp(next)));
}

void reordered_packets_around_the_wrap_open(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Session receiver = make_session(profile);
    std::vector<Packet> packets;
    for (std::uint16_t seq = 65400; seq != 200; ++seq) {
      packets.push_back(protect(sender, rtp_packet(seq)));
    }
    // Groups of 16 backwards.
    for (std::size_t i = 0; i + 16 <= packets.size(); i += 16) {
      std::reverse(packets.begin() + static_cast<std::ptrdiff_t>(i),
                   packets.begin() + static_cast<std::ptrdiff_t>(i + 16));
    }
    for (Packet& packet : packets) {
      assert_true(static_cast<bool>(receiver.unprotect_rtp(packet)));
    }
  }
}

void m4_a_replayed_packet_is_refused(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Session receiver = make_session(profile);
    const Packet packet = protect(sender, rtp_packet(1));
    const Packet rtcp = protect_rtcp(sender, rtcp_packet());
    for (int i = 0; i < 3; ++i) {
      Packet copy = packet;
      Packet rtcp_copy = rtcp;
      const SrtpError expected = i == 0 ? SrtpError::None : SrtpError::Replayed;
      assert_true(receiver.unprotect_rtp(copy).error == expected);
      assert_true(receiver.unprotect_rtcp(rtcp_copy).error == expected);
    }
    for (std::uint16_t seq = 2; seq < 1100; ++seq) {
      Packet next = protect(sender, rtp_packet(seq));
      assert_true(static_cast<bool>(receiver.unprotect_rtp(next)));
    }
    // Out of the window is as good as seen.
    Packet old = packet;
    assert_true(receiver.unprotect_rtp(old).error == SrtpError::Replayed);
  }
}

void m4_any_flipped_byte_is_refused_and_leaves_no_trace(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Session receiver = make_session(profile);
    const Packet good = protect(sender, rtp_packet(1));
    for (std::size_t i = 0; i < good.size(); ++i) {
      Packet forged = good;
      forged[i] ^= 0x20;
      assert_false(static_cast<bool>(receiver.unprotect_rtp(forged)));
    }
    assert_int_equal(receiver.rtp_streams(), 0);
    Packet copy = good;
    assert_true(static_cast<bool>(receiver.unprotect_rtp(copy)));
    const Packet rtcp = protect_rtcp(sender, rtcp_packet());
    for (std::size_t i = 0; i < rtcp.size(); ++i) {
      Packet forged = rtcp;
      forged[i] ^= 0x20;
      assert_false(static_cast<bool>(receiver.unprotect_rtcp(forged)));
    }
    assert_int_equal(receiver.rtcp_streams(), 0);
  }
}

void m4_a_forged_far_sequence_number_does_not_move_the_window(void**) {
  Session sender = make_session(Profile::Aes128CmSha1_80);
  Session receiver = make_session(Profile::Aes128CmSha1_80);
  Packet first = protect(sender, rtp_packet(1));
  assert_true(static_cast<bool>(receiver.unprotect_rtp(first)));
  Session stranger = make_session(Profile::Aes128CmSha1_80, 9);
  Packet forged = protect(stranger, rtp_packet(20000));
  assert_true(receiver.unprotect_rtp(forged).error == SrtpError::AuthFailed);
  Packet second = protect(sender, rtp_packet(2));
  assert_true(static_cast<bool>(receiver.unprotect_rtp(second)));
}

void m4_spraying_ssrcs_cannot_grow_the_session(void**) {
  Session sender = make_session(Profile::AeadAes128Gcm, 0, {.max_streams = 1000});
  Session receiver = make_session(Profile::AeadAes128Gcm);
  for (std::uint32_t ssrc = 1; ssrc <= 200; ++ssrc) {
    Packet packet = protect(sender, rtp_packet(1, ssrc));
    Packet rtcp = protect_rtcp(sender, rtcp_packet(ssrc));
    const SrtpError expected = ssrc <= 64 ? SrtpError::None : SrtpError::TooManyStreams;
    assert_true(receiver.unprotect_rtp(packet).error == expected);
    assert_true(receiver.unprotect_rtcp(rtcp).error == expected);
  }
  assert_int_equal(receiver.rtp_streams(), 64);
  assert_int_equal(receiver.rtcp_streams(), 64);
  // The known ones still work, and a place that is given back can be used.
  Packet known = protect(sender, rtp_packet(2, 64));
  assert_true(static_cast<bool>(receiver.unprotect_rtp(known)));
  receiver.remove_stream(64);
  Packet other = protect(sender, rtp_packet(2, 199));
  assert_true(static_cast<bool>(receiver.unprotect_rtp(other)));
}

void malformed_packets_are_refused(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Session receiver = make_session(profile);
    const Packet good = protect(sender, rtp_packet(1, 1, 4));
    for (std::size_t size = 0; size < good.size(); ++size) {
      // An exact heap copy each, for the address sanitizer.
      Packet cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
      assert_false(static_cast<bool>(receiver.unprotect_rtp(cut)));
      Packet rtcp(cut);
      assert_false(static_cast<bool>(receiver.unprotect_rtcp(rtcp)));
    }
    Packet long_extension = rtp_packet(1);
    cardea::store_u16(long_extension.data() + 18, 500);
    assert_true(receiver.unprotect_rtp(long_extension).error == SrtpError::Malformed);
    assert_true(protect(sender, long_extension).empty());
    Packet version_one = rtp_packet(1);
    version_one[0] = 0x51;
    assert_true(receiver.unprotect_rtp(version_one).error == SrtpError::Malformed);
    Packet tight = rtp_packet(2);
    assert_true(sender.protect_rtp(tight, tight.size()).error == SrtpError::NoRoom);
    assert_true(sender.protect_rtp(tight, tight.size() + 1).error == SrtpError::NoRoom);
  }
}

void plain_rtcp_is_refused(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Session receiver = make_session(profile);
    Packet packet = protect_rtcp(sender, rtcp_packet());
    const bool gcm = is_gcm(profile);
    packet[packet.size() - (gcm ? 4 : 14)] &= 0x7F;
    assert_true(receiver.unprotect_rtcp(packet).error == SrtpError::AuthFailed);
  }
}

void another_key_opens_nothing(void**) {
  for (const Profile profile : kProfiles) {
    Session sender = make_session(profile);
    Session stranger = make_session(profile, 1);
    Packet packet = protect(sender, rtp_packet(1));
    assert_true(stranger.unprotect_rtp(packet).error == SrtpError::AuthFailed);
  }
  assert_false(Session::create(Profile::AeadAes128Gcm, Packet(15), Packet(12)).ok());
  assert_false(Session::create(Profile::AeadAes128Gcm, Packet(16), Packet(14)).ok());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(opens_what_it_protects),
      cmocka_unit_test(writes_the_same_bytes_apart_as_in_place),
      cmocka_unit_test(a_retransmission_is_the_same_cipher_text_even_across_a_wrap),
      cmocka_unit_test(a_number_from_before_the_first_packet_cannot_derail_the_stream),
      cmocka_unit_test(reordered_packets_around_the_wrap_open),
      cmocka_unit_test(m4_a_replayed_packet_is_refused),
      cmocka_unit_test(m4_any_flipped_byte_is_refused_and_leaves_no_trace),
      cmocka_unit_test(m4_a_forged_far_sequence_number_does_not_move_the_window),
      cmocka_unit_test(m4_spraying_ssrcs_cannot_grow_the_session),
      cmocka_unit_test(malformed_packets_are_refused),
      cmocka_unit_test(plain_rtcp_is_refused),
      cmocka_unit_test(another_key_opens_nothing),
  };
  return cmocka_run_group_tests_name("srtp/session", tests, nullptr, nullptr);
}
