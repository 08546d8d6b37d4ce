// Requests that tie a node's key to an account.
#include <array>
#include <memory>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/node_keys.hpp"
#include "plugins/auth/requests.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

constexpr const char* kTicket = "node";
constexpr std::int64_t kNonceSeconds = 300;

sdk::RestProblem refused(const char* code, const char* detail) {
  return {400, code, detail, {}, {}};
}

NodeClaim claim_of(const sdk::RestCall& call) {
  return {call["node_id"].text_or(), call["public_key"].text_or(), call["certificate"].text_or()};
}

void store(Auth& auth, const Call& call, const std::string& node_id) {
  auth.transact(
      call,
      [user = call->principal().id, node_id](sdk::Transaction& transaction) -> Auth::Problem {
        const auto taken = transaction.execute(
            "SELECT 1 FROM users WHERE node_id = $1 AND id <> $2", node_id, user);
        if (!taken.rows.empty()) {
          return refused("node_id_taken", "This node belongs to another account");
        }
        transaction.execute("UPDATE users SET node_id = $2, node_verified = 1 WHERE id = $1", user,
                            node_id);
        return std::nullopt;
      },
      [call, node_id] {
        call->reply(Json::object({{"node_id", node_id}, {"verified", true}}));
      });
}

void claim_node(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const NodeClaim claim = claim_of(*call);
  if (const char* fault = fault_of(claim)) {
    call->fail(refused("invalid_identity", fault));
    return;
  }
  if (!auth.settings().node_proof) {
    store(auth, call, claim.node_id);
    return;
  }
  const std::string nonce = (*call)["nonce"].text_or();
  if (!node_signed(claim.public_key, nonce, (*call)["signature"].text_or())) {
    call->fail(refused("invalid_proof", "signature is not that of the key over the nonce"));
    return;
  }
  auth.oauth().tickets().redeem(
      kTicket, nonce, [&auth, call, claim](const std::optional<Json>& content) {
        if (!content || (*content)["user"].as_text() != call->principal().id) {
          call->fail(refused("invalid_proof", "The nonce is unknown, used or too old"));
          return;
        }
        store(auth, call, claim.node_id);
      });
}

void challenge_node(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auth.oauth().tickets().issue(
      kTicket, Json::object({{"user", call->principal().id}}), kNonceSeconds,
      [call](const std::optional<std::string>& nonce) {
        if (!nonce) {
          call->fail(
              {503, "bus_unavailable", "No nonce can be kept now", {}, {{"Retry-After", "5"}}});
          return;
        }
        call->reply(Json::object({{"nonce", *nonce}, {"expires_in", kNonceSeconds}}));
      });
}

constexpr std::array kClaim{
    param::required(param::text("node_id", 64, "dpc-node- and 16 digits of the key's SHA-256")),
    param::required(param::text("public_key", 4096, "RSA, PEM")),
    param::required(param::text("certificate", 8192, "PEM, self-signed, node_id as its name")),
    param::text("nonce", 128, "of POST /node-identity/challenge"),
    param::text("signature", 2048, "of the nonce: RSA with SHA-256, base64"),
};
constexpr std::array kClaimed{
    param::required(param::text("node_id", 64)),
    param::required(param::boolean("verified")),
};
constexpr std::array kNonce{
    param::required(param::text("nonce", 128)),
    param::required(param::integer("expires_in", 0, param::kLargestInt, "seconds")),
};
constexpr cardea_param_t kClaimResult = param::object("node", kClaimed);
constexpr cardea_param_t kNonceResult = param::object("challenge", kNonce);
constexpr std::array kAliases{"dpc POST /register-node-id", static_cast<const char*>(nullptr)};

constexpr std::array kOperations{
    Operation{.id = "node.claim",
              .method = "POST",
              .path = "/node-identity",
              .handle = &claim_node,
              .params = kClaim,
              .result = &kClaimResult,
              .help = "Ties a node's key to the caller's account",
              .limit = "code",
              .aliases = kAliases.data()},
    Operation{.id = "node.challenge",
              .method = "POST",
              .path = "/node-identity/challenge",
              .handle = &challenge_node,
              .result = &kNonceResult,
              .help = "What a node has to sign to show that it has its key",
              .limit = "code"},
};

}  // namespace

std::span<const Operation> node_requests() { return kOperations; }

}  // namespace cardea::auth
