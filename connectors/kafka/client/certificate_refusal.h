// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why a broker's certificate is refused and what can be done, by OpenSSL's verification error.
// Inside connectors/kafka only. Thread contract: pure function.
#pragma once

#include <string>

namespace weir::kafka {

/// The advice where the authority is not trusted; explain() knows whether one was given.
inline constexpr const char* name_authority =
    "Name the authority that signed it as the connection's \"ca_file\".";

/// `broker`: HOST:PORT. `x509_error`: X509_V_ERR_… of x509_vfy.h.
std::string certificate_refusal(const std::string& broker, int x509_error);

} // namespace weir::kafka
