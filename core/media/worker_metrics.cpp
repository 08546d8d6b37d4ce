// Names and help texts of the media series.
#include "core/media/worker_metrics.hpp"

namespace cardea::media {

WorkerMetrics::WorkerMetrics(metrics::Registry& registry)
    : peers_{registry.gauge("cardea_media_peers", "WebRTC connections")},
      routes_{registry.gauge("cardea_media_routes", "Routes between sources and sinks")},
      handshakes_{registry.gauge("cardea_media_handshakes", "DTLS handshakes under way")},
      buffers_{registry.gauge("cardea_media_packet_buffers", "Packet buffers in use")},
      receive_buffer_(registry.gauge("cardea_media_receive_buffer_bytes",
                                     "Socket receive buffer that the kernel granted")),
      send_buffer_(registry.gauge("cardea_media_send_buffer_bytes",
                                  "Socket send buffer that the kernel granted")) {
  using peer::Counters;
  struct Row {
    Field field;
    const char* name;
    const char* help;
  };
  const Row rows[] = {
      {&Counters::packets_in, "received_packets", "Datagrams received"},
      {&Counters::bytes_in, "received_bytes", "Bytes received"},
      {&Counters::packets_out, "sent_packets", "Datagrams sent"},
      {&Counters::bytes_out, "sent_bytes", "Bytes sent"},
      {&Counters::rtp_in, "rtp_received", "RTP packets of known streams received"},
      {&Counters::rtp_forwarded, "rtp_forwarded", "RTP packets sent to sinks"},
      {&Counters::unmapped_payload, "unmapped_payload", "Packets whose codec the sink has not"},
      {&Counters::send_failed, "protect_failed", "Outgoing packets that SRTP refused"},
      {&Counters::nacks_in, "nacks_received", "Packets that sinks asked for again"},
      {&Counters::nacks_out, "nacks_sent", "Packets that we asked publishers for again"},
      {&Counters::retransmissions, "retransmissions", "Packets sent again on a NACK"},
      {&Counters::copies, "copies", "Packets sent twice on paths that lose at random"},
      {&Counters::nack_cache_misses, "nack_misses", "NACKed packets that were not held any more"},
      {&Counters::nack_too_soon, "nack_too_soon", "NACKs refused within a round trip"},
      {&Counters::nack_over_budget, "nack_over_budget", "NACKs refused by the byte budget"},
      {&Counters::transport_feedback_in, "transport_feedback_received",
       "Transport-wide feedback packets received from subscribers"},
      {&Counters::streams_paused, "streams_paused",
       "Streams paused since a viewer's link had no room for their lowest layer"},
      {&Counters::padding_bytes, "padding_bytes", "Bytes sent to fill up bandwidth probes"},
      {&Counters::transport_feedback_out, "transport_feedback_sent",
       "Transport-wide feedback packets sent to publishers"},
      {&Counters::keyframes_wanted, "keyframes_wanted", "Wishes for a key frame"},
      {&Counters::keyframe_requests, "keyframe_requests", "PLI and FIR sent to publishers"},
      {&Counters::streams_shed, "streams_shed",
       "Video streams of viewers made less because the worker could not keep up"},
      {&Counters::replays, "replays", "Viewers whose first picture was kept here"},
      {&Counters::send_runs, "send_runs", "Runs of equal datagrams sent as one GSO message"},
  };
  for (const Row& row : rows) {
    const std::string name = std::string("cardea_media_") + row.name + "_total";
    fields_.push_back({row.field, {registry.counter(name, row.help)}});
  }
  for (std::size_t i = 0; i < peer::kDrops; ++i) {
    const std::string reason(peer::drop_name(static_cast<peer::Drop>(i)));
    drops_[i].counter = registry.counter("cardea_media_dropped_total",
                                         "Incoming datagrams not used", {{"reason", reason}});
  }
  const auto unsent = [&](const char* reason) {
    return Series{registry.counter("cardea_media_unsent_total",
                                   "Outgoing datagrams that the kernel did not take",
                                   {{"reason", reason}})};
  };
  dropped_full_ = unsent("buffer_full");
  dropped_size_ = unsent("too_big");
  dropped_error_ = unsent("error");
  truncated_ = {
      registry.counter("cardea_media_truncated_total", "Datagrams too long for a buffer")};
  overflow_ = {registry.counter("cardea_media_receive_overflow_total",
                                "Datagrams that found the socket's receive buffer full")};
  send_calls_ = {registry.counter("cardea_media_send_calls_total", "sendmmsg calls")};
}

void WorkerMetrics::publish(const Shard& shard, const PacketPool& pool, const UdpPort& udp) {
  const peer::Counters& counters = shard.counters();
  for (FieldSeries& field : fields_) {
    field.series.tell(counters.*field.field);
  }
  for (std::size_t i = 0; i < peer::kDrops; ++i) {
    drops_[i].tell(counters.drops[i]);
  }
  const net::UdpStats stats = udp.stats();
  dropped_full_.tell(stats.dropped_full);
  dropped_size_.tell(stats.dropped_size);
  dropped_error_.tell(stats.dropped_error);
  truncated_.tell(stats.receive_truncated);
  overflow_.tell(udp.backlog().dropped);
  send_calls_.tell(stats.send_calls);
  peers_.tell(shard.peers());
  routes_.tell(shard.routes());
  handshakes_.tell(shard.handshakes());
  buffers_.tell(pool.in_use());
  receive_buffer_.set(udp.receive_buffer());
  send_buffer_.set(udp.send_buffer());
}

}  // namespace cardea::media
