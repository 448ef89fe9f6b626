// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The client credentials grant of OAuth 2.0 (RFC 6749, 4.4): a client's id and secret for a token.
// Thread contract: any thread; blocks. Bound: 10 s, an answer of 1 MiB, no redirect followed.
#pragma once

#include <string>

#include "connectors/base/result.h"

namespace weir::kafka {

struct TokenRequest {
    std::string endpoint; // https, or http on the loopback
    std::string client_id;
    std::string client_secret;
    std::string scope;
};

/// Whether a secret may go there: https, or http to localhost, 127.0.0.0/8 or [::1].
bool is_safe_endpoint(const std::string& endpoint);

/// The answer's body. Errors: Config (not a safe endpoint), Authentication (the endpoint says no),
/// Connection, Timeout, TooLarge. Neither secret nor body is in an error; the OAuth error word is.
Result<std::string> request_token(const TokenRequest& request, const std::string& connection);

} // namespace weir::kafka
