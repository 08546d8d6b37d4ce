// Names and help texts of the series of data channels.
#include "core/media/data_metrics.hpp"

#include <string>

namespace cardea::media {

DataMetrics::DataMetrics(metrics::Registry& registry)
    : messages_in_{registry.counter("cardea_data_messages_received_total",
                                    "Messages that came on data channels")},
      messages_out_{
          registry.counter("cardea_data_messages_sent_total", "Messages sent on data channels")},
      bytes_in_{registry.counter("cardea_data_received_bytes_total", "Their payload")},
      bytes_out_{registry.counter("cardea_data_sent_bytes_total", "Their payload")},
      associations_(registry.gauge("cardea_data_associations", "Peers with data channels")),
      channels_(registry.gauge("cardea_data_channels", "Data channels open")),
      routes_(registry.gauge("cardea_data_routes", "Routes between data m-lines")) {
  for (std::size_t i = 0; i < sctp::kRefusals; ++i) {
    const std::string reason(sctp::refusal_name(static_cast<sctp::Refusal>(i)));
    refused_[i].counter = registry.counter("cardea_data_refused_total",
                                           "Messages and channels not taken", {{"reason", reason}});
  }
  const auto limit = [&](const char* name) {
    return Series{
        registry.counter("cardea_limit_hits_total", "Times a bound was hit", {{"limit", name}})};
  };
  message_limit_ = limit("data_message_bytes");
  channel_limit_ = limit("data_channels");
  inbox_limit_ = limit("data_inbox");
  queue_limit_ = limit("data_queue");
}

void DataMetrics::publish(const DataHub& hub) {
  const DataCounters& counters = hub.counters();
  messages_in_.tell(counters.messages_in);
  messages_out_.tell(counters.messages_out);
  bytes_in_.tell(counters.bytes_in);
  bytes_out_.tell(counters.bytes_out);
  for (std::size_t i = 0; i < sctp::kRefusals; ++i) {
    refused_[i].tell(counters.refused[i]);
  }
  message_limit_.tell(counters.refused[static_cast<std::size_t>(sctp::Refusal::MessageSize)]);
  channel_limit_.tell(counters.refused[static_cast<std::size_t>(sctp::Refusal::ChannelLimit)]);
  inbox_limit_.tell(counters.inbox_full);
  queue_limit_.tell(counters.queue_full);
  associations_.set(static_cast<std::int64_t>(hub.links()));
  channels_.set(static_cast<std::int64_t>(hub.channels()));
  routes_.set(static_cast<std::int64_t>(hub.routes()));
}

}  // namespace cardea::media
