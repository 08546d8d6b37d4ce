// Attribution of received packets to m-lines and layers.
#include "core/peer/stream_table.hpp"

#include <vector>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::peer;

namespace {

LineParams line(const std::string& mid, LineParams::Kind kind, std::uint8_t type) {
  LineParams params;
  params.kind = kind;
  params.mid = mid;
  params.receives = true;
  params.nack = true;
  params.payload_types = {{type, rtp::Codec::Vp8, 90'000, static_cast<std::uint8_t>(type + 1)}};
  params.extensions.mid = 1;
  params.extensions.rid = 2;
  params.extensions.repaired_rid = 3;
  return params;
}

struct Wire {
  std::vector<std::uint8_t> bytes;

  Wire(std::uint32_t ssrc, std::uint8_t type, std::string_view mid = {}, std::uint8_t rid_id = 0,
       std::string_view rid = {})
      : bytes(128) {
    bytes[0] = 0x90;
    bytes[1] = type;
    store_u32(bytes.data() + 8, ssrc);
    rtp::ExtensionWriter writer(MutableBytes(bytes).subspan(12), false);
    if (!mid.empty()) {
      writer.add(1, as_bytes(mid));
    }
    if (rid_id != 0) {
      writer.add(rid_id, as_bytes(rid));
    }
    const std::size_t size = writer.finish();
    if (size == 0) {
      bytes[0] = 0x80;
    }
    bytes.resize(12 + size + 10);
  }
  [[nodiscard]] rtp::Packet packet() const { return *rtp::Packet::parse(bytes); }
};

constexpr auto kAudio = LineParams::Kind::Audio;
constexpr auto kVideo = LineParams::Kind::Video;

}  // namespace

static void announced_ssrcs_need_no_extension(void**) {
  StreamTable table;
  LineParams video = line("1", kVideo, 96);
  video.remote_ssrcs = {500};
  video.remote_rtx_ssrcs = {501};
  table.configure({line("0", kAudio, 111), video});
  const auto media = table.find(Wire(500, 96).packet());
  assert_non_null(media.stream);
  assert_int_equal(media.stream->place().line, 1);
  const auto rtx = table.find(Wire(501, 97).packet());
  assert_ptr_equal(rtx.stream, media.stream);
  assert_true(rtx.payload.use == PayloadInfo::Use::Rtx);
  assert_int_equal(rtx.payload.original, 96);
}

static void a_mid_is_latched_to_its_ssrc(void**) {
  StreamTable table;
  table.configure({line("a", kVideo, 96), line("b", kVideo, 96)});
  assert_null(table.find(Wire(9, 96).packet()).stream);
  const auto first = table.find(Wire(9, 96, "b").packet());
  assert_non_null(first.stream);
  assert_int_equal(first.stream->place().line, 1);
  // Chromium leaves the extension out after the first report.
  assert_ptr_equal(table.find(Wire(9, 96).packet()).stream, first.stream);
}

static void an_unambiguous_payload_type_is_enough(void**) {
  StreamTable table;
  table.configure({line("a", kAudio, 111), line("b", kVideo, 96)});
  const auto found = table.find(Wire(9, 96).packet());
  assert_non_null(found.stream);
  assert_int_equal(found.stream->place().line, 1);
  assert_null(table.find(Wire(10, 50).packet()).stream);
}

static void rids_tell_the_layers(void**) {
  StreamTable table;
  LineParams video = line("v", kVideo, 96);
  video.rids = {"l", "m", "h"};
  table.configure({video});
  const auto high = table.find(Wire(3, 96, "v", 2, "h").packet());
  const auto low = table.find(Wire(1, 96, "v", 2, "l").packet());
  assert_int_equal(high.stream->place().layer, 2);
  assert_int_equal(low.stream->place().layer, 0);
  assert_null(table.find(Wire(7, 96, "v", 2, "x").packet()).stream);
  assert_null(table.find(Wire(8, 96, "v").packet()).stream);
  const auto rtx = table.find(Wire(33, 97, "v", 3, "h").packet());
  assert_ptr_equal(rtx.stream, high.stream);
  // RTX of a layer that was never seen has nothing to repair.
  assert_null(table.find(Wire(34, 97, "v", 3, "m").packet()).stream);
}

static void another_ssrc_on_a_line_begins_a_new_epoch(void**) {
  StreamTable table;
  table.configure({line("v", kVideo, 96)});
  const std::uint32_t first = table.find(Wire(1, 96, "v").packet()).stream->place().epoch;
  const auto second = table.find(Wire(2, 96, "v").packet());
  assert_true(second.stream->place().epoch > first);
  assert_int_equal(table.ssrcs(), 1);
  assert_null(table.by_ssrc(1));
}

static void the_number_of_ssrcs_is_bounded(void**) {
  StreamTable table;
  std::vector<LineParams> lines;
  for (int i = 0; i < 70; ++i) {
    lines.push_back(line(std::to_string(i), kVideo, 96));
  }
  table.configure(lines);
  for (std::uint32_t i = 0; i < 70; ++i) {
    const auto found = table.find(Wire(100 + i, 96, std::to_string(i)).packet());
    assert_int_equal(found.stream != nullptr, i < StreamTable::kMaxSsrcs);
    if (i >= StreamTable::kMaxSsrcs) {
      assert_true(found.why == Drop::SsrcCap);
    }
  }
  assert_int_equal(table.ssrcs(), StreamTable::kMaxSsrcs);
}

static void a_renegotiation_keeps_what_stays(void**) {
  StreamTable table;
  table.configure({line("a", kVideo, 96), line("b", kVideo, 96)});
  const ReceiveStream* kept = table.find(Wire(1, 96, "a").packet()).stream;
  table.find(Wire(2, 96, "b").packet());
  LineParams off = line("b", kVideo, 96);
  off.active = false;
  table.configure({line("a", kVideo, 96), off, line("c", kVideo, 96)});
  assert_ptr_equal(table.find(Wire(1, 96).packet()).stream, kept);
  assert_null(table.by_ssrc(2));
  assert_int_equal(table.find(Wire(3, 96, "c").packet()).stream->place().line, 2);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(announced_ssrcs_need_no_extension),
      cmocka_unit_test(a_mid_is_latched_to_its_ssrc),
      cmocka_unit_test(an_unambiguous_payload_type_is_enough),
      cmocka_unit_test(rids_tell_the_layers),
      cmocka_unit_test(another_ssrc_on_a_line_begins_a_new_epoch),
      cmocka_unit_test(the_number_of_ssrcs_is_bounded),
      cmocka_unit_test(a_renegotiation_keeps_what_stays),
  };
  return cmocka_run_group_tests_name("peer/stream_table", tests, nullptr, nullptr);
}
