// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A certificate for a server that has none: self-signed, for localhost and the addresses it listens
// at, P-256, good for 30 days, its key never on disk. Whoever connects has to be told to trust it.
// Thread contract: pure functions.
#pragma once

#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir::http {

struct Certificate {
    std::string certificate_pem;
    std::string key_pem;
};

/// `addresses`: numeric ones. Errors: Internal.
Result<Certificate> generated_certificate(const std::vector<std::string>& addresses);
/// SHA-256 of the first certificate in a PEM text, "AB:CD:…"; empty if there is none.
std::string certificate_fingerprint(const std::string& pem);

} // namespace weir::http
