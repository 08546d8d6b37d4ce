// RTCP: what we write we read; what lies about its size is skipped (threats
// M5).
#include <array>
#include <vector>

#include "core/rtp/rtcp_reader.hpp"
#include "core/rtp/rtcp_writer.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;       // NOLINT: the folder under test
using namespace cardea::rtp;  // NOLINT

using Raw = std::vector<std::uint8_t>;

Raw every_packet() {
  Raw out(1500);
  RtcpWriter writer(out);
  ReportBlock block;
  block.ssrc = 2;
  block.fraction_lost = 64;
  block.cumulative_lost = -3;
  block.highest_seq = 0x10005;
  block.last_sr = 9;
  const std::array<ReportBlock, 2> blocks = {block, block};
  writer.sender_report({1, 0x1122334455667788, 90000, 10, 2000, {}}, blocks);
  writer.receiver_report(1, blocks);
  writer.sdes_cname(1, "abc");
  const std::array<std::uint16_t, 5> seqs = {65534, 65535, 14, 15, 400};
  writer.nack(1, 2, seqs);
  writer.pli(1, 2);
  writer.fir(1, 2, 7);
  const std::array<std::uint32_t, 2> ssrcs = {2, 3};
  writer.remb(1, 2'500'000, ssrcs);
  writer.bye(1);
  assert_true(writer.ok());
  out.resize(writer.size());
  return out;
}

template <typename T>
T expect(RtcpReader& reader) {
  const auto item = reader.next();
  assert_true(item.has_value());
  const T* value = std::get_if<T>(&*item);
  assert_non_null(value);
  return *value;
}

void reads_back_what_the_writer_wrote(void**) {
  const Raw raw = every_packet();
  RtcpReader reader(raw);
  const auto sender = expect<SenderReport>(reader);
  assert_true(sender.ntp == 0x1122334455667788);
  assert_int_equal(sender.blocks.size(), 2);
  assert_int_equal(sender.blocks[1].cumulative_lost, -3);
  assert_int_equal(sender.blocks[1].highest_seq, 0x10005);
  assert_int_equal(expect<ReceiverReport>(reader).blocks[0].fraction_lost, 64);
  assert_true(expect<SdesCname>(reader).cname == "abc");
  std::vector<int> asked;
  expect<Nack>(reader).for_each([&asked](std::uint16_t seq) { asked.push_back(seq); });
  assert_true((asked == std::vector<int>{65534, 65535, 14, 15, 400}));
  assert_int_equal(expect<Pli>(reader).media_ssrc, 2);
  const auto fir = expect<Fir>(reader);
  assert_int_equal(fir.ssrc(0), 2);
  assert_int_equal(fir.command(0), 7);
  const auto remb = expect<Remb>(reader);
  assert_true(remb.bitrate_bps > 2'499'000 && remb.bitrate_bps <= 2'500'000);
  assert_int_equal(remb.ssrcs.size(), 8);
  assert_int_equal(expect<Bye>(reader)[0], 1);
  assert_false(reader.next().has_value());
  assert_false(reader.malformed());
}

void survives_truncation_at_every_byte(void**) {
  const Raw raw = every_packet();
  for (std::size_t size = 0; size < raw.size(); ++size) {
    const Raw cut(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(size));
    RtcpReader reader(cut);
    int items = 0;
    while (reader.next()) {
      ++items;
    }
    assert_true(items < 8);
    assert_true(size % 4 == 0 || reader.malformed());
  }
}

void skips_packets_whose_counts_lie(void**) {
  const Raw table[] = {
      {0x9F, 201, 0, 1, 0, 0, 0, 1},                    // 31 blocks, none there
      {0x85, 203, 0, 1, 0, 0, 0, 1},                    // BYE of five
      {0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2},        // NACK of nothing
      {0x81, 202, 0, 2, 0, 0, 0, 1, 1, 200, 'a', 'b'},  // CNAME of 200
      {0x81, 202, 0, 2, 0, 0, 0, 1, 1, 2, 'a', 'b'},    // no end of items
      {0x8F, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 9, 0, 0, 1},
      {0x84, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2},  // FIR with half an entry
      {0xA1, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 99},             // padding too long
  };
  for (Raw raw : table) {
    const Raw good = {0x80, 201, 0, 1, 0, 0, 0, 5};
    raw.insert(raw.end(), good.begin(), good.end());
    RtcpReader reader(raw);
    assert_int_equal(expect<ReceiverReport>(reader).ssrc, 5);
    assert_true(reader.malformed());
  }
}

void lets_unknown_packets_pass(void**) {
  const Raw raw = {0x80, 207, 0, 1, 0, 0, 0, 5, 0x8B, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2};
  RtcpReader reader(raw);
  assert_int_equal(expect<OtherRtcp>(reader).packet_type, 207);
  assert_int_equal(expect<OtherRtcp>(reader).format, 11);
  assert_false(reader.malformed());
}

// Base 10, seven packets: run of two small deltas, then a two-bit vector: lost,
// large, five lost.
Raw make_twcc() {
  return {0x8F, 205,  0,    7, 0,    0, 0,    1,    0, 0, 0,    2,    0, 10, 0, 7,
          0xFF, 0xFF, 0xFF, 3, 0x20, 2, 0xC8, 0x00, 4, 8, 0xFF, 0xFC, 0, 0,  0, 0};
}

void walks_transport_wide_feedback(void**) {
  const Raw raw = make_twcc();
  RtcpReader reader(raw);
  const auto feedback = expect<TwccFeedback>(reader);
  assert_int_equal(feedback.reference_time, -1);
  assert_int_equal(feedback.feedback_number, 3);
  TwccReader packets(feedback);
  std::vector<std::pair<int, long>> got;
  for (TwccPacket packet; packets.next(packet);) {
    got.emplace_back(packet.seq, packet.received ? static_cast<long>(packet.arrival.count()) : -1);
  }
  const std::vector<std::pair<int, long>> want = {{10, 1000}, {11, 3000}, {12, -1}, {13, 2000},
                                                  {14, -1},   {15, -1},   {16, -1}};
  assert_true(got == want);
}

void refuses_feedback_that_claims_more_than_it_holds(void**) {
  Raw many = make_twcc();
  many[14] = 0xFF;  // count 65 287
  Raw empty_run = make_twcc();
  empty_run[20] = empty_run[21] = 0;
  Raw no_deltas = make_twcc();
  no_deltas[20] = 0x40;  // two large deltas more than there are bytes for
  no_deltas[21] = 7;
  for (const Raw& raw : {many, empty_run, no_deltas}) {
    RtcpReader reader(raw);
    assert_false(reader.next().has_value());
    assert_true(reader.malformed());
  }
}

void leaves_out_what_does_not_fit(void**) {
  std::array<std::uint8_t, 20> out{};
  RtcpWriter writer(out);
  writer.pli(1, 2);
  writer.pli(1, 2);
  assert_false(writer.ok());
  assert_int_equal(writer.size(), 12);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reads_back_what_the_writer_wrote),
      cmocka_unit_test(survives_truncation_at_every_byte),
      cmocka_unit_test(skips_packets_whose_counts_lie),
      cmocka_unit_test(lets_unknown_packets_pass),
      cmocka_unit_test(walks_transport_wide_feedback),
      cmocka_unit_test(refuses_feedback_that_claims_more_than_it_holds),
      cmocka_unit_test(leaves_out_what_does_not_fit),
  };
  return cmocka_run_group_tests_name("rtp/rtcp", tests, nullptr, nullptr);
}
