// The operations of logins with other providers; the table of them is in requests.cpp.
#pragma once

#include <cardea/sdk/rest.hpp>

namespace cardea::auth {
class Auth;
}

namespace cardea::auth::oauth {

void login(Auth& auth, sdk::RestCall request);
void link(Auth& auth, sdk::RestCall request);
void callback(Auth& auth, sdk::RestCall request);
void exchange(Auth& auth, sdk::RestCall request);
void confirm(Auth& auth, sdk::RestCall request);
void list_providers(Auth& auth, sdk::RestCall call);

}  // namespace cardea::auth::oauth
