// Service: accounts.
#include "plugins/auth/auth.hpp"

namespace cardea::auth {

CARDEA_MODULE(Auth);

}  // namespace cardea::auth
