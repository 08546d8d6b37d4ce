#include "core/host/settings.hpp"

#include <array>

namespace cardea::host {

namespace {

using Key = cardea_config_key_t;

// Keys that nothing reads yet are named by the design as fixed from the first build on; their help
// says so.
constexpr std::array kKeys{
    Key{"log", "level", CARDEA_CONFIG_STRING, "info", 0, 512, nullptr,
        "debug, info, warn or error; areas can differ: \"info,media=debug\""},
    Key{"log", "format", CARDEA_CONFIG_ENUM, "text", 0, 0, "text|json",
        "one line per event, as text or as JSON"},
    Key{"modules", "load", CARDEA_CONFIG_LIST, "all", 0, 0, nullptr,
        "names of modules, or all that are found"},
    Key{"modules", "disable", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "names of modules that are left out"},
    Key{"modules", "optional", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "names of modules whose failure does not stop the start"},
    Key{"modules", "paths", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "further folders with modules of others"},
    Key{"janus", "open", CARDEA_CONFIG_ENUM, "auto", 0, 0, "auto|yes|no|true|false|on|off|1|0",
        "whether anonymous Janus clients may make and join rooms; auto: while every address is "
        "loopback"},
    Key{"janus", "server_name", CARDEA_CONFIG_STRING, "Janus WebRTC Server", 1, 128, nullptr,
        "name in the answer to info; some clients look for Janus's own"},
    Key{"janus", "session_timeout", CARDEA_CONFIG_INT, "60", 0, 86'400, nullptr,
        "seconds without a sign of life after which a session ends; 0 never"},
    Key{"janus", "reclaim_timeout", CARDEA_CONFIG_INT, "0", 0, 86'400, nullptr,
        "seconds for which the session of a lost connection can be claimed"},
    Key{"janus", "origins", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "origins of pages that may use the Janus API; empty: any"},
    Key{"api", "secret", CARDEA_CONFIG_SECRET, nullptr, 0, 1024, nullptr,
        "secret that every Janus request must carry as apisecret; empty: none"},
    Key{"api", "token_auth", CARDEA_CONFIG_ENUM, "auto", 0, 0, "auto|yes|no|true|false|on|off|1|0",
        "whether every Janus request must carry a token; auto: when token_auth_secret is set"},
    Key{"api", "token_auth_secret", CARDEA_CONFIG_SECRET, nullptr, 0, 1024, nullptr,
        "secret that signs tokens (HMAC-SHA1); empty: the Admin API stores them"},
    Key{"events", "emitter", CARDEA_CONFIG_STRING, "", 0, 128, nullptr,
        "name of this server in the events that event handlers get; empty: left out"},
    Key{"events", "stats_period", CARDEA_CONFIG_INT, "1", 0, 3600, nullptr,
        "seconds between the events with the figures of each m-line; 0: none"},
    Key{"metrics", "token", CARDEA_CONFIG_SECRET, nullptr, 0, 1024, nullptr,
        "bearer token for /metrics on the public port; empty: only on the admin port"},
    Key{"admin", "secret", CARDEA_CONFIG_SECRET, nullptr, 0, 1024, nullptr,
        "secret of the Admin API; may be empty only while that is on loopback"},
    Key{"media", "address", CARDEA_CONFIG_LIST, "127.0.0.1", 0, 0, nullptr,
        "IP addresses that clients are told to send media to, IPv4 and IPv6, best first; auto: "
        "those "
        "of the interfaces"},
    Key{"media", "bind", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "IP address of the media socket, one for each family; empty: `address` when that is "
        "loopback, else every one"},
    Key{"media", "udp_port", CARDEA_CONFIG_INT, "10000", 0, 65'535, nullptr,
        "UDP port of all media; 0 lets the system choose"},
    Key{"media", "tcp_port", CARDEA_CONFIG_INT, "10000", 0, 65'535, nullptr,
        "TCP port of media, for clients whose UDP is blocked; 0 lets the system choose"},
    Key{"media", "ice_tcp", CARDEA_CONFIG_BOOL, "yes", 0, 0, nullptr,
        "whether media can come over TCP"},
    Key{"media", "tcp_connections", CARDEA_CONFIG_INT, "4096", 1, 1'000'000, nullptr,
        "TCP connections that carry media at once"},
    Key{"media", "tcp_connections_per_address", CARDEA_CONFIG_INT, "256", 1, 1'000'000, nullptr,
        "TCP connections that carry media of one address"},
    Key{"nat", "nat_1_1_mapping", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "public IP addresses that clients are told in place of ours of the same family"},
    Key{"nat", "keep_private_host", CARDEA_CONFIG_BOOL, "no", 0, 0, nullptr,
        "whether clients are told our own addresses too, behind the public ones"},
    Key{"nat", "stun_server", CARDEA_CONFIG_STRING, "", 0, 255, nullptr,
        "asked at the start how it sees this machine; a warning when clients are told otherwise"},
    Key{"nat", "stun_port", CARDEA_CONFIG_INT, "3478", 1, 65'535, nullptr, "its UDP port"},
    Key{"nat", "ice_enforce_list", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "beginnings of names of interfaces or of addresses that `address = auto` is limited to"},
    Key{"nat", "ice_ignore_list", CARDEA_CONFIG_LIST, "vmnet", 0, 0, nullptr,
        "the same for those that are left out, while ice_enforce_list is empty"},
    Key{"media", "workers", CARDEA_CONFIG_INT, "1", 1, 64, nullptr,
        "media threads; the people of a room share one"},
    Key{"media", "max_peers", CARDEA_CONFIG_INT, "10000", 1, 1'000'000, nullptr,
        "WebRTC connections at once"},
    Key{"database", "url", CARDEA_CONFIG_SECRET, "sqlite:cardea.db", 1, 1024, nullptr,
        "sqlite:PATH, relative to the data folder, or postgres://USER:PASSWORD@HOST/NAME"},
    Key{"database", "auto_migrate", CARDEA_CONFIG_BOOL, "yes", 0, 0, nullptr,
        "whether the start brings the modules' tables up to date; no: it refuses when a step is "
        "missing"},
    Key{"database", "pool", CARDEA_CONFIG_INT, "10", 1, 64, nullptr,
        "connections to Postgres at once; more than [host] executor_threads are of no use"},
    Key{"database", "wait", CARDEA_CONFIG_INT, "60", 0, 3600, nullptr,
        "seconds that a start waits for a database that does not answer"},
    Key{"database", "timeout", CARDEA_CONFIG_INT, "10", 1, 600, nullptr,
        "seconds that a statement, a connection attempt, or the wait for another writer may take"},
    Key{"database", "queue", CARDEA_CONFIG_INT, "1024", 1, 1'000'000, nullptr,
        "transactions that may wait; more are refused and counted"},
    Key{"bus", "url", CARDEA_CONFIG_SECRET, "memory:", 1, 1024, nullptr,
        "memory: for one server alone, or redis://USER:PASSWORD@HOST:PORT/NUMBER"},
    Key{"bus", "queue", CARDEA_CONFIG_INT, "10000", 1, 1'000'000, nullptr,
        "calls without an answer; more are refused and counted"},
    Key{"bus", "keys", CARDEA_CONFIG_INT, "1000000", 1, 100'000'000, nullptr,
        "keys at once with memory:; more are refused and counted"},
    Key{"bus", "prefix", CARDEA_CONFIG_STRING, "cardea:", 0, 64, nullptr,
        "begins the names of all keys and channels in Redis"},
    Key{"limits", "enabled", CARDEA_CONFIG_BOOL, "yes", 0, 0, nullptr,
        "no turns off rate limits and caps per connection and address, for load tests; bounds of "
        "size stay"},
    Key{"limits", "sessions", CARDEA_CONFIG_INT, "100000", 1, 10'000'000, nullptr,
        "sessions at once"},
    Key{"limits", "sessions_per_connection", CARDEA_CONFIG_INT, "16", 1, 100'000, nullptr,
        "sessions of one WebSocket"},
    Key{"limits", "handles_per_session", CARDEA_CONFIG_INT, "64", 1, 100'000, nullptr,
        "handles of one session"},
    Key{"limits", "messages_per_second", CARDEA_CONFIG_INT, "100", 1, 1'000'000, nullptr,
        "messages of one connection, refilled each second"},
    Key{"limits", "message_burst", CARDEA_CONFIG_INT, "200", 1, 1'000'000, nullptr,
        "messages of one connection at once"},
    Key{"limits", "event_queue_bytes", CARDEA_CONFIG_INT, "1048576", 65'536, 1'073'741'824, nullptr,
        "bytes of events that wait for a long poll of one session"},
    Key{"limits", "global_per_minute", CARDEA_CONFIG_INT, "120", 0, 1'000'000, nullptr,
        "requests of the REST API from one address in a minute; 0: no limit"},
    Key{"http", "cors_origins", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "origins of other pages that may call the REST API, as https://example.org; *: all"},
    Key{"rest", "max_body", CARDEA_CONFIG_INT, "16384", 1024, 1'048'576, nullptr,
        "bytes of a request's body, where the operation says nothing else"},
    Key{"general", "public_url", CARDEA_CONFIG_STRING, "", 0, 256, nullptr,
        "where clients reach this server, as https://example.org; empty: what they asked for"},
    Key{"compat", "aliases", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "replaced systems whose paths are served too: hopp, haven, dpc, distok, jic"},
    Key{"host", "drain_seconds", CARDEA_CONFIG_INT, "3", 0, 4, nullptr,
        "seconds after SIGTERM for clients to take their last messages"},
    Key{"host", "trusted_proxies", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
        "addresses and networks of proxies whose X-Forwarded-For is believed"},
    Key{"host", "executor_threads", CARDEA_CONFIG_INT, "2", 1, 64, nullptr,
        "threads for blocking work of modules"},
};

}  // namespace

std::span<const cardea_config_key_t> core_keys() { return kKeys; }

config::DeclarationSet core_declarations() { return {"core", "cardea.conf", kKeys}; }

}  // namespace cardea::host
