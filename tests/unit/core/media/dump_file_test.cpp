// Dumps of a peer's packets: pcap byte by byte, text by pattern, and where they end.
#include "core/media/dump_file.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "core/media/peer_dump.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::media;  // NOLINT: the folder under test
using cardea::Time;

constexpr std::array<std::uint8_t, 6> kPacket{0x80, 0x60, 1, 2, 3, 4};

struct Folder {
  Folder() { assert_non_null(::mkdtemp(name.data())); }
  ~Folder() { std::filesystem::remove_all(name); }
  std::string name = "/tmp/cardea-dump-XXXXXX";
};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One packet that came and one that was sent, half a second later.
std::string dumped(const DumpSettings& settings) {
  ObserverThread thread;
  const auto file = DumpFile::open(settings, {});
  assert_true(file.ok());
  Time now(std::chrono::seconds(1));
  PeerDump dump(std::make_shared<ObserverQueue>(thread, *file, cardea::metrics::Counter()));
  dump.set_clock(now);
  dump.packet(true, kPacket);
  now += std::chrono::milliseconds(500);
  dump.packet(false, kPacket);
  return settings.path;
}

std::uint32_t word(const std::string& bytes, std::size_t at) {
  return cardea::load_u32(cardea::as_bytes(bytes).data() + at);
}

void a_pcap_has_a_header_and_each_packet_in_ip_and_udp(void**) {
  const Folder folder;
  const std::string bytes = read(dumped({folder.name + "/a.pcap", 0, false}));
  const std::size_t record = 16 + 28 + kPacket.size();
  assert_int_equal(bytes.size(), 24 + 2 * record);
  assert_int_equal(word(bytes, 0), 0xA1B2C3D4);
  assert_int_equal(word(bytes, 20), 101);
  const std::size_t second = 24 + record;
  const std::int64_t apart = (word(bytes, second) - word(bytes, 24)) * 1'000'000LL +
                             word(bytes, second + 4) - word(bytes, 28);
  assert_int_equal(apart, 500'000);
  assert_int_equal(word(bytes, 32), 28 + kPacket.size());
  assert_int_equal(word(bytes, 36), 28 + kPacket.size());
  // From the client to the server, then back.
  assert_int_equal(word(bytes, 40 + 12), word(bytes, second + 16 + 16));
  assert_int_equal(word(bytes, 40 + 16), word(bytes, second + 16 + 12));
  assert_int_equal(word(bytes, 40 + 28), 0x80600102);
}

void a_cut_packet_says_how_long_it_was(void**) {
  const Folder folder;
  const std::string bytes = read(dumped({folder.name + "/a.pcap", 4, false}));
  assert_int_equal(bytes.size(), 24 + 2 * (16 + 28 + 4));
  assert_int_equal(word(bytes, 32), 28 + 4);
  assert_int_equal(word(bytes, 36), 28 + kPacket.size());
}

void a_text_has_a_line_for_each_packet(void**) {
  const Folder folder;
  const std::string text = read(dumped({folder.name + "/a.txt", 0, true}));
  const std::regex form(
      "I \\d\\d:\\d\\d:\\d\\d\\.\\d{6} 000000 80 60 01 02 03 04\n"
      "O \\d\\d:\\d\\d:\\d\\d\\.\\d{6} 000000 80 60 01 02 03 04\n");
  assert_true(std::regex_match(text, form));
}

void what_cannot_be_written_is_refused_or_ends(void**) {
  const Folder folder;
  const auto nowhere = DumpFile::open({folder.name + "/no/folder", 0, false}, {});
  assert_false(nowhere.ok());
  std::filesystem::create_symlink("/dev/null", folder.name + "/link");
  assert_false(DumpFile::open({folder.name + "/link", 0, false}, {}).ok());
  // A disk without room.
  const auto full = DumpFile::open({"/dev/full", 0, false}, {});
  assert_true(full.ok());
  const std::vector<ObservedPacket> packets{{Time(), kPacket, false}};
  (*full)->packets(packets, 0);
  (*full)->packets(packets, 0);
  (*full)->ended();
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_pcap_has_a_header_and_each_packet_in_ip_and_udp),
      cmocka_unit_test(a_cut_packet_says_how_long_it_was),
      cmocka_unit_test(a_text_has_a_line_for_each_packet),
      cmocka_unit_test(what_cannot_be_written_is_refused_or_ends),
  };
  return cmocka_run_group_tests_name("media/dump_file", tests, nullptr, nullptr);
}
