// Frames over a stream: cut, joined, bounded.
#include "core/net/framed_connection.hpp"

#include <string>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::net;

namespace {

std::string framed(const std::string& text) {
  return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} + text;
}

std::vector<std::string> fed(FrameReader& reader, const std::string& bytes, std::size_t step) {
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const std::string piece = bytes.substr(at, step);
    assert_true(
        reader.feed(as_bytes(piece), [&](Bytes frame) { frames.emplace_back(as_text(frame)); }));
  }
  return frames;
}

/// Both ends of a connection; the first is the one under test.
struct Pair {
  Pair() {
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    const int small = 8192;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  }
  int ends[2] = {-1, -1};
};

}  // namespace

static void frames_come_whole_however_the_stream_is_cut(void**) {
  const std::string bytes =
      framed("one") + framed("") + framed(std::string(1600, 'x')) + framed("z");
  for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U, 5000U}) {
    FrameReader reader;
    const auto frames = fed(reader, bytes, step);
    assert_int_equal(frames.size(), 3);
    assert_string_equal(frames[0].c_str(), "one");
    assert_int_equal(frames[1].size(), 1600);
    assert_string_equal(frames[2].c_str(), "z");
  }
}

static void a_frame_longer_than_a_packet_breaks_the_stream(void**) {
  FrameReader reader;
  const std::string head("\x06\x41", 2);
  assert_false(reader.feed(as_bytes(head), [](Bytes) { fail(); }));
}

static void a_slow_reader_loses_big_datagrams_first_and_memory_stays_bounded(void**) {
  Pair pair;
  FramedConnection connection(pair.ends[0]);
  const std::vector<std::uint8_t> big(1200, 1);
  const std::vector<std::uint8_t> small(100, 2);
  std::size_t queued = 0;
  for (int i = 0; i < 1000; ++i) {
    queued += connection.queue(big) ? big.size() : 0;
    assert_true(connection.flush());
  }
  assert_true(connection.waits());
  assert_false(connection.queue(big));
  assert_true(connection.queue(small));
  while (connection.queue(small)) {
    queued += small.size();
  }
  assert_true(queued < FramedConnection::kQueued + std::size_t{256} * 1024);

  // What was taken arrives whole and in order.
  FrameReader reader;
  std::size_t received = 0;
  std::vector<std::uint8_t> space(64 * 1024);
  while (connection.waits()) {
    const ssize_t got = recv(pair.ends[1], space.data(), space.size(), 0);
    assert_true(got > 0);
    assert_true(reader.feed(Bytes(space).first(static_cast<std::size_t>(got)), [&](Bytes frame) {
      assert_true(frame.size() == big.size() || frame.size() == small.size());
      received += frame.size();
    }));
    assert_true(connection.flush());
  }
  assert_true(received > 0);
  assert_true(connection.queue(big));
  close(pair.ends[1]);
}

static void the_end_of_the_other_side_is_told(void**) {
  Pair pair;
  FramedConnection connection(pair.ends[0]);
  std::vector<std::uint8_t> space(100);
  assert_true(connection.read(space, [](Bytes) { fail(); }));
  close(pair.ends[1]);
  assert_false(connection.read(space, [](Bytes) { fail(); }));
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(frames_come_whole_however_the_stream_is_cut),
      cmocka_unit_test(a_frame_longer_than_a_packet_breaks_the_stream),
      cmocka_unit_test(a_slow_reader_loses_big_datagrams_first_and_memory_stays_bounded),
      cmocka_unit_test(the_end_of_the_other_side_is_told),
  };
  return cmocka_run_group_tests_name("net/framed_connection", tests, nullptr, nullptr);
}
